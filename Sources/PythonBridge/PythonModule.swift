import CPython
import Glibc
import PythonTrampolines
import Synchronization

/// What a Swift extension module offers: its name, documentation and members, one declaration an item.
///
/// ```swift
/// let shapes = PythonModule("shapes", doc: "Areas of shapes.") {
///     function("area", "width", "height", doc: "The area.") { (w: Double, h: Double) in w * h }
/// }
/// @c(PyInit_shapes) public func start() -> UnsafeMutableRawPointer? { shapes.initialize() }
/// ```
public final class PythonModule: @unchecked Sendable {
    // Safe because everything is set once, in the initialiser, and the definition is changed by CPython only.
    let name: StaticString
    let items: [any PythonModuleItem]
    private let definition: UnsafeMutablePointer<Definition>

    /// CPython keeps the definition's address, and it is the only thing an execution slot can ask a module for.
    private struct Definition {
        var head: PyModuleDef
        let module: Unmanaged<PythonModule>
    }

    public init(_ name: StaticString, doc: StaticString, @PythonModuleBuilder _ items: () -> [any PythonModuleItem]) {
        self.name = name
        self.items = items()
        definition = .allocate(capacity: 1)
        let slots = UnsafeMutablePointer<PyModuleDef_Slot>.allocate(capacity: 2)
        slots.initialize(to: py_exec_slot(executeModule))
        (slots + 1).initialize(to: PyModuleDef_Slot())
        definition.initialize(
            to: Definition(
                head: py_module_def(name.pointer, doc.pointer, nil, slots), module: Unmanaged.passRetained(self)))
    }

    /// For the module's `PyInit_…` function (multi-phase initialisation).
    public func initialize() -> UnsafeMutableRawPointer? {
        UnsafeMutableRawPointer(
            UnsafeMutableRawPointer(definition).withMemoryRebound(to: PyModuleDef.self, capacity: 1) {
                PyModuleDef_Init($0)
            })
    }

    /// Makes the module for a `ModuleSpec`, not yet executed; for importers and programs that embed Python.
    public func make(for spec: PythonObject, _ py: borrowing Python) throws(PythonError) -> PythonObject {
        let module = UnsafeMutableRawPointer(definition).withMemoryRebound(to: PyModuleDef.self, capacity: 1) {
            py_module_from_spec($0, spec.pointer)
        }
        return try .result(of: module, py)
    }

    /// Fills a module that ``make(for:_:)`` has made; an executed one is left as it is.
    public func execute(_ module: PythonObject, _ py: borrowing Python) throws(PythonError) {
        let status = UnsafeMutableRawPointer(definition).withMemoryRebound(to: PyModuleDef.self, capacity: 1) {
            PyModule_ExecDef(module.pointer, $0)
        }
        if status != 0 { throw .taken(py) }
    }

    fileprivate static func of(_ module: PyRef) -> PythonModule? {
        // Safe because only modules made here run `executeModule`, and theirs is the larger structure.
        PyModule_GetDef(module).map {
            UnsafeMutableRawPointer($0).assumingMemoryBound(to: Definition.self).pointee.module.takeUnretainedValue()
        }
    }

    fileprivate func execute(_ module: PyRef, _ py: borrowing Python) throws(PythonError) {
        guard PyInterpreterState_GetID(PyInterpreterState_Get()) == 0 else {
            throw PythonError(
                .importError, "\(name) cannot be imported in a sub-interpreter; import it in the main interpreter")
        }
        try InterpreterExit.register(py)
        for item in items { try item.install(in: module, named: name, py) }
    }
}

/// Runs a module's items when Python imports it.
private func executeModule(_ module: PyRef?) -> Int32 {
    let py = Python(held: ())
    guard let module, let definition = PythonModule.of(module) else {
        py_raise(PythonExceptionKind.systemError.type, "a module without a definition was executed")
        return -1
    }
    do throws(PythonError) {
        try definition.execute(module, py)
        return 0
    } catch {
        error.raise(py)
        return -1
    }
}

/// Something a module can contain.
public protocol PythonModuleItem: Sendable {
    func install(in module: PyRef, named name: StaticString, _ py: borrowing Python) throws(PythonError)
}

/// Gathers the items of a ``PythonModule``.
@resultBuilder
public enum PythonModuleBuilder {
    public static func buildExpression(_ item: any PythonModuleItem) -> [any PythonModuleItem] { [item] }
    public static func buildExpression(_ items: [any PythonModuleItem]) -> [any PythonModuleItem] { items }
    public static func buildBlock(_ items: [any PythonModuleItem]...) -> [any PythonModuleItem] { items.flatMap { $0 } }
    public static func buildOptional(_ items: [any PythonModuleItem]?) -> [any PythonModuleItem] { items ?? [] }
    public static func buildEither(first items: [any PythonModuleItem]) -> [any PythonModuleItem] { items }
    public static func buildEither(second items: [any PythonModuleItem]) -> [any PythonModuleItem] { items }
    public static func buildArray(_ items: [[any PythonModuleItem]]) -> [any PythonModuleItem] { items.flatMap { $0 } }
}

extension ExportedFunction: PythonModuleItem {
    public func install(in module: PyRef, named name: StaticString, _ py: borrowing Python) throws(PythonError) {
        guard
            PyModule_AddFunctions(
                module, try methodTable([MethodEntry(function: self, receiver: "module", flags: 0)], py)) == 0
        else {
            throw .taken(py)
        }
    }
}

/// One line of a method table: a function, what its signature calls `self` and the flags of its kind.
struct MethodEntry {
    let function: ExportedFunction
    let receiver: String?
    let flags: Int32
}

/// A table of methods as CPython wants it: it keeps the address, so the table lives as long as the process.
func methodTable(
    _ entries: [MethodEntry], _ py: borrowing Python
) throws(PythonError) -> UnsafeMutablePointer<PyMethodDef> {
    let table = UnsafeMutablePointer<PyMethodDef>.allocate(capacity: entries.count + 1)
    for (index, entry) in entries.enumerated() {
        let function = entry.function
        guard let pointer = ExportSlots.claim(function) else {
            throw PythonError(.systemError, "this process exports more than \(DANA_EXPORT_SLOTS) functions to Python")
        }
        (table + index).initialize(
            to: py_method_def(
                function.name.pointer, pointer, function.takesKeywords ? 1 : 0, entry.flags,
                strdup(function.text(receiver: entry.receiver))))
    }
    (table + entries.count).initialize(to: PyMethodDef())
    return table
}

/// Hands out the process's trampolines, one for each exported function, however often its module is imported.
private enum ExportSlots {
    private struct State {
        var next = 0
        var taken: [ObjectIdentifier: Int] = [:]
    }
    private static let state = Mutex(State())

    static func claim(_ function: ExportedFunction) -> UnsafeMutableRawPointer? {
        state.withLock { state in
            if let slot = state.taken[ObjectIdentifier(function)] {
                return dana_trampoline(slot, function.takesKeywords ? 1 : 0)
            }
            guard state.next < Int(DANA_EXPORT_SLOTS) else { return nil }
            let slot = state.next
            state.next += 1
            state.taken[ObjectIdentifier(function)] = slot
            // A slot is never given up, and the function with it.
            var entry = Unmanaged.passRetained(function).takeUnretainedValue().entry
            dana_export_set(slot, &entry)
            return dana_trampoline(slot, function.takesKeywords ? 1 : 0)
        }
    }
}
