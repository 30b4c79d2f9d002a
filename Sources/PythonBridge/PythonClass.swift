import CPython
import Glibc

/// The Python face of a Swift class: its name, documentation and members, one declaration an item.
///
/// See ``PythonExported`` for an example. `__init__` makes the Swift object and so has no `self`; a class without
/// one cannot be instantiated from Python. A class that defines `__eq__` without `__hash__` is not hashable, as in
/// Python. Pickling and copying are refused unless the class defines `__reduce__` or `__copy__`.
public final class PythonClass: PythonModuleItem, @unchecked Sendable {
    // Safe because what is not set in the initialiser is touched with the interpreter held.
    let name: StaticString
    let documentation: StaticString
    let isSubclassable: Bool
    /// Whether Python code may set attributes of the class.
    let isChangeable: Bool
    let constructor: ExportedFunction?
    /// The special methods that go through slots, by name.
    let specials: [String: ExportedFunction]
    /// `__call__`, where it takes its arguments as they come.
    let directCall: DirectCall?
    private let methods: [MethodEntry]
    private let properties: [PythonProperty]
    private let unsupported: [String]
    /// Where the Python type stands once it is needed; a place of its own, so that reading it costs one load.
    @usableFromInline let typePlace: UnsafeMutablePointer<PyRef?>

    public init(
        _ name: StaticString, doc: StaticString = "", subclassable: Bool = false, changeable: Bool = false,
        @PythonClassBuilder _ items: () -> [any PythonClassItem]
    ) {
        var constructor: ExportedFunction?
        var specials: [String: ExportedFunction] = [:]
        var methods: [MethodEntry] = []
        var properties: [PythonProperty] = []
        var unsupported: [String] = []
        var directCall: DirectCall?
        for item in items() {
            switch item.classMember.kind {
            case .method(let function) where "\(function.name)" == "__init__": constructor = function
            case .method(let function):
                let method = "\(function.name)"
                if SlotName(method) != nil {
                    specials[method] = function.receiving(SlotName.isOperator(method) ? .operand : .parameter)
                } else {
                    if !SlotName.isPlain(method) { unsupported.append(method) }
                    let function = function.receiving(.parameter)
                    methods.append(MethodEntry(function: function, receiver: "self", flags: 0))
                }
            case .staticMethod(let function):
                methods.append(MethodEntry(function: function, receiver: nil, flags: py_meth_static()))
            case .classMethod(let function):
                methods.append(MethodEntry(function: function, receiver: "type", flags: py_meth_class()))
            case .property(let property): properties.append(property)
            case .call(let call): directCall = call
            }
        }
        if !methods.contains(where: { ["__reduce__", "__reduce_ex__"].contains("\($0.function.name)") }) {
            methods.append(MethodEntry(function: refusedPickling, receiver: "self", flags: 0))
        }
        typePlace = .allocate(capacity: 1)
        typePlace.initialize(to: nil)
        self.name = name
        documentation = doc
        isSubclassable = subclassable
        isChangeable = changeable
        self.constructor = constructor
        self.specials = specials
        self.methods = methods
        self.properties = properties
        self.unsupported = unsupported
        self.directCall = directCall
    }

    public func install(in module: PyRef, named name: StaticString, _ py: borrowing Python) throws(PythonError) {
        let type = try type(in: module, named: try PythonText.moduleName(module, py), py)
        guard PyModule_AddObjectRef(module, self.name.pointer, type) == 0 else { throw .taken(py) }
    }

    deinit { typePlace.deallocate() }

    /// The Python type, made when first needed and kept for the life of the process.
    @inlinable @inline(__always) var type: PyRef? { typePlace.pointee }

    /// The class as a Python object.
    public func object(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        PythonObject(borrowing: try type(in: nil, named: "swift", py), py)
    }

    /// Has the class show an object as its `__call__`. Calls go on as they do, which they would not if Python code set it.
    public func showCall(_ object: PythonObject, _ py: borrowing Python) throws(PythonError) {
        let type = try type(in: nil, named: "swift", py)
        guard py_type_show(type, "__call__", object.pointer) == 0 else { throw .taken(py) }
    }

    /// The Swift object inside an instance of exactly this class; nil for anything else.
    @inlinable @inline(__always) func held(by object: PyRef) -> UnsafeMutableRawPointer? {
        py_type(object) == type ? PythonInstance.of(object).pointee.value : nil
    }
}

/// Every exported class refuses pickling with this, unless it says how.
private let refusedPickling = function("__reduce_ex__", "self", "protocol", doc: "Refuses pickling and copying.") {
    (object: PythonObject, _: PythonObject) throws(PythonError) -> Nothing in
    throw Python.hold { py in
        .typeError("cannot pickle or copy '\(object.typeName(py))' object: its state lives in Swift")
    }
}.receiving(.parameter)

/// Objects: making, finding and ending them.
extension PythonClass {
    // Safe because all are touched with the interpreter held, and no access runs code that could touch them again.
    @exclusivity(unchecked) nonisolated(unsafe) private static var instances = PythonInstanceTable()
    @exclusivity(unchecked) nonisolated(unsafe) private static var classes: [PyRef: PythonClass] = [:]
    @exclusivity(unchecked) nonisolated(unsafe) private static var lastAsked: (type: PyRef, description: PythonClass)?

    /// The exported class that a type is or derives from.
    static func describing(_ type: PyRef) -> PythonClass? {
        if let lastAsked, lastAsked.type == type { return lastAsked.description }
        var ancestor: PyRef? = type
        while let known = ancestor {
            if let found = classes[known] {
                // Only types of ours are remembered: they are never freed, so the address stays theirs.
                if known == type { lastAsked = (type, found) }
                return found
            }
            ancestor = py_type_base(known)
        }
        return nil
    }

    static func of(_ object: PyRef) -> PythonClass? { describing(py_type(object)) }

    /// The function behind a special method of an object.
    static func special(
        _ name: String, of object: PyRef, _ py: borrowing Python
    ) throws(PythonError) -> ExportedFunction {
        guard let function = of(object)?.specials[name] else {
            throw .typeError("'\(PythonText.typeName(object, py))' object has no \(name)")
        }
        return function
    }

    /// What a special method answers.
    static func answer(
        _ name: String, _ object: PyRef, _ other: PyRef?, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        PythonObject(owning: try special(name, of: object, py).answer(object, other, nil, py))
    }

    /// The Python object of a Swift one: the one that holds it already, or one made for it. A new reference.
    @usableFromInline func reference(to value: AnyObject, _ py: borrowing Python) throws(PythonError) -> PyRef {
        let address = Unmanaged.passUnretained(value).toOpaque()
        // An object whose end has begun cannot be handed out again.
        if let known = Self.instances[address], py_refcount(known) > 0 {
            py_incref(known)
            return known
        }
        guard let object = py_allocate(try type(in: nil, named: "swift", py)) else { throw .taken(py) }
        PythonInstance.of(object).pointee.value = Unmanaged.passRetained(value).toOpaque()
        PythonInstance.of(object).pointee.call = directCall?.entry
        Self.instances.set(address, object)
        return object
    }

    /// Makes an object from the arguments of `Type(...)`.
    func construct(_ arguments: PyRef, _ keywords: PyRef?, _ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let constructor else { throw .typeError("cannot create '\(name)' instances") }
        return try constructor.call(spread: nil, arguments, keywords, py)
    }

    /// Gives the Swift object of a newly made instance to an empty instance of a Python subclass.
    func move(from made: PyRef, to object: PyRef, _ py: borrowing Python) throws(PythonError) {
        guard py_type(made) == type, py_refcount(made) == 1, let value = PythonInstance.of(made).pointee.value else {
            throw .typeError("\(name).__init__() must make an object of its own for a subclass")
        }
        PythonInstance.of(made).pointee.value = nil
        PythonInstance.of(object).pointee.value = value
        Self.instances.set(value, object)
    }

    /// Releases what an instance holds.
    static func end(_ object: PyRef) {
        let instance = PythonInstance.of(object)
        if let value = instance.pointee.value { instances.remove(value, object) }
        if instance.pointee.weakReferences != nil { PyObject_ClearWeakRefs(object) }
        if let value = instance.pointee.value {
            instance.pointee.value = nil
            Unmanaged<AnyObject>.fromOpaque(value).release()
        }
    }
}

/// The type.
extension PythonClass {
    fileprivate func type(in module: PyRef?, named moduleName: String, _ py: borrowing Python) throws(PythonError)
        -> PyRef
    {
        if let type { return type }
        guard unsupported.isEmpty else {
            throw PythonError(
                .systemError, "class \(name): \(unsupported.joined(separator: ", ")) cannot be defined in Swift")
        }
        let made = try makeType(module, "\(moduleName).\(name)", py)
        typePlace.pointee = made
        Self.classes[made] = self
        if constructor != nil {
            py_type_set_vectorcall(made, unsafeBitCast(newInstanceDirectly, to: UnsafeMutableRawPointer.self))
        }
        return made
    }

    private func makeType(_ module: PyRef?, _ name: String, _ py: borrowing Python) throws(PythonError) -> PyRef {
        // CPython keeps the addresses of the tables; a type that cannot be made leaves them behind, once.
        var slots = specials.keys.compactMap { SlotName($0)?.slot }
        if directCall != nil, let call = SlotName("__call__")?.slot { slots.append(call) }
        let table = try methodTable(methods, py)
        slots.append(PyType_Slot(slot: Py_tp_methods, pfunc: table))
        let attributes = UnsafeMutablePointer<PyGetSetDef>.allocate(capacity: properties.count + 1)
        for (index, property) in properties.enumerated() { (attributes + index).initialize(to: property.entry) }
        (attributes + properties.count).initialize(to: PyGetSetDef())
        slots.append(PyType_Slot(slot: Py_tp_getset, pfunc: attributes))
        let members = UnsafeMutablePointer<PyMemberDef>.allocate(capacity: 3)
        members.initialize(repeating: PyMemberDef(), count: 3)
        members[0] = py_weak_list_member(MemoryLayout<PythonInstance>.offset(of: \.weakReferences) ?? 0)
        if directCall != nil { members[1] = py_call_member(MemoryLayout<PythonInstance>.offset(of: \.call) ?? 0) }
        slots.append(PyType_Slot(slot: Py_tp_members, pfunc: members))
        slots.append(
            PyType_Slot(slot: Py_tp_dealloc, pfunc: unsafeBitCast(endInstance, to: UnsafeMutableRawPointer.self)))
        if constructor != nil {
            slots.append(
                PyType_Slot(slot: Py_tp_new, pfunc: unsafeBitCast(newInstance, to: UnsafeMutableRawPointer.self)))
            slots.append(
                PyType_Slot(
                    slot: Py_tp_init, pfunc: unsafeBitCast(initialiseInstance, to: UnsafeMutableRawPointer.self)))
        }
        if specials["__eq__"] != nil, specials["__hash__"] == nil {
            slots.append(PyType_Slot(slot: Py_tp_hash, pfunc: py_hash_refused()))
        }
        let signature = constructor.map { "\(self.name)\($0.signature(receiver: nil))\n--\n\n" } ?? ""
        slots.append(PyType_Slot(slot: Py_tp_doc, pfunc: strdup("\(signature)\(documentation)")))
        slots.append(PyType_Slot())
        let type = slots.withUnsafeMutableBufferPointer { slots -> PyRef? in
            var specification = PyType_Spec(
                name: strdup(name), basicsize: Int32(MemoryLayout<PythonInstance>.size), itemsize: 0,
                flags: py_class_flags(isChangeable ? 1 : 0, isSubclassable ? 1 : 0, constructor == nil ? 0 : 1)
                    | (directCall == nil ? 0 : py_call_flag()),
                slots: slots.baseAddress)
            return PyType_FromModuleAndSpec(module, &specification, nil)
        }
        guard let type else { throw .taken(py) }
        return type
    }
}
