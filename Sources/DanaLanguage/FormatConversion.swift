/// What `!s`, `!r` or `!a` in a formatted string asks for.
public enum FormatConversion: UInt8, Sendable {
    case none
    case string
    case representation
    case ascii
}
