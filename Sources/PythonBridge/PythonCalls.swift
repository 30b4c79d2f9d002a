import CPython

/// Using Python objects from Swift: attributes, items, calls.
extension PythonObject {
    /// `getattr(self, name)`.
    public func attribute(_ name: StaticString, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard let value = PyObject_GetAttrString(pointer, name.pointer) else { throw .taken(py) }
        return PythonObject(owning: value)
    }

    /// `self(*arguments)`.
    public func call(_ arguments: PythonObject..., py: borrowing Python) throws(PythonError) -> PythonObject {
        try call(arguments, py)
    }

    /// `self()`.
    public func call(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        guard let value = py_call0(pointer) else { throw .taken(py) }
        return PythonObject(owning: value)
    }

    func call(_ arguments: [PythonObject], _ py: borrowing Python) throws(PythonError) -> PythonObject {
        let pointers = arguments.map { Optional($0.pointer) }
        let result = pointers.withUnsafeBufferPointer { py_call(pointer, $0.baseAddress, $0.count) }
        withExtendedLifetime(arguments) {}
        guard let result else { throw .taken(py) }
        return PythonObject(owning: result)
    }
}
