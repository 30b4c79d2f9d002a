/// Why a program ended without a result.
public struct ProgramError: Error, Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
        case raised(ExceptionKind)
        case limit(LimitKind)
        case cancelled
    }

    public let cause: Cause
    /// Of one of more than `longestMessage` bytes the beginning.
    public let message: String
    /// Bytes of the whole message.
    public let messageSize: Int
    public let arguments: ErrorArguments
    /// Where, innermost call last.
    public let stack: [ErrorPlace]
    /// The handle of the host's own error when the exception came from it. The interpreter holds the handle, and
    /// those in the chain, until `Interpreter.releaseErrors`; a host that keeps the error longer keeps what the handle
    /// stands for.
    public let origin: UInt64?
    /// The handle of the host's object that the exception was made with alone, held in the same way. Only the host knows
    /// its text: the message names its type.
    public let subject: UInt64?
    /// The exceptions that led to this one, the nearest first; at most `longestChain`.
    public let chain: [ChainedError]
    /// What to write instead, where there is something near.
    public let hint: String?

    /// What the program added with `add_note`; at most `mostNotes`.
    public let notes: [String]

    /// How many notes of an exception are told.
    public static let mostNotes = 100
    /// Bytes of a message that are told at most.
    public static let longestMessage = 128 << 10
    /// How many exceptions a chain names.
    public static let longestChain = 16

    public init(
        cause: Cause, message: String, messageSize: Int? = nil, arguments: ErrorArguments = .message,
        stack: [ErrorPlace], origin: UInt64? = nil, subject: UInt64? = nil, chain: [ChainedError] = [],
        hint: String? = nil, notes: [String] = []
    ) {
        self.cause = cause
        self.message = message
        self.messageSize = messageSize ?? message.utf8.count
        self.arguments = arguments
        self.stack = stack
        self.origin = origin
        self.subject = subject
        self.chain = chain
        self.hint = hint
        self.notes = notes
    }

    var holdsHandles: Bool { origin != nil || subject != nil }

    /// The kind's name, as a traceback ends with it.
    public var kind: String {
        switch cause {
        case .raised(let kind): kind.name
        case .limit: "LimitExceeded"
        case .cancelled: ExceptionKind.cancelledError.name
        }
    }
}

/// An exception that another one came from.
public struct ChainedError: Sendable, Equatable {
    public enum Link: Sendable {
        /// The later exception was raised `from` this one.
        case cause
        /// The later exception was raised while this one was being handled.
        case context
    }

    public let link: Link
    public let kind: ExceptionKind
    /// As in the `ProgramError`.
    public let message: String
    public let messageSize: Int
    public let arguments: ErrorArguments
    /// Where, innermost call last.
    public let stack: [ErrorPlace]
    /// The handle of the host's own error, held as that of the `ProgramError` is.
    public let origin: UInt64?
    /// As in the `ProgramError`.
    public let subject: UInt64?
    /// As in the `ProgramError`.
    public let notes: [String]
}

/// One line of a Dana stack.
public struct ErrorPlace: Sendable, Equatable {
    public let source: String
    public let function: String
    public let start: SourcePlace
    public let end: SourcePlace
    /// The source line that `start` lies in.
    public let line: String

    public init(source: String, function: String, start: SourcePlace, end: SourcePlace, line: String) {
        self.source = source
        self.function = function
        self.start = start
        self.end = end
        self.line = line
    }
}
