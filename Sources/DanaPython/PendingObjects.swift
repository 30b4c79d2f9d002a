import CPython
import Dana
import DanaLanguage
import PythonBridge

/// What objects made under a context's lock still lack when it has been given back: entries whose keys may run Python
/// code when they are asked for their hash, and the form in which users see objects and modules.
struct PendingObjects {
    /// What an entry takes here besides its place in the container.
    static let entryBytes = 128

    /// Whether something was made that the Python side has yet to present.
    var needsPresenting = false
    private var entries: [(container: PythonObject, key: PythonObject, value: PythonObject?)] = []
    /// The sets that are to be frozen when they are filled.
    private var frozen: Set<PyRef> = []
    /// The dicts behind the views of them.
    private var viewed: [PyRef: PythonObject] = [:]

    /// An entry of a dict, or an item of a set, in its turn; the references are taken over, but for the container's.
    mutating func add(_ key: PyRef, _ value: PyRef?, to container: PyRef, _ py: borrowing Python) {
        entries.append(
            (
                PythonObject(borrowing: container, py), PythonObject(owning: key),
                value.map { PythonObject(owning: $0) }
            ))
    }

    /// A set is one that takes no more items when it has those that it still lacks.
    mutating func freeze(_ set: PyRef) {
        frozen.insert(set)
        needsPresenting = true
    }

    /// A view is of a dict that nobody else has.
    mutating func note(_ view: PyRef, of dict: PythonObject) { viewed[view] = dict }

    /// Fills in the entries; without the lock.
    mutating func fill(_ py: borrowing Python) throws(PythonError) {
        for index in entries.indices {
            let (container, made, value) = entries[index]
            let key = PythonObject(owning: try seen(made.owned(py), py))
            if let value {
                guard PyDict_SetItem(container.pointer, key.pointer, value.pointer) == 0 else { throw .taken(py) }
            } else {
                guard PySet_Add(container.pointer, key.pointer) == 0 else { throw .taken(py) }
            }
        }
        entries = []
    }

    /// What users see of an object that lacks nothing else, whose reference is taken over.
    func seen(_ made: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        needsPresenting ? try presented(made, py) : made
    }

    /// The same with the objects and modules within it, and the sets that are to be frozen.
    private func presented(_ made: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        switch Int(py_kind(made)) {
        case PY_KIND_LIST:
            for index in 0..<py_list_size(made) {
                guard let item = py_list_get(made, index) else { break }
                py_incref(item)
                let seen = try presented(item, py)
                if seen == item { py_decref(item) } else { PyList_SetItem(made, index, seen) }
            }
            return made
        case PY_KIND_TUPLE:
            let items = try (0..<py_tuple_size(made)).map { index throws(PythonError) -> PyRef in
                let item = py_tuple_get(made, index) ?? py_none()
                py_incref(item)
                return try presented(item, py)
            }
            guard let tuple = PyTuple_New(items.count) else { throw .taken(py) }
            for (index, item) in items.enumerated() { py_tuple_init(tuple, index, item) }
            py_decref(made)
            return tuple
        case PY_KIND_DICT:
            var position = 0
            var (key, item): (PyRef?, PyRef?) = (nil, nil)
            while PyDict_Next(made, &position, &key, &item) != 0 {
                guard let key, let item else { break }
                py_incref(item)
                let seen = try presented(item, py)
                defer { py_decref(seen) }
                if seen != item { PyDict_SetItem(made, key, seen) }
            }
            return made
        case PY_KIND_SET:
            guard frozen.contains(made) else { return made }
            defer { py_decref(made) }
            guard let set = PyFrozenSet_New(made) else { throw .taken(py) }
            return set
        default:
            if let dict = viewed[made] {
                py_decref(try presented(dict.owned(py), py))
                return made
            }
            guard ObjectHandle.held(made) != nil || ModuleHandle.held(made) != nil, let hook = Hooks[.present] else {
                return made
            }
            let object = PythonObject(owning: made)
            return try hook.call(object, py: py).owned(py)
        }
    }
}

extension ContextCore {
    /// Does something with the interpreter that makes Python objects or looks into them. Python's collector waits
    /// meanwhile: what it ends may come back to this context.
    func withLockForConversion<Result>(
        _ py: borrowing Python, _ body: (Interpreter) throws -> Result
    ) throws -> Result {
        let wasOn = PyGC_Disable()
        defer { if wasOn != 0 { PyGC_Enable() } }
        return try withLock(body)
    }
}
