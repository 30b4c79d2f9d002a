import DanaLanguage

/// An exception of a program's that a failure came from.
public struct EarlierFailure: Sendable {
    /// How the later one came from it.
    public let link: ChainedError.Link
    /// The exception's name as a traceback ends with it.
    public let kind: String
    public let message: String
    public let arguments: ErrorArguments
    /// Where in Dana, innermost call last.
    public let stack: [ErrorPlace]
    /// What the program added with `add_note`.
    public let notes: [String]
    /// The host's own error that it stems from.
    public let origin: (any HostObject)?
    /// As in the `DanaFailure`.
    public let subject: (any HostObject)?

    /// `message` and `arguments` are what leaves of the error's own.
    init(
        _ error: ChainedError, message: String, arguments: ErrorArguments, origin: (any HostObject)?,
        subject: (any HostObject)?
    ) {
        link = error.link
        kind = error.kind.name
        self.message = message
        self.arguments = arguments
        stack = error.stack
        notes = error.notes
        self.origin = origin
        self.subject = subject
    }
}
