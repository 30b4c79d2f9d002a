/// Why a text is not accepted as JSON, and where.
public struct JSONReadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was expected, and what stands there.
    public let message: String
    /// The line, counted from 1.
    public let line: Int
    /// The place in the line, in Unicode code points counted from 1.
    public let column: Int
    /// The place in the text, in bytes counted from 0.
    public let offset: Int

    public init(message: String, line: Int, column: Int, offset: Int) {
        self.message = message
        self.line = line
        self.column = column
        self.offset = offset
    }

    public var description: String { "line \(line), column \(column): \(message)" }
}
