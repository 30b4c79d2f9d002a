import CPython

/// A Swift class whose objects Python can hold, call and subclass.
///
/// ```swift
/// final class Counter: PythonExported {
///     private var count = 0
///
///     static let pythonClass = PythonClass("Counter", doc: "Counts.") {
///         function("__init__", optional("start", 0)) { (start: Int) in Counter(start) }
///         function("add", "self", "n", doc: "Adds n.") { (counter: Counter, n: Int) in counter.add(n) }
///         property("value", doc: "The count.") { (counter: Counter) in counter.count }
///     }
/// }
/// ```
///
/// The class becomes Python's when a ``PythonModule`` lists its `pythonClass`. An object keeps its identity: as long
/// as Python holds it, the same Swift object is the same Python object.
///
/// Python sees a Swift object as a leaf. A ``PythonObject`` kept inside one is a reference that Python's cycle
/// collector does not see: break such a cycle yourself. Everything runs with the interpreter held; a class whose
/// methods call Python or release it may be entered by another thread meanwhile and must bear that.
public protocol PythonExported: AnyObject, FromPython, ToPython {
    static var pythonClass: PythonClass { get }
}

extension PythonExported {
    public static var pythonTypeName: String { "\(pythonClass.name)" }

    @inlinable @inline(__always) public static func fromPython(_ object: PyRef, _ py: borrowing Python)
        throws(PythonError) -> Self
    {
        if let held = pythonClass.held(by: object) {
            // Safe because the Python object keeps its Swift object, and the class is exactly this one.
            let value = Unmanaged<AnyObject>.fromOpaque(held).takeUnretainedValue()
            if Swift.type(of: value) == Self.self { return unsafeDowncast(value, to: Self.self) }
        }
        return try converted(object, py)
    }

    /// The Swift object inside an instance of exactly this class; nil for everything else.
    public static func held(_ object: PyRef) -> Self? { whileHeld(object) { $0 } }

    /// Runs `body` with the Swift object inside an instance of exactly this class, which counts no reference to it; nil
    /// for everything else.
    @inlinable @inline(__always)
    static func whileHeld<Result>(_ object: PyRef, _ body: (Self) -> Result) -> Result? {
        guard let held = pythonClass.held(by: object) else { return nil }
        // Safe because the Python object, which the caller holds, keeps its Swift object as long as it lives.
        return Unmanaged<AnyObject>.fromOpaque(held)._withUnsafeGuaranteedRef { value in
            Swift.type(of: value) == Self.self ? body(unsafeDowncast(value, to: Self.self)) : nil
        }
    }

    @usableFromInline static func converted(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> Self {
        guard let type = pythonClass.type, py_is_subtype(py_type(object), type) != 0 else {
            throw .mismatch(pythonTypeName, object, py)
        }
        guard let held = PythonInstance.of(object).pointee.value else {
            throw .typeError(
                "\(PythonText.typeName(object, py)).__init__() must call super().__init__() before the object is used")
        }
        guard let value = Unmanaged<AnyObject>.fromOpaque(held).takeUnretainedValue() as? Self else {
            throw .mismatch("\(Self.self)", object, py)
        }
        return value
    }

    public func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef {
        try Self.pythonClass.reference(to: self, py)
    }
}
