import CPython

/// Python's `with` statement.
extension PythonObject {
    /// `with self as value: body(value)`.
    ///
    /// An error that `body` throws goes to `__exit__` as Python's own exception; when that suppresses it
    /// the result is nil, otherwise it is thrown on.
    public func with<Result>(
        _ py: borrowing Python, _ body: (PythonObject, borrowing Python) throws(PythonError) -> Result
    ) throws(PythonError) -> Result? {
        // Like Python, both are looked up on the type, and before anything runs.
        let type = type(py)
        let enter = try type.special("__enter__", py)
        let exit = try type.special("__exit__", py)
        let value = try enter.call(self, py: py)
        let result: Result
        do throws(PythonError) {
            result = try body(value, py)
        } catch {
            let exception = error.exception(py)
            let traceback = try exception.attribute("__traceback__", py)
            let suppressed = try exit.call([self, exception.type(py), exception, traceback], py)
            if try suppressed.isTrue(py) { return nil }
            throw PythonError(exception: exception)
        }
        let none = PythonObject(borrowing: py_none(), py)
        _ = try exit.call([self, none, none, none], py)
        return result
    }

    private func special(_ name: String, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        do throws(PythonError) {
            return try attribute(name, py)
        } catch {
            guard error.matches(.attributeError, py) else { throw error }
            let own = try attribute("__name__", py).text(py)
            throw .typeError("'\(own)' object does not support the context manager protocol: it has no \(name)")
        }
    }
}
