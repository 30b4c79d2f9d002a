import DanaData

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

    /// The literal that a name nearly is.
    static func near(_ name: String) -> String? {
        Spelling.nearest(to: name, among: ["true", "false", "null", "True", "False", "None"])
    }
}
