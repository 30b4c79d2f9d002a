import CPython

/// A Python object that holds a Swift one, as CPython lays it out.
@usableFromInline
struct PythonInstance {
    @usableFromInline var head: PyObject
    /// The Swift object, retained; nil until `__init__` has made it.
    @usableFromInline var value: UnsafeMutableRawPointer?
    var weakReferences: PyRef?
    /// What a call of the object begins with, where its class takes calls directly.
    var call: DirectCall.Entry?

    /// The layout behind an object that is known to be an instance of an exported class.
    @inlinable @inline(__always) static func of(_ object: PyRef) -> UnsafeMutablePointer<PythonInstance> {
        // Safe because the caller has checked the type, and every exported class has this layout.
        UnsafeMutableRawPointer(object).assumingMemoryBound(to: PythonInstance.self)
    }
}
