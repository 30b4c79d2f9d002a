/// Why a value cannot be written as JSON, and where it stands.
public struct JSONWriteError: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String
    /// Where the value stands, such as `$.items[3].price`.
    public let path: String

    public init(message: String, path: String) {
        self.message = message
        self.path = path
    }

    public var description: String { "at \(path): \(message)" }
}
