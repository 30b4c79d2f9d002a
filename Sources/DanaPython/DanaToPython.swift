import CPython
import Dana
import DanaData
import DanaLanguage
import PythonBridge

/// Makes Python values of a context's. Plain data is copied; functions, objects and modules are held. The lock is held
/// meanwhile: nothing here runs Python code of others. What users see of objects and modules is made afterwards.
struct DanaToPython {
    let core: ContextCore
    let interpreter: Interpreter
    /// Whether something was made that the Python side has yet to present.
    var needsPresenting = false

    init(_ core: ContextCore, _ interpreter: Interpreter) {
        self.core = core
        self.interpreter = interpreter
    }

    /// A new reference to what a borrowed value is in Python.
    mutating func object(_ value: Value, depth: Int = 0, _ py: borrowing Python) throws(PythonError) -> PyRef {
        switch value.view {
        case .null: return py_new_none()
        case .bool(let flag): return py_bool(flag ? 1 : 0)
        case .integer(let integer): return try integer.toPython(py)
        case .bigInteger(let isNegative, let words):
            return try BigInteger(isNegative: isNegative, magnitude: Array(words)).toPython(py)
        case .float(let float): return try float.toPython(py)
        case .string(let utf8, let scalars):
            let text =
                scalars == utf8.count
                ? py_str_from_ascii(UnsafeRawPointer(utf8.baseAddress) ?? UnsafeRawPointer(py_none()), utf8.count)
                : utf8.withMemoryRebound(to: CChar.self) { PyUnicode_DecodeUTF8($0.baseAddress, $0.count, nil) }
            guard let text else { throw .taken(py) }
            return text
        case .bytes(let bytes):
            let made = bytes.withMemoryRebound(to: CChar.self) {
                PyBytes_FromStringAndSize($0.baseAddress, $0.count)
            }
            guard let made else { throw .taken(py) }
            return made
        case .list(let items):
            if depth >= PythonToDana.depthLimit { return try held(value, py) }
            guard let list = PyList_New(items.count) else { throw .taken(py) }
            do throws(PythonError) {
                for index in items.indices { py_list_init(list, index, try object(items[index], depth: depth + 1, py)) }
            } catch {
                py_decref(list)
                throw error
            }
            return list
        case .tuple(let items):
            if depth >= PythonToDana.depthLimit { return try held(value, py) }
            guard let tuple = PyTuple_New(items.count) else { throw .taken(py) }
            do throws(PythonError) {
                for index in items.indices {
                    py_tuple_init(tuple, index, try object(items[index], depth: depth + 1, py))
                }
            } catch {
                py_decref(tuple)
                throw error
            }
            return tuple
        case .dict(let table):
            if depth >= PythonToDana.depthLimit { return try held(value, py) }
            return try dict(table, depth, py)
        case .set(let table, let isFrozen): return try set(table, isFrozen, depth, py)
        case .range(let start, let stop, let step):
            guard let range = PythonRange(start: start, stop: stop, step: step) else {
                throw PythonError(.systemError, "a range without a step")
            }
            return try range.toPython(py)
        case .handle(let number):
            guard let guest = core.object(number) as? PythonGuest else { return try held(value, py) }
            return guest.object.owned(py)
        case .callable:
            if value.callableKind == .enumeration { return try held(value, py) }
            return try FunctionHandle(reference(value), interpreter.signature(of: value), wraps: false).toPython(py)
        case .module:
            needsPresenting = true
            return try ModuleHandle(reference(value), name: interpreter.moduleName(of: value)).toPython(py)
        case .structure, .enumMember, .iterator, .exception, .other: return try held(value, py)
        }
    }

    private func reference(_ value: Value) -> ValueReference {
        interpreter.retain(value)
        return ValueReference(owning: value, in: core)
    }

    private mutating func held(_ value: Value, _ py: borrowing Python) throws(PythonError) -> PyRef {
        needsPresenting = true
        let isIterator = if case .iterator = value.view { true } else { false }
        return try ObjectHandle(
            reference(value), typeName: interpreter.typeName(of: value), isIterator: isIterator
        ).toPython(py)
    }

    private mutating func dict(
        _ table: ValueTable, _ depth: Int, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        guard let dict = py_dict_new(table.count) else { throw .taken(py) }
        do throws(PythonError) {
            for place in 0..<table.places {
                guard let entry = table.entry(place) else { continue }
                let key = try object(entry.key, depth: depth + 1, py)
                defer { py_decref(key) }
                let value = try object(entry.value, depth: depth + 1, py)
                defer { py_decref(value) }
                guard PyDict_SetItem(dict, key, value) == 0 else { throw .taken(py) }
            }
        } catch {
            py_decref(dict)
            throw error
        }
        return dict
    }

    private mutating func set(
        _ table: ValueTable, _ isFrozen: Bool, _ depth: Int, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        guard let set = PySet_New(nil) else { throw .taken(py) }
        do throws(PythonError) {
            for place in 0..<table.places {
                guard let entry = table.entry(place) else { continue }
                let item = try object(entry.key, depth: depth + 1, py)
                defer { py_decref(item) }
                guard PySet_Add(set, item) == 0 else { throw .taken(py) }
            }
            guard isFrozen else { return set }
            guard let frozen = PyFrozenSet_New(set) else { throw .taken(py) }
            py_decref(set)
            return frozen
        } catch {
            py_decref(set)
            throw error
        }
    }
}

extension PythonObject {
    /// What users see of a value that came out of Dana, objects and modules within it included.
    static func presented(_ made: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let hook = Hooks[.present] else { return made }
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
        default:
            guard ObjectHandle.held(made) != nil || ModuleHandle.held(made) != nil else { return made }
            let object = PythonObject(owning: made)
            return try hook.call(object, py: py).owned(py)
        }
    }
}
