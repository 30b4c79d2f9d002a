import CPython

/// CPython's own exception classes that Swift raises or asks for by name.
public enum PythonExceptionKind: Int32, Sendable, CaseIterable {
    // The order is that of `py_exception` in the shim.
    case exception, valueError, typeError, runtimeError, overflowError, keyError, indexError, attributeError
    case recursionError, stopIteration, bufferError, unicodeEncodeError, notImplementedError, importError, osError
    case timeoutError, memoryError, systemError, keyboardInterrupt, stopAsyncIteration, zeroDivisionError
    case permissionError, fileNotFoundError, lookupError, arithmeticError, assertionError, endOfFileError
    case generatorExit, connectionError, baseException, runtimeWarning, resourceWarning, unicodeError, systemExit

    /// The class; borrowed, immortal.
    @inlinable var type: PyRef { py_exception(rawValue) }

    /// The name of the class, known without Python.
    var name: String {
        switch self {
        case .osError: "OSError"
        case .endOfFileError: "EOFError"
        default: "\(self)".prefix(1).uppercased() + "\(self)".dropFirst()
        }
    }
}
