/// The kinds of exceptions and their tree, named as Python names them. The order is part of the saved form.
public enum ExceptionKind: UInt8, CaseIterable, Sendable {
    case exception
    case arithmeticError, floatingPointError, overflowError, zeroDivisionError
    case assertionError, attributeError, bufferError, eofError, importError, moduleNotFoundError
    case lookupError, indexError, keyError
    case memoryError, nameError, unboundLocalError
    case osError, fileNotFoundError, fileExistsError, permissionError, timeoutError, connectionError
    case referenceError, runtimeError, notImplementedError, recursionError, stopIteration, syntaxError
    case systemError, typeError, valueError, unicodeError, unicodeDecodeError, unicodeEncodeError
    case warning, userWarning, deprecationWarning, runtimeWarning
    /// A capability the context was not granted.
    case capabilityError
    /// A built-in that is blocked by name.
    case securityError
    /// A host function, tool or model failed.
    case hostError
    /// Thrown into a generator that is being closed; not an `Exception`.
    case generatorExit
    /// The host cancelled the run; not catchable.
    case cancelledError
    case jsonDecodeError, statisticsError
    /// All that a program can catch.
    case baseException
    case brokenPipeError, connectionAbortedError, connectionRefusedError, connectionResetError
    case blockingIOError, childProcessError, interruptedError, isADirectoryError, notADirectoryError
    case processLookupError, stopAsyncIteration, indentationError, tabError, unicodeTranslateError
    case bytesWarning, encodingWarning, futureWarning, importWarning, pendingDeprecationWarning, resourceWarning
    case syntaxWarning, unicodeWarning

    /// Other names that programs may use for a kind.
    static let otherNames: [String: ExceptionKind] = ["IOError": .osError, "EnvironmentError": .osError]

    public var name: String {
        switch self {
        case .exception: "Exception"
        case .arithmeticError: "ArithmeticError"
        case .floatingPointError: "FloatingPointError"
        case .overflowError: "OverflowError"
        case .zeroDivisionError: "ZeroDivisionError"
        case .assertionError: "AssertionError"
        case .attributeError: "AttributeError"
        case .bufferError: "BufferError"
        case .eofError: "EOFError"
        case .importError: "ImportError"
        case .moduleNotFoundError: "ModuleNotFoundError"
        case .lookupError: "LookupError"
        case .indexError: "IndexError"
        case .keyError: "KeyError"
        case .memoryError: "MemoryError"
        case .nameError: "NameError"
        case .unboundLocalError: "UnboundLocalError"
        case .osError: "OSError"
        case .fileNotFoundError: "FileNotFoundError"
        case .fileExistsError: "FileExistsError"
        case .permissionError: "PermissionError"
        case .timeoutError: "TimeoutError"
        case .connectionError: "ConnectionError"
        case .referenceError: "ReferenceError"
        case .runtimeError: "RuntimeError"
        case .notImplementedError: "NotImplementedError"
        case .recursionError: "RecursionError"
        case .stopIteration: "StopIteration"
        case .syntaxError: "SyntaxError"
        case .systemError: "SystemError"
        case .typeError: "TypeError"
        case .valueError: "ValueError"
        case .unicodeError: "UnicodeError"
        case .unicodeDecodeError: "UnicodeDecodeError"
        case .unicodeEncodeError: "UnicodeEncodeError"
        case .warning: "Warning"
        case .userWarning: "UserWarning"
        case .deprecationWarning: "DeprecationWarning"
        case .runtimeWarning: "RuntimeWarning"
        case .capabilityError: "CapabilityError"
        case .securityError: "SecurityError"
        case .hostError: "HostError"
        case .generatorExit: "GeneratorExit"
        case .cancelledError: "CancelledError"
        case .jsonDecodeError: "JSONDecodeError"
        case .statisticsError: "StatisticsError"
        case .baseException: "BaseException"
        case .brokenPipeError: "BrokenPipeError"
        case .connectionAbortedError: "ConnectionAbortedError"
        case .connectionRefusedError: "ConnectionRefusedError"
        case .connectionResetError: "ConnectionResetError"
        case .blockingIOError: "BlockingIOError"
        case .childProcessError: "ChildProcessError"
        case .interruptedError: "InterruptedError"
        case .isADirectoryError: "IsADirectoryError"
        case .notADirectoryError: "NotADirectoryError"
        case .processLookupError: "ProcessLookupError"
        case .stopAsyncIteration: "StopAsyncIteration"
        case .indentationError: "IndentationError"
        case .tabError: "TabError"
        case .unicodeTranslateError: "UnicodeTranslateError"
        case .bytesWarning: "BytesWarning"
        case .encodingWarning: "EncodingWarning"
        case .futureWarning: "FutureWarning"
        case .importWarning: "ImportWarning"
        case .pendingDeprecationWarning: "PendingDeprecationWarning"
        case .resourceWarning: "ResourceWarning"
        case .syntaxWarning: "SyntaxWarning"
        case .unicodeWarning: "UnicodeWarning"
        }
    }

    /// The kind this one is a case of; nil for the two roots.
    public var parent: ExceptionKind? {
        switch self {
        case .baseException, .cancelledError: nil
        case .exception, .generatorExit: .baseException
        case .floatingPointError, .overflowError, .zeroDivisionError: .arithmeticError
        case .moduleNotFoundError: .importError
        case .indexError, .keyError: .lookupError
        case .unboundLocalError: .nameError
        case .fileNotFoundError, .fileExistsError, .permissionError, .timeoutError, .connectionError,
            .blockingIOError, .childProcessError, .interruptedError, .isADirectoryError, .notADirectoryError,
            .processLookupError:
            .osError
        case .brokenPipeError, .connectionAbortedError, .connectionRefusedError, .connectionResetError:
            .connectionError
        case .indentationError: .syntaxError
        case .tabError: .indentationError
        case .notImplementedError, .recursionError: .runtimeError
        case .unicodeError, .jsonDecodeError, .statisticsError: .valueError
        case .unicodeDecodeError, .unicodeEncodeError, .unicodeTranslateError: .unicodeError
        case .userWarning, .deprecationWarning, .runtimeWarning, .bytesWarning, .encodingWarning, .futureWarning,
            .importWarning, .pendingDeprecationWarning, .resourceWarning, .syntaxWarning, .unicodeWarning:
            .warning
        case .capabilityError: .permissionError
        case .securityError, .hostError: .runtimeError
        default: .exception
        }
    }

    /// Whether the kind is `ancestor` or a case of it.
    public func isKind(of ancestor: ExceptionKind) -> Bool {
        var kind: ExceptionKind? = self
        while let current = kind {
            if current == ancestor { return true }
            kind = current.parent
        }
        return false
    }
}
