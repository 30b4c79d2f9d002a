import CPython
import Dana
import DanaData
import DanaLanguage
import PythonBridge

/// Makes Python values of a context's. Plain data is copied; functions, objects and modules are held. The lock is held
/// meanwhile: nothing here runs Python code of others. What may is left to do afterwards.
struct DanaToPython {
    let core: ContextCore
    let interpreter: Interpreter
    var pending = PendingObjects()
    private var budget: OutgoingBudget

    init(_ core: ContextCore, _ interpreter: Interpreter) {
        budget = OutgoingBudget(of: core)
        self.core = core
        self.interpreter = interpreter
    }

    /// A value of a context's as a new reference, its own reference released.
    static func converted(
        _ value: Value, in core: ContextCore, wraps: Bool, _ py: borrowing Python
    ) throws -> PyRef {
        var (made, pending) = try core.withLockForConversion(py) { interpreter in
            defer { interpreter.release(value) }
            var converter = DanaToPython(core, interpreter)
            return (try converter.object(value, py), converter.pending)
        }
        return try seen(made, &pending, wraps: wraps, py)
    }

    /// What users see of what was made under the lock, whose reference is taken over.
    static func seen(
        _ made: PyRef, _ pending: inout PendingObjects, wraps: Bool, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        try pending.fill(py)
        let seen = try pending.seen(made, py)
        guard wraps, let hook = Hooks[.wrap] else { return seen }
        return try hook.call(PythonObject(owning: seen), py: py).owned(py)
    }

    /// A new reference to what a borrowed value is in Python.
    mutating func object(_ value: Value, depth: Int = 0, _ py: borrowing Python) throws(PythonError) -> PyRef {
        switch value.view {
        case .null: return py_new_none()
        case .bool(let flag): return py_bool(flag ? 1 : 0)
        case .integer(let integer):
            try take(bytes: OutgoingBudget.number, py)
            return try integer.toPython(py)
        case .bigInteger(let isNegative, let words):
            try take(.sequence, of: words.count, 0, py)
            return try BigInteger(isNegative: isNegative, magnitude: Array(words)).toPython(py)
        case .float(let float):
            try take(bytes: OutgoingBudget.number, py)
            return try float.toPython(py)
        case .string(let utf8, let scalars):
            try take(text: utf8.count, py)
            guard let text = DanaToPython.text(utf8, scalars) else { throw .taken(py) }
            return text
        case .bytes(let bytes):
            try take(text: bytes.count, py)
            let made = bytes.withMemoryRebound(to: CChar.self) {
                PyBytes_FromStringAndSize($0.baseAddress, $0.count)
            }
            guard let made else { throw .taken(py) }
            return made
        case .list(let items):
            try take(.sequence, of: items.count, depth, py)
            if let list = try integers(items, py) {
                // What was made is not kept where it was too much.
                let made = PythonObject(owning: list)
                try take(bytes: items.count * OutgoingBudget.number, py)
                return made.owned(py)
            }
            guard let list = PyList_New(items.count) else { throw .taken(py) }
            do throws(PythonError) {
                for index in items.indices { py_list_init(list, index, try object(items[index], depth: depth + 1, py)) }
            } catch {
                py_decref(list)
                throw error
            }
            return list
        case .tuple(let items):
            try take(.sequence, of: items.count, depth, py)
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
            try take(.dict, of: table.places, depth, py)
            return try dict(table, depth, py)
        case .set(let table, let isFrozen):
            try take(.set, of: table.places, depth, py)
            return try set(table, isFrozen, depth, py)
        case .range(let start, let stop, let step):
            guard let range = PythonRange(start: start, stop: stop, step: step) else {
                throw PythonError(.systemError, "a range without a step")
            }
            return try range.toPython(py)
        case .slice where value.isEllipsis: return try py.builtin("Ellipsis").owned(py)
        case .slice(let start, let stop, let step):
            try take(.sequence, of: 3, depth, py)
            let first = PythonObject(owning: try object(start, depth: depth + 1, py))
            let last = PythonObject(owning: try object(stop, depth: depth + 1, py))
            let width = PythonObject(owning: try object(step, depth: depth + 1, py))
            guard let slice = PySlice_New(first.pointer, last.pointer, width.pointer) else { throw .taken(py) }
            return slice
        case .handle(let number):
            guard let guest = core.object(number) as? PythonGuest else { return try held(value, py) }
            return guest.object.owned(py)
        case .callable:
            if value.callableKind == .enumeration { return try held(value, py) }
            if value.callableKind == .type, let name = interpreter.sharedTypeName(of: value),
                let type = PlainTypes.type(name, py)
            {
                return type
            }
            return try FunctionHandle(reference(value), interpreter.signature(of: value), wraps: false).toPython(py)
        case .module:
            pending.needsPresenting = true
            return try ModuleHandle(reference(value), name: interpreter.moduleName(of: value)).toPython(py)
        case .other:
            guard let (dict, part) = value.viewedDict, case .dict(let table) = dict.view else {
                return try held(value, py)
            }
            try take(.dict, of: table.places, depth, py)
            return try view(of: PythonObject(owning: try self.dict(table, depth, py)), part, py)
        case .exception:
            let origin = interpreter.origin(ofException: value)
            guard let guest = origin.flatMap({ core.object($0) }) as? PythonGuest else { return try held(value, py) }
            return guest.object.owned(py)
        case .structure, .enumMember, .iterator: return try held(value, py)
        }
    }

    private mutating func take(bytes: Int, _ py: borrowing Python) throws(PythonError) {
        do throws(DanaFailure) {
            try budget.take(bytes: bytes)
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    private mutating func take(text count: Int, _ py: borrowing Python) throws(PythonError) {
        do throws(DanaFailure) {
            try budget.take(text: count)
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    private mutating func take(
        _ container: OutgoingBudget.Container, of count: Int, _ depth: Int, _ py: borrowing Python
    ) throws(PythonError) {
        do throws(DanaFailure) {
            try budget.take(container, of: count, depth: depth)
        } catch {
            throw PythonError(mapping: error, py)
        }
    }

    /// A list of integers, made in one go; nil where one of many items is anything else.
    private func integers(
        _ items: UnsafeBufferPointer<Value>, _ py: borrowing Python
    ) throws(PythonError) -> PyRef? {
        guard items.count >= DanaToPython.fewIntegers else { return nil }
        let list = withUnsafeTemporaryAllocation(of: Int64.self, capacity: items.count) { integers -> PyRef?? in
            guard let start = integers.baseAddress, Interpreter.read(items, asIntegers: start) else { return nil }
            return .some(py_list_of_int64(start, items.count))
        }
        guard let list else { return nil }
        guard let made = list else { throw .taken(py) }
        return made
    }

    /// Lists that are shorter are made item by item.
    private static let fewIntegers = 8

    private func reference(_ value: Value) -> ValueReference {
        interpreter.retain(value)
        return ValueReference(owning: value, in: core)
    }

    private mutating func held(_ value: Value, _ py: borrowing Python) throws(PythonError) -> PyRef {
        pending.needsPresenting = true
        return try ObjectHandle(
            reference(value), typeName: interpreter.typeName(of: value), kind: ObjectHandle.Kind(of: value)
        ).toPython(py)
    }

    private mutating func dict(
        _ table: ValueTable, _ depth: Int, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        guard let dict = py_dict_new(table.count) else { throw .taken(py) }
        let held = PythonObject(owning: dict)
        let isPlain = DanaToPython.hasPlainKeys(table)
        for place in 0..<table.places {
            guard let entry = table.entry(place) else { continue }
            if !isPlain { try take(bytes: PendingObjects.entryBytes, py) }
            let key = try object(entry.key, depth: depth + 1, py)
            do throws(PythonError) {
                let value = try object(entry.value, depth: depth + 1, py)
                if isPlain {
                    defer { py_decref(value) }
                    guard PyDict_SetItem(dict, key, value) == 0 else { throw .taken(py) }
                    py_decref(key)
                } else {
                    pending.add(key, value, to: dict, py)
                }
            } catch {
                py_decref(key)
                throw error
            }
        }
        return held.owned(py)
    }

    /// Python's view of a copied dict.
    private mutating func view(
        of dict: PythonObject, _ part: String, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        let view = try py.builtin("dict").attribute(part, py).call(dict, py: py).owned(py)
        pending.note(view, of: dict)
        return view
    }

    private mutating func set(
        _ table: ValueTable, _ isFrozen: Bool, _ depth: Int, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        let isPlain = DanaToPython.hasPlainKeys(table)
        guard let set = isFrozen && isPlain ? PyFrozenSet_New(nil) : PySet_New(nil) else { throw .taken(py) }
        let held = PythonObject(owning: set)
        if isFrozen && !isPlain { pending.freeze(set) }
        for place in 0..<table.places {
            guard let entry = table.entry(place) else { continue }
            if !isPlain { try take(bytes: PendingObjects.entryBytes, py) }
            let item = try object(entry.key, depth: depth + 1, py)
            if isPlain {
                defer { py_decref(item) }
                guard PySet_Add(set, item) == 0 else { throw .taken(py) }
            } else {
                pending.add(item, nil, to: set, py)
            }
        }
        return held.owned(py)
    }

    /// Whether the hashes of all keys are Python's own to tell, without asking anyone. Of keys that are nested deeper one
    /// does not look: what they share would be looked at each time.
    private static func hasPlainKeys(_ table: ValueTable) -> Bool {
        (0..<table.places).allSatisfy { place in
            guard let key = table.entry(place)?.key else { return true }
            return switch key.view {
            case .tuple(let items): items.allSatisfy(isPlain)
            case .set(let items, _):
                (0..<items.places).allSatisfy { place in items.entry(place).map { isPlain($0.key) } ?? true }
            default: isPlain(key)
            }
        }
    }

    private static func isPlain(_ key: Value) -> Bool {
        switch key.view {
        case .null, .bool, .integer, .bigInteger, .float, .string, .bytes, .range: true
        default: false
        }
    }
}
