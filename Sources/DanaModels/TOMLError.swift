/// Why a text is not accepted as TOML, and where.
public struct TOMLError: Error, Sendable, Hashable, CustomStringConvertible {
    public let message: String
    /// Counted from 1.
    public let line: Int

    public var description: String { "line \(line): \(message)" }
}
