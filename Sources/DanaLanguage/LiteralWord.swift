/// The literals of the language by the words that other languages have for them.
enum LiteralWord {
    /// The literal that a name was meant to be.
    static func meant(by name: String) -> String? {
        switch name {
        case "NULL", "Null", "NONE", "nil", "NIL", "undefined": "null"
        case "TRUE": "true"
        case "FALSE": "false"
        default: nil
        }
    }
}
