/// Why a program ended without a result.
public struct ProgramError: Error, Sendable, Equatable {
    public enum Cause: Sendable, Equatable {
        case raised(ExceptionKind)
        case limit(LimitKind)
        case cancelled
    }

    public let cause: Cause
    public let message: String
    /// Where, innermost call last.
    public let stack: [ErrorPlace]

    /// The kind's name, as a traceback ends with it.
    public var kind: String {
        switch cause {
        case .raised(let kind): kind.name
        case .limit: "LimitExceeded"
        case .cancelled: ExceptionKind.cancelledError.name
        }
    }
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
