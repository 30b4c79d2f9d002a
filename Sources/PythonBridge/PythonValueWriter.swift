import CPython
import DanaData

/// Makes the Python value of a tape. It keeps its own stack, so depth costs heap and not the thread's stack.
struct PythonValueWriter: ~Copyable {
    private var cursor: TapeCursor
    private let objects: [PythonObject]
    private var frames: [Frame] = []

    /// A container that is being filled; its references are owned.
    private struct Frame {
        let kind: TapeKind
        let container: PyRef
        /// How many elements, pairs or parts it gets.
        let count: Int
        var position = 0
        /// The key whose value comes next.
        var key: PyRef?
    }

    init(_ value: PythonValue) {
        cursor = value.tape.cursor()
        objects = value.objects
    }

    deinit {
        // The interpreter is held: a writer exists only inside a conversion.
        for frame in frames {
            py_xdecref(frame.key)
            py_decref(frame.container)
        }
    }

    func located(_ error: PythonError, _ py: borrowing Python) -> PythonError {
        error.at(
            PythonPath(
                frames.map { frame in
                    frame.key.map { PythonPath.Step.of(key: $0, py) } ?? .index(frame.position)
                }))
    }

    mutating func write(_ py: borrowing Python) throws(PythonError) -> PyRef {
        if let made = try scalar(py) { return made }
        try enter(py)
        while true {
            let top = frames.count - 1
            let frame = frames[top]
            let finished =
                switch frame.kind {
                case .dict: try fillDict(frame, top, py)
                case .list: try fillList(frame, top, py)
                default: try fillTuple(frame, top, py)
                }
            guard finished else { continue }
            frames.removeLast()
            let made = try completed(frame, py)
            guard !frames.isEmpty else { return made }
            try place(made, py)
        }
    }

    // MARK: Filling. Each makes scalars in place, and stops at a container, which gets a frame of its own.

    private mutating func fillList(_ frame: Frame, _ top: Int, _ py: borrowing Python) throws(PythonError) -> Bool {
        var index = frame.position
        while index < frame.count {
            frames[top].position = index
            guard let item = try scalar(py) else {
                try enter(py)
                return false
            }
            py_list_init(frame.container, index, item)
            index += 1
        }
        return true
    }

    private mutating func fillTuple(_ frame: Frame, _ top: Int, _ py: borrowing Python) throws(PythonError) -> Bool {
        var index = frame.position
        while index < frame.count {
            frames[top].position = index
            guard let item = try scalar(py) else {
                try enter(py)
                return false
            }
            py_tuple_init(frame.container, index, item)
            index += 1
        }
        return true
    }

    private mutating func fillDict(_ frame: Frame, _ top: Int, _ py: borrowing Python) throws(PythonError) -> Bool {
        var index = frame.position
        var key = frame.key
        while index < frame.count {
            if key == nil {
                key = try KeyCache.key(&cursor, py)
                if key == nil { key = try scalar(py) }
                frames[top].key = key
                guard key != nil else {
                    try enter(py)
                    return false
                }
            }
            guard let value = try scalar(py) else {
                try enter(py)
                return false
            }
            try store(value, top, py)
            key = nil
            index += 1
        }
        return true
    }

    /// Stores the value of the frame's key; both references are consumed.
    private mutating func store(_ value: PyRef, _ top: Int, _ py: borrowing Python) throws(PythonError) {
        defer { py_decref(value) }
        guard let key = frames[top].key else { return }
        guard PyDict_SetItem(frames[top].container, key, value) == 0 else { throw .taken(py) }
        frames[top].key = nil
        frames[top].position += 1
        py_decref(key)
    }

    /// Hands a finished container to the frame around it.
    private mutating func place(_ made: PyRef, _ py: borrowing Python) throws(PythonError) {
        let top = frames.count - 1
        switch frames[top].kind {
        case .dict:
            if frames[top].key == nil { frames[top].key = made } else { try store(made, top, py) }
        case .list:
            py_list_init(frames[top].container, frames[top].position, made)
            frames[top].position += 1
        default:
            py_tuple_init(frames[top].container, frames[top].position, made)
            frames[top].position += 1
        }
    }

    // MARK: Values

    /// Makes the node before which the cursor stands, if it is no container with a frame.
    @inline(__always)
    private mutating func scalar(_ py: borrowing Python) throws(PythonError) -> PyRef? {
        let made: PyRef?
        switch cursor.kind {
        case .string:
            let isASCII = cursor.isASCII
            made = cursor.readString { bytes in
                if isASCII, let start = bytes.baseAddress { return py_str_from_ascii(start, bytes.count) }
                return py_str_from_utf8(bytes.baseAddress, bytes.count)
            }
        case .int: made = PyLong_FromLongLong(cursor.readInt())
        case .double: made = PyFloat_FromDouble(cursor.readDouble())
        case .bool: made = py_bool(cursor.readBool() ? 1 : 0)
        case .null:
            cursor.readNull()
            made = py_new_none()
        case .list, .dict, .tuple, .set, .frozenSet, .range, .record, .enumCase: return nil
        default: return try plain(py)
        }
        guard let made else { throw .taken(py) }
        return made
    }

    @inline(never)
    private mutating func plain(_ py: borrowing Python) throws(PythonError) -> PyRef {
        let made: PyRef?
        switch cursor.kind {
        case .surrogateString: made = cursor.readBytes { py_str_from_wtf8($0.baseAddress, $0.count) }
        case .bytes:
            made = cursor.readBytes { bytes in
                PyBytes_FromStringAndSize(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
            }
        case .byteArray:
            made = cursor.readBytes { bytes in
                PyByteArray_FromStringAndSize(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
            }
        case .bigInteger: return try cursor.readBigInteger().toPython(py)
        case .complex: return try cursor.readComplex().toPython(py)
        case .date: return try cursor.readDate().toPython(py)
        case .time: return try cursor.readTime().toPython(py)
        case .dateTime: return try cursor.readDateTime().toPython(py)
        case .timeDelta: return try cursor.readTimeDelta().toPython(py)
        case .timeZone: return try cursor.readTimeZone().toPython(py)
        case .decimal: return try cursor.readDecimal().toPython(py)
        case .fraction: return try cursor.readFraction().toPython(py)
        case .uniqueIdentifier: return try cursor.readUniqueIdentifier().toPython(py)
        case .path: return try cursor.readPath().toPython(py)
        case .opaque:
            let number = Int(cursor.readOpaque())
            guard number < objects.count else {
                throw .valueError("the tape names object \(number), but only \(objects.count) came with it")
            }
            return objects[number].owned(py)
        default: throw PythonError(.systemError, "a container stands where a scalar was read")
        }
        guard let made else { throw .taken(py) }
        return made
    }

    /// Opens the container before which the cursor stands.
    private mutating func enter(_ py: borrowing Python) throws(PythonError) {
        let kind = cursor.kind
        let count = cursor.enter()
        let parts = kind == .record ? 2 * count + 1 : count
        let container =
            switch kind {
            case .dict: py_dict_new(count)
            case .list: PyList_New(count)
            default: PyTuple_New(parts)
            }
        guard let container else { throw .taken(py) }
        frames.append(Frame(kind: kind, container: container, count: parts))
    }

    /// What a filled frame stands for; the frame's reference is consumed.
    private func completed(_ frame: Frame, _ py: borrowing Python) throws(PythonError) -> PyRef {
        let made: PyRef?
        switch frame.kind {
        case .list, .dict, .tuple: return frame.container
        case .set: made = PySet_New(frame.container)
        case .frozenSet: made = PyFrozenSet_New(frame.container)
        case .range: made = PyObject_Call(py_range_type(), frame.container, nil)
        default:
            defer { py_decref(frame.container) }
            return frame.kind == .record
                ? try PythonValueRecord.record(frame.container, py)
                : try PythonValueRecord.enumCase(frame.container, py)
        }
        py_decref(frame.container)
        guard let made else { throw .taken(py) }
        return made
    }
}

/// Builds records and enum members from their parts: a tuple of the class, then names and values.
enum PythonValueRecord {
    static func record(_ parts: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let type = py_tuple_get(parts, 0) else { throw .taken(py) }
        guard py_is_type(type) != 0 else { return try dictionary(parts, py) }
        let isTuple = py_is_subtype(type, py_tuple_type()) != 0
        let made = isTuple ? try namedTuple(type, parts, py) : try instance(type, parts, py)
        return made
    }

    /// Without a class: a dict of the fields.
    private static func dictionary(_ parts: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let dict = PyDict_New() else { throw .taken(py) }
        for index in stride(from: 1, to: py_tuple_size(parts), by: 2) {
            guard let name = py_tuple_get(parts, index), let value = py_tuple_get(parts, index + 1),
                PyDict_SetItem(dict, name, value) == 0
            else {
                py_decref(dict)
                throw .taken(py)
            }
        }
        return dict
    }

    private static func namedTuple(_ type: PyRef, _ parts: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        let count = (py_tuple_size(parts) - 1) / 2
        guard let values = PyTuple_New(count) else { throw .taken(py) }
        defer { py_decref(values) }
        for index in 0..<count {
            guard let value = py_tuple_get(parts, 2 * index + 2) else { throw .taken(py) }
            py_incref(value)
            py_tuple_init(values, index, value)
        }
        // `tuple.__new__`, as `_make` does: the class may have a constructor of its own.
        let create = try PythonObject(borrowing: py_tuple_type(), py).attribute("__new__", py)
        return try create.call([PythonObject(borrowing: type, py), PythonObject(borrowing: values, py)], py).owned(py)
    }

    private static func instance(_ type: PyRef, _ parts: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        let create = try PythonObject(borrowing: py_object_type(), py).attribute("__new__", py)
        let object = try create.call([PythonObject(borrowing: type, py)], py)
        for index in stride(from: 1, to: py_tuple_size(parts), by: 2) {
            // `object.__setattr__`, so that frozen classes are filled too.
            guard let name = py_tuple_get(parts, index), let value = py_tuple_get(parts, index + 1),
                PyObject_GenericSetAttr(object.pointer, name, value) == 0
            else { throw .taken(py) }
        }
        return object.owned(py)
    }

    static func enumCase(_ parts: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let type = py_tuple_get(parts, 0), let name = py_tuple_get(parts, 1), let value = py_tuple_get(parts, 2)
        else { throw .taken(py) }
        guard py_is_type(type) != 0 else {
            py_incref(value)
            return value
        }
        if name != py_none() {
            if let member = PyObject_GetItem(type, name) { return member }
            PyErr_Clear()
        }
        // A combination of flags has no name of its own, or none that can be looked up.
        guard let member = py_call1(type, value) else { throw .taken(py) }
        return member
    }
}
