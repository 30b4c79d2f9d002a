import Glibc

/// What the arguments of an `OSError` mean when there are two to five: its number, its text and the files it is of.
struct SystemErrorParts {
    let number: Value
    let text: Value
    let file: Value?
    let otherFile: Value?

    /// The parts, borrowed; nil for other errors, and for an `OSError` that is made of a message.
    init?(_ exception: ExceptionObject) {
        let arguments = exception.arguments
        guard exception.exceptionKind.isKind(of: .osError), 2...5 ~= arguments.count else { return nil }
        func argument(_ index: Int) -> Value? {
            guard index < arguments.count else { return nil }
            let value = arguments[unchecked: index]
            return value.isNull ? nil : value
        }
        number = arguments[unchecked: 0]
        text = arguments[unchecked: 1]
        file = argument(2)
        // The fourth is a number that Windows has.
        otherFile = argument(4)
    }

    /// The kind that calling `OSError` makes, by the number among the arguments.
    static func kind(ofErrorWith arguments: TupleObject) -> ExceptionKind {
        guard 2...5 ~= arguments.count, arguments[unchecked: 0].isSmallInteger else { return .osError }
        switch Int32(exactly: arguments[unchecked: 0].smallInteger) {
        case ENOENT: return .fileNotFoundError
        case EEXIST: return .fileExistsError
        case EPERM, EACCES: return .permissionError
        case ETIMEDOUT: return .timeoutError
        case EPIPE, ESHUTDOWN: return .brokenPipeError
        case ECONNABORTED: return .connectionAbortedError
        case ECONNREFUSED: return .connectionRefusedError
        case ECONNRESET: return .connectionResetError
        case EAGAIN, EALREADY, EINPROGRESS: return .blockingIOError
        case ECHILD: return .childProcessError
        case EINTR: return .interruptedError
        case EISDIR: return .isADirectoryError
        case ENOTDIR: return .notADirectoryError
        case ESRCH: return .processLookupError
        default: return .osError
        }
    }
}
