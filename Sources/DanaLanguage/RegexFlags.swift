/// How a regular expression, or a group of it, is to be read: the flags of Python's `re`.
struct RegexFlags: OptionSet, Sendable {
    let rawValue: UInt8

    static let ignoreCase = RegexFlags(rawValue: 1)
    static let multiline = RegexFlags(rawValue: 2)
    static let dotAll = RegexFlags(rawValue: 4)
    static let verbose = RegexFlags(rawValue: 8)
    static let ascii = RegexFlags(rawValue: 16)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The flag of a letter of `(?imsxau)`; none for `u`, which is how text is read anyway; nil for other letters.
    init?(letter: Unicode.Scalar) {
        switch letter {
        case "i": self = .ignoreCase
        case "m": self = .multiline
        case "s": self = .dotAll
        case "x": self = .verbose
        case "a": self = .ascii
        case "u": self = []
        default: return nil
        }
    }
}
