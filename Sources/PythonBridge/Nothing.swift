import CPython

/// `None`, as the result of an exported function that returns nothing.
public struct Nothing: ToPython, FromPython, Sendable {
    public static var pythonTypeName: String { "None" }

    @inlinable public init() {}

    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Nothing
    {
        guard object == py_none() else { throw .mismatch("None", object, py) }
        return Nothing()
    }

    @inlinable @inline(__always) public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        py_new_none()
    }
}
