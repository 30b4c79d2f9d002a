import CPython
import Dana
import DanaData
import DanaLanguage
import PythonBridge

/// Puts Python values into a context's heap. Plain data is copied; everything else goes in as a handle. The lock is
/// held meanwhile, so what may run Python code is done before, by a `Preparation`.
struct PythonToDana {
    let core: ContextCore
    let interpreter: Interpreter
    /// Whether the host itself gives the values: what a program comes to is no module that is not open to it.
    var isGift = true
    /// Whether the value is what an attribute of a Python object is.
    var isMember = false
    /// Whether it is what a module has that is open, which is as good as given where it is a class.
    var isOfModule = false

    /// Whether an object stands for one of Dana's.
    static func isNative(_ object: PyRef) -> Bool {
        FunctionHandle.held(object) != nil || ObjectHandle.held(object) != nil || ModuleHandle.held(object) != nil
    }

    /// The value of an object, the caller's.
    func value(_ object: PyRef, depth: Int = 0, _ py: borrowing Python) throws -> Value {
        switch Int(py_kind(object)) {
        case PY_KIND_NONE: return Interpreter.null
        case PY_KIND_BOOL: return Interpreter.bool(object == py_true())
        case PY_KIND_INT:
            var value: Int64 = 0
            if py_int64(object, &value) != 0 { return try interpreter.integer(Int(value)) }
            return try bigInteger(object, py)
        case PY_KIND_FLOAT: return try interpreter.float(py_float_value(object))
        case PY_KIND_STR: return try string(object, py)
        case PY_KIND_LIST: return try list(object, depth, py)
        case PY_KIND_TUPLE: return try tuple(object, depth, py)
        case PY_KIND_DICT: return try dict(object, depth, py)
        case PY_KIND_BYTES, PY_KIND_BYTEARRAY: return try bytes(object)
        case PY_KIND_SET: return try set(object, isFrozen: false, depth, py)
        case PY_KIND_FROZENSET: return try set(object, isFrozen: true, depth, py)
        case PY_KIND_RANGE: return try range(object, depth, py)
        default: return try other(object, depth, py)
        }
    }

    private func other(_ object: PyRef, _ depth: Int, _ py: borrowing Python) throws -> Value {
        switch Int(py_base_kind(py_type(object))) {
        case PY_KIND_STR: return try string(object, py)
        case PY_KIND_INT: return try bigInteger(object, py)
        case PY_KIND_FLOAT: return try interpreter.float(py_float_value(object))
        case PY_KIND_LIST: return try list(object, depth, py)
        case PY_KIND_DICT: return try dict(object, depth, py)
        case PY_KIND_TUPLE: return try tuple(object, depth, names: NamedTuples.names(of: object, py), py)
        case PY_KIND_BYTES, PY_KIND_BYTEARRAY: return try bytes(object)
        case PY_KIND_SET: return try set(object, isFrozen: false, depth, py)
        case PY_KIND_FROZENSET: return try set(object, isFrozen: true, depth, py)
        default: break
        }
        if py_is_slice(object) != 0 { return try slice(object, depth, py) }
        if let reference = reference(object) {
            guard reference.core === core else {
                throw DanaFailure(
                    .usage, kind: "ContextIsolationError",
                    "a function, object or module of one context cannot be used in another: pass plain data, or import "
                        + "the module there")
            }
            interpreter.retain(reference.value)
            return reference.value
        }
        if let name = PlainTypes.name(of: object, py), let type = try interpreter.sharedType(name) { return type }
        if !isGift {
            let modules = OpenModules(core: core)
            if modules.isClosed(object, py) { throw modules.refusal(of: object, py) }
            if let name = ClosedBuiltIns.name(of: object, py) {
                throw DanaFailure(.usage, kind: "AttributeError", ClosedBuiltIns.refusal(of: name))
            }
        }
        let guest = PythonGuest(
            PythonObject(borrowing: object, py), isMember: isMember, isGift: isGift || isOfModule, py)
        let value = try core.handle(for: guest, interpreter)
        if guest.isClass, guest.isGift, case .handle(let number) = value.view {
            (core.object(number) as? PythonGuest)?.give()
        }
        return value
    }

    private func range(_ object: PyRef, _ depth: Int, _ py: borrowing Python) throws -> Value {
        // One with bounds beyond 63 bits stays what it is.
        guard let range = try? PythonRange.fromPython(object, py),
            let made = try? interpreter.range(start: range.start, stop: range.stop, step: range.step)
        else { return try core.handle(for: PythonGuest(PythonObject(borrowing: object, py), py), interpreter) }
        return made
    }

    private func slice(_ object: PyRef, _ depth: Int, _ py: borrowing Python) throws -> Value {
        try checkDepth(depth)
        let slice = PythonObject(borrowing: object, py)
        var parts: [Value] = []
        do {
            for name in ["start", "stop", "step"] {
                parts.append(try value(try slice.attribute(name, py).pointer, depth: depth + 1, py))
            }
        } catch {
            for part in parts { interpreter.release(part) }
            throw error
        }
        return try interpreter.slice(start: parts[0], stop: parts[1], step: parts[2])
    }

    private func reference(_ object: PyRef) -> ValueReference? {
        FunctionHandle.held(object)?.reference ?? ObjectHandle.held(object)?.reference
            ?? ModuleHandle.held(object)?.reference
    }

    private func bigInteger(_ object: PyRef, _ py: borrowing Python) throws -> Value {
        let integer = try BigInteger.fromPython(object, py)
        return try interpreter.integer(isNegative: integer.isNegative, words: integer.magnitude)
    }

    private func string(_ object: PyRef, _ py: borrowing Python) throws -> Value {
        let text = py_text_of(object)
        guard let start = text.start else {
            let error = PythonError.taken(py)
            throw DanaFailure(
                .usage, kind: "TypeConversionError",
                "a string with lone surrogates cannot be handed to Dana: \(error.message(py))")
        }
        let scalars = py_is_ascii(object) != 0 ? text.count : PyUnicode_GetLength(object)
        return try start.withMemoryRebound(to: UInt8.self, capacity: text.count) {
            try interpreter.string(utf8: UnsafeBufferPointer(start: $0, count: text.count), scalars: scalars)
        }
    }

    private func bytes(_ object: PyRef) throws -> Value {
        let count = py_bytes_size(object)
        let start = py_bytes_start(object).assumingMemoryBound(to: UInt8.self)
        return try interpreter.bytes(UnsafeBufferPointer(start: start, count: count))
    }

    private func checkDepth(_ depth: Int) throws {
        guard depth < ContextCore.depthLimit else { throw DanaFailure.tooDeep }
    }

    private func list(_ object: PyRef, _ depth: Int, _ py: borrowing Python) throws -> Value {
        try checkDepth(depth)
        let count = py_list_size(object)
        var failure: (any Error)?
        let list = try interpreter.list(count: count) { items in
            // Most lists of numbers are numbers to their end: they are read in one go.
            let leading = items.withMemoryRebound(to: Int64.self, capacity: count) {
                py_list_read_int64(object, $0, count)
            }
            for index in Interpreter.makeValues(ofIntegers: leading, in: items)..<count {
                guard let item = py_list_get(object, index) else { return index }
                do {
                    items[index] = try value(item, depth: depth + 1, py)
                } catch {
                    failure = error
                    return index
                }
            }
            return count
        }
        if let failure {
            interpreter.release(list)
            throw failure
        }
        return list
    }

    private func tuple(
        _ object: PyRef, _ depth: Int, names: [String] = [], _ py: borrowing Python
    ) throws -> Value {
        try checkDepth(depth)
        var items: [Value] = []
        do {
            for index in 0..<py_tuple_size(object) {
                guard let item = py_tuple_get(object, index) else { break }
                items.append(try value(item, depth: depth + 1, py))
            }
        } catch {
            for item in items { interpreter.release(item) }
            throw error
        }
        return try interpreter.tuple(items, names: names)
    }

    private func dict(_ object: PyRef, _ depth: Int, _ py: borrowing Python) throws -> Value {
        try checkDepth(depth)
        let dict = try interpreter.dict(capacity: py_dict_size(object))
        do {
            var position = 0
            var (key, item): (PyRef?, PyRef?) = (nil, nil)
            while PyDict_Next(object, &position, &key, &item) != 0 {
                guard let key, let item else { break }
                let madeKey = try value(key, depth: depth + 1, py)
                let madeItem: Value
                do {
                    madeItem = try value(item, depth: depth + 1, py)
                } catch {
                    interpreter.release(madeKey)
                    throw error
                }
                try interpreter.set(madeKey, to: madeItem, in: dict)
            }
        } catch {
            interpreter.release(dict)
            throw error
        }
        return dict
    }

    private func set(_ object: PyRef, isFrozen: Bool, _ depth: Int, _ py: borrowing Python) throws -> Value {
        try checkDepth(depth)
        // A copy by the set itself: a subclass may iterate in code of its own.
        guard let copy = PySet_New(object) else { throw PythonError.taken(py) }
        defer { py_decref(copy) }
        guard let items = PySequence_List(copy) else { throw PythonError.taken(py) }
        defer { py_decref(items) }
        let set = try interpreter.set(isFrozen: isFrozen)
        do {
            for index in 0..<py_list_size(items) {
                guard let item = py_list_get(items, index) else { break }
                try interpreter.add(try value(item, depth: depth + 1, py), to: set)
            }
        } catch {
            interpreter.release(set)
            throw error
        }
        return set
    }
}
