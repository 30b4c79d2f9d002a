/// How much memory a program takes, for those who keep many.
extension Compiler.Program {
    /// Bytes, about: at least two thousand.
    public var size: Int { source.bytes.count * 2 + CodeSize.ofText + CodeSize.bytes(of: code) }
}

/// Estimates the bytes of compiled forms.
private enum CodeSize {
    /// What a text takes besides its bytes, of which those of its lines' places are most.
    static let ofText = 1024
    /// What a form takes that holds next to nothing.
    private static let ofForm = 1024
    /// A constant, a name or another thing that it holds by the way.
    private static let ofPart = 64

    /// Of a form and the functions that it makes.
    static func bytes(of code: Code) -> Int {
        var (bytes, open) = (0, [code])
        while let code = open.popLast() {
            let parts = code.parts
            let named = parts.names.count + parts.globals.count + parts.sites.count + parts.keywordNames.count
            let described = parts.structs.count + parts.enums.count + parts.interfaces.count + parts.imports.count
            let held = parts.constants.count + parts.captures.count + parts.handlers.count + parts.annotations.count
            bytes += ofForm + parts.instructions.count * 16 + (named + described + held) * ofPart
            open += parts.codes
        }
        return bytes
    }
}
