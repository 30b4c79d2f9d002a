/// The words that mean something to the language, in the order of their symbols.
enum LanguageWord {
    /// Words that are no names. The first ones stand in the order of the last cases of `TokenKind`.
    static let reserved: [StaticString] = [
        "and", "as", "assert", "break", "continue", "def", "del", "elif", "else", "except", "finally", "for", "from",
        "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try",
        "while", "with", "yield", "true", "false", "null", "class", "async", "await", "True", "False", "None", "none",
    ]

    /// Words that mean something only where they stand, and are names elsewhere.
    static let contextual: [StaticString] = [
        "func", "struct", "enum", "interface", "export", "match", "case", "agent", "resource", "workflow",
        "local", "private", "public", "system", "_", "na", "py", "print", "$$", "__init__",
    ]

    /// The kind of a reserved word's token, nil for other symbols.
    static func tokenKind(_ symbol: Symbol) -> TokenKind? {
        let value = symbol.rawValue
        guard value < Int32(truncatingIfNeeded: reservedCount) else { return nil }
        return switch value {
        case Symbol.capitalTrue.rawValue: .trueWord
        case Symbol.capitalFalse.rawValue: .falseWord
        case Symbol.capitalNone.rawValue, Symbol.smallNone.rawValue: .nullWord
        default: TokenKind(rawValue: TokenKind.and.rawValue + UInt8(truncatingIfNeeded: value))
        }
    }

    static let reservedCount = 39

    /// The scope that a word names.
    static func scope(_ symbol: Symbol) -> VariableScope? {
        let offset = symbol.rawValue - Symbol.local.rawValue
        guard offset >= 0, offset < 4 else { return nil }
        return VariableScope(rawValue: UInt8(truncatingIfNeeded: offset))
    }
}

extension Symbol {
    static let capitalTrue = Symbol(rawValue: 35)
    static let capitalFalse = Symbol(rawValue: 36)
    static let capitalNone = Symbol(rawValue: 37)
    static let smallNone = Symbol(rawValue: 38)

    static let function = Symbol(rawValue: 39)
    static let structure = Symbol(rawValue: 40)
    static let enumeration = Symbol(rawValue: 41)
    static let interface = Symbol(rawValue: 42)
    static let export = Symbol(rawValue: 43)
    static let match = Symbol(rawValue: 44)
    static let matchCase = Symbol(rawValue: 45)
    static let agent = Symbol(rawValue: 46)
    static let resource = Symbol(rawValue: 47)
    static let workflow = Symbol(rawValue: 48)
    static let local = Symbol(rawValue: 49)
    static let `private` = Symbol(rawValue: 50)
    static let `public` = Symbol(rawValue: 51)
    static let system = Symbol(rawValue: 52)
    static let underscore = Symbol(rawValue: 53)
    static let danaEnding = Symbol(rawValue: 54)
    static let pythonEnding = Symbol(rawValue: 55)
    static let printWord = Symbol(rawValue: 56)
    static let placeholder = Symbol(rawValue: 57)
    static let initModule = Symbol(rawValue: 58)
}
