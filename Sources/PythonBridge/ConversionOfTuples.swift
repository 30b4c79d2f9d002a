import CPython

// Tuples of fixed length. Swift's own cannot conform to a protocol, so each length has a struct around one; a
// struct of a parameter pack would say it once, but is not specialised and costs ten times as much.

/// A Python tuple of two.
public struct Tuple2<A, B> {
    public var values: (A, B)

    @inlinable public init(_ a: A, _ b: B) { values = (a, b) }
}

extension Tuple2: Sendable where A: Sendable, B: Sendable {}

extension Tuple2: FromPython where A: FromPython, B: FromPython {
    public static var pythonTypeName: String { "tuple of two" }

    /// A tuple of this length; a list is accepted as well.
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        let parts = try TupleParts(object, count: 2, pythonTypeName, py)
        return Self(
            try parts.convert(0, py),
            try parts.convert(1, py))
    }
}

extension Tuple2: ToPython where A: ToPython, B: ToPython {
    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let tuple = try TupleBuilder(count: 2, py)
        try tuple.set(0, values.0, py)
        try tuple.set(1, values.1, py)
        return tuple.object.owned(py)
    }
}

/// A Python tuple of three.
public struct Tuple3<A, B, C> {
    public var values: (A, B, C)

    @inlinable public init(_ a: A, _ b: B, _ c: C) { values = (a, b, c) }
}

extension Tuple3: Sendable where A: Sendable, B: Sendable, C: Sendable {}

extension Tuple3: FromPython where A: FromPython, B: FromPython, C: FromPython {
    public static var pythonTypeName: String { "tuple of three" }

    /// A tuple of this length; a list is accepted as well.
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        let parts = try TupleParts(object, count: 3, pythonTypeName, py)
        return Self(
            try parts.convert(0, py),
            try parts.convert(1, py),
            try parts.convert(2, py))
    }
}

extension Tuple3: ToPython where A: ToPython, B: ToPython, C: ToPython {
    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let tuple = try TupleBuilder(count: 3, py)
        try tuple.set(0, values.0, py)
        try tuple.set(1, values.1, py)
        try tuple.set(2, values.2, py)
        return tuple.object.owned(py)
    }
}

/// A Python tuple of four.
public struct Tuple4<A, B, C, D> {
    public var values: (A, B, C, D)

    @inlinable public init(_ a: A, _ b: B, _ c: C, _ d: D) { values = (a, b, c, d) }
}

extension Tuple4: Sendable where A: Sendable, B: Sendable, C: Sendable, D: Sendable {}

extension Tuple4: FromPython where A: FromPython, B: FromPython, C: FromPython, D: FromPython {
    public static var pythonTypeName: String { "tuple of four" }

    /// A tuple of this length; a list is accepted as well.
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        let parts = try TupleParts(object, count: 4, pythonTypeName, py)
        return Self(
            try parts.convert(0, py),
            try parts.convert(1, py),
            try parts.convert(2, py),
            try parts.convert(3, py))
    }
}

extension Tuple4: ToPython where A: ToPython, B: ToPython, C: ToPython, D: ToPython {
    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let tuple = try TupleBuilder(count: 4, py)
        try tuple.set(0, values.0, py)
        try tuple.set(1, values.1, py)
        try tuple.set(2, values.2, py)
        try tuple.set(3, values.3, py)
        return tuple.object.owned(py)
    }
}

/// A Python tuple of five.
public struct Tuple5<A, B, C, D, E> {
    public var values: (A, B, C, D, E)

    @inlinable public init(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E) { values = (a, b, c, d, e) }
}

extension Tuple5: Sendable where A: Sendable, B: Sendable, C: Sendable, D: Sendable, E: Sendable {}

extension Tuple5: FromPython where A: FromPython, B: FromPython, C: FromPython, D: FromPython, E: FromPython {
    public static var pythonTypeName: String { "tuple of five" }

    /// A tuple of this length; a list is accepted as well.
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        let parts = try TupleParts(object, count: 5, pythonTypeName, py)
        return Self(
            try parts.convert(0, py),
            try parts.convert(1, py),
            try parts.convert(2, py),
            try parts.convert(3, py),
            try parts.convert(4, py))
    }
}

extension Tuple5: ToPython where A: ToPython, B: ToPython, C: ToPython, D: ToPython, E: ToPython {
    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let tuple = try TupleBuilder(count: 5, py)
        try tuple.set(0, values.0, py)
        try tuple.set(1, values.1, py)
        try tuple.set(2, values.2, py)
        try tuple.set(3, values.3, py)
        try tuple.set(4, values.4, py)
        return tuple.object.owned(py)
    }
}

/// A Python tuple of six.
public struct Tuple6<A, B, C, D, E, F> {
    public var values: (A, B, C, D, E, F)

    @inlinable public init(_ a: A, _ b: B, _ c: C, _ d: D, _ e: E, _ f: F) { values = (a, b, c, d, e, f) }
}

extension Tuple6: Sendable where A: Sendable, B: Sendable, C: Sendable, D: Sendable, E: Sendable, F: Sendable {}

extension Tuple6: FromPython
where A: FromPython, B: FromPython, C: FromPython, D: FromPython, E: FromPython, F: FromPython {
    public static var pythonTypeName: String { "tuple of six" }

    /// A tuple of this length; a list is accepted as well.
    @inlinable public static func fromPython(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        let parts = try TupleParts(object, count: 6, pythonTypeName, py)
        return Self(
            try parts.convert(0, py),
            try parts.convert(1, py),
            try parts.convert(2, py),
            try parts.convert(3, py),
            try parts.convert(4, py),
            try parts.convert(5, py))
    }
}

extension Tuple6: ToPython where A: ToPython, B: ToPython, C: ToPython, D: ToPython, E: ToPython, F: ToPython {
    @inlinable public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let tuple = try TupleBuilder(count: 6, py)
        try tuple.set(0, values.0, py)
        try tuple.set(1, values.1, py)
        try tuple.set(2, values.2, py)
        try tuple.set(3, values.3, py)
        try tuple.set(4, values.4, py)
        try tuple.set(5, values.5, py)
        return tuple.object.owned(py)
    }
}

/// The parts of a tuple that is taken apart.
@usableFromInline
struct TupleParts {
    private let tuple: PythonObject

    @usableFromInline init(
        _ object: PyRef, count: Int, _ name: String, _ py: borrowing Python
    ) throws(PythonError) {
        guard py_is_tuple(object) != 0 || py_is_list(object) != 0 else { throw .mismatch(name, object, py) }
        py_incref(object)
        defer { py_decref(object) }
        guard let tuple = PySequence_Tuple(object) else { throw .taken(py) }
        self.tuple = PythonObject(owning: tuple)
        guard py_tuple_size(tuple) == count else {
            throw .valueError("expected a \(name), got one of \(py_tuple_size(tuple))")
        }
    }

    @usableFromInline func convert<Part: FromPython>(_ index: Int, _ py: borrowing Python) throws(PythonError) -> Part {
        guard let item = py_tuple_get(tuple.pointer, index) else { throw .taken(py) }
        do throws(PythonError) {
            return try Part.fromPython(item, py)
        } catch {
            throw error.at(index: index)
        }
    }
}

/// A tuple that is being made.
@usableFromInline
struct TupleBuilder {
    @usableFromInline let object: PythonObject

    @usableFromInline init(count: Int, _ py: borrowing Python) throws(PythonError) {
        guard let tuple = PyTuple_New(count) else { throw .taken(py) }
        object = PythonObject(owning: tuple)
    }

    @usableFromInline func set(_ index: Int, _ value: some ToPython, _ py: borrowing Python) throws(PythonError) {
        do throws(PythonError) {
            py_tuple_init(object.pointer, index, try value.toPython(py))
        } catch {
            throw error.at(index: index)
        }
    }
}
