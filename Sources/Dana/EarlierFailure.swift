import DanaLanguage

/// An exception of a program's that a failure came from.
public struct EarlierFailure: Sendable {
    /// How the later one came from it.
    public let link: ChainedError.Link
    /// The exception's name as a traceback ends with it.
    public let kind: String
    public let message: String
    /// As in the `DanaFailure`.
    public let spelledArguments: Int?
    /// Where in Dana, innermost call last.
    public let stack: [ErrorPlace]
    /// What the program added with `add_note`.
    public let notes: [String]
    /// The host's own error that it stems from.
    public let origin: (any HostObject)?

    /// `message` is what leaves of the error's own.
    init(_ error: ChainedError, message: String, origin: (any HostObject)?) {
        link = error.link
        kind = error.kind.name
        self.message = message
        spelledArguments = error.spelledArguments
        stack = error.stack
        notes = error.notes
        self.origin = origin
    }
}
