import CPython
import Glibc

/// A Python type whose instances hold one Swift object, defined by slots.
struct HostType<Content: AnyObject>: @unchecked Sendable {
    // Safe because the type object is immortal: its reference is never given up.
    let type: PyRef

    /// After CPython's own head of two words comes the retained Swift object.
    private static var offset: Int { 2 * MemoryLayout<Int>.size }

    init(
        name: String, doc: StaticString, slots: [PyType_Slot], methods: [PyMethodDef] = [],
        properties: [PyGetSetDef] = [], _ py: borrowing Python
    ) throws(PythonError) {
        // The tables and the name live as long as the type: CPython keeps their addresses.
        let methodTable = UnsafeMutablePointer<PyMethodDef>.allocate(capacity: methods.count + 1)
        for (index, method) in methods.enumerated() { (methodTable + index).initialize(to: method) }
        (methodTable + methods.count).initialize(to: PyMethodDef())
        let propertyTable = UnsafeMutablePointer<PyGetSetDef>.allocate(capacity: properties.count + 1)
        for (index, property) in properties.enumerated() { (propertyTable + index).initialize(to: property) }
        (propertyTable + properties.count).initialize(to: PyGetSetDef())
        var all = slots
        all.append(PyType_Slot(slot: Py_tp_methods, pfunc: methodTable))
        all.append(PyType_Slot(slot: Py_tp_getset, pfunc: propertyTable))
        all.append(PyType_Slot(slot: Py_tp_doc, pfunc: UnsafeMutableRawPointer(mutating: doc.utf8Start)))
        all.append(PyType_Slot())
        let made = all.withUnsafeMutableBufferPointer { slots in
            var spec = PyType_Spec(
                name: strdup(name), basicsize: Int32(Self.offset + MemoryLayout<Int>.size), itemsize: 0,
                flags: UInt32(py_type_flags_no_new()), slots: slots.baseAddress)
            return PyType_FromSpec(&spec)
        }
        guard let made else { throw .taken(py) }
        type = made
    }

    /// A new instance that holds `content`.
    func make(_ content: Content, _ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let object = py_allocate(type) else { throw .taken(py) }
        Self.place(object).initialize(to: Unmanaged.passRetained(content))
        return object
    }

    static func content(_ object: PyRef) -> Content { place(object).pointee.takeUnretainedValue() }

    /// For the type's deallocation slot: gives up the content and frees the instance.
    static func destroy(_ object: PyRef) {
        let content = place(object).pointee
        py_free_instance(object)
        content.release()
    }

    private static func place(_ object: PyRef) -> UnsafeMutablePointer<Unmanaged<Content>> {
        // Safe because every instance is made by `make`, with room for the word and the word set.
        UnsafeMutableRawPointer(object).advanced(by: offset).assumingMemoryBound(to: Unmanaged<Content>.self)
    }
}

/// A row of a method table for a slot-defined type.
func methodRow(
    _ name: StaticString, _ function: UnsafeMutableRawPointer, keywords: Bool = false, _ doc: StaticString
) -> PyMethodDef {
    py_method_def(name.pointer, function, keywords ? 1 : 0, 0, doc.pointer)
}

/// A row of a property table for a slot-defined type.
func propertyRow(_ name: StaticString, _ get: GetterSlot, set: SetterSlot? = nil, _ doc: StaticString) -> PyGetSetDef {
    PyGetSetDef(name: name.pointer, get: get, set: set, doc: doc.pointer, closure: nil)
}
