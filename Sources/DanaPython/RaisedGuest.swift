import CPython
import PythonBridge

/// What programs do with Python's own classes of exceptions: raise them, and catch them by name.
extension PythonGuest {
    /// The exception that an object is, or that a class of exceptions makes.
    static func error(of object: PythonObject, _ py: borrowing Python) throws(PythonError) -> PythonError {
        let base = try py.builtin("Exception")
        let made = try isClass(object, beneath: base, py) ? try object.call(py: py) : object
        guard try made.isInstance(of: base, py) else { throw .typeError("exceptions must derive from Exception") }
        return PythonError(exception: made)
    }

    /// Whether an exception, the first of some arguments, is of a class, or of one in the tuple behind it.
    static func isCaught(
        _ arguments: [PythonObject], by object: PythonObject, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        let base = try py.builtin("BaseException")
        let classes = arguments.count > 1 ? try arguments[1].elements(as: PythonObject.self, py) : [object]
        var isOne = false
        for known in classes {
            guard try isClass(known, beneath: base, py) else {
                throw .typeError("catching classes that do not inherit from BaseException is not allowed")
            }
            if !isOne, let exception = arguments.first { isOne = try exception.isInstance(of: known, py) }
        }
        return try py.object(isOne)
    }

    private static func isClass(
        _ object: PythonObject, beneath base: PythonObject, _ py: borrowing Python
    ) throws(PythonError) -> Bool {
        guard py_is_type(object.pointer) != 0 else { return false }
        return try object.isSubclass(of: base, py)
    }
}
