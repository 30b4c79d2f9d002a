import CPython

/// A Swift type that can be made from a Python object.
public protocol FromPython: SendableMetatype {
    /// What a person would call the Python type, for messages: `expected int, got str`.
    static var pythonTypeName: String { get }

    /// Converts a borrowed reference.
    ///
    /// It may be borrowed from a container that Python code can change: a conversion that runs Python code
    /// (`__index__`, iteration, attributes) holds the object while it does.
    static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self

    /// Converts the first elements of an exact list of at least `count` into room for as many of this type, as far as
    /// that runs no Python code, and gives how many. Types whose lists must be fast have an implementation of their own.
    static func readPlain(_ list: PyRef, into room: UnsafeMutableRawPointer, count: Int) -> Int
}

extension FromPython {
    @inlinable @inline(__always)
    public static func readPlain(_ list: PyRef, into room: UnsafeMutableRawPointer, count: Int) -> Int { 0 }
}

/// A Swift type that can be made into a Python object.
public protocol ToPython: SendableMetatype {
    /// A new owned reference.
    func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef

    /// A new list of these elements. Types whose lists must be fast have an implementation of their own, which
    /// saves a call through the protocol for each element.
    static func newList(of elements: [Self], _ py: borrowing Python) throws(PythonError) -> PyRef
}

/// Both ways.
public typealias PythonConvertible = FromPython & ToPython

extension PythonError {
    /// `expected int, got str`.
    @usableFromInline static func mismatch(
        _ expected: String, _ object: PyRef, _ py: borrowing Python
    ) -> PythonError {
        .typeError("expected \(expected), got \(PythonText.typeName(object, py))")
    }
}

extension Optional: FromPython where Wrapped: FromPython {
    public static var pythonTypeName: String { "\(Wrapped.pythonTypeName) or None" }

    /// `None` is nil.
    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Self
    {
        object == py_none() ? nil : try Wrapped.fromPython(object, py)
    }
}

extension Optional: ToPython where Wrapped: ToPython {
    @inlinable @inline(__always) public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        switch self {
        case nil: py_new_none()
        case let value?: try value.toPython(py)
        }
    }
}

extension PythonObject: FromPython, ToPython {
    public static var pythonTypeName: String { "object" }

    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Self
    {
        unsafeDowncast(PythonObject(borrowing: object, py), to: Self.self)
    }

    @inlinable @inline(__always) public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef { owned(py) }
}
