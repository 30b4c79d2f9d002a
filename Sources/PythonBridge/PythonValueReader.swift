import CPython
import DanaData

/// Puts a Python value on a tape. It keeps its own stack, so depth costs heap and not the thread's stack.
struct PythonValueReader: ~Copyable {
    private var builder = TapeBuilder(minimumCapacity: 256)
    private var frames = PythonValueFrames()
    private var objects: [PythonObject] = []
    private var numbers: [PyRef: UInt32] = [:]
    private let limits: PythonValue.Limits
    private var bytes = 0
    /// Where a failure is, when that is not where the frames stand.
    private var place: PythonPath?

    init(_ limits: PythonValue.Limits) { self.limits = limits }

    consuming func finish() -> PythonValue { PythonValue(builder.finish(), objects: objects) }

    /// The error, with the path to where the reading stopped.
    func located(_ error: PythonError, _ py: borrowing Python) -> PythonError {
        error.at(place ?? frames.path(py))
    }

    mutating func read(_ root: PyRef, _ py: borrowing Python) throws(PythonError) {
        let kind = Int(py_kind(root))
        if !appendScalar(root, kind) { try append(root, kind, py) }
        while let frame = frames.top {
            switch frame.pointee.style {
            case .list, .tuple: try stepElements(frame, py)
            case .dict: try stepDict(frame, py)
            case .elements, .pairs, .fields: try stepElements(frame, py)
            }
        }
        try charge(0)
    }

    // MARK: Steps. Each appends scalars in place, and returns when something else was appended or the frame is done.

    private mutating func stepElements(
        _ frame: UnsafeMutablePointer<PythonValueFrame>, _ py: borrowing Python
    ) throws(PythonError) {
        let isTuple = frame.pointee.style == .tuple
        let container = frame.pointee.container
        let count = frame.pointee.count
        guard (isTuple ? py_tuple_size(container) : py_list_size(container)) == count else {
            throw ListCopy.changed("list")
        }
        var index = frame.pointee.position
        while index < count {
            guard let item = isTuple ? py_tuple_get(container, index) : py_list_get(container, index) else {
                throw .taken(py)
            }
            index &+= 1
            let kind = Int(py_kind(item))
            if appendScalar(item, kind) { continue }
            frame.pointee.position = index
            return try append(item, kind, py)
        }
        builder.end()
        frames.pop()
    }

    private mutating func stepDict(
        _ frame: UnsafeMutablePointer<PythonValueFrame>, _ py: borrowing Python
    ) throws(PythonError) {
        if let value = frame.pointee.pending {
            frame.pointee.pending = nil
            defer { py_decref(value) }
            let kind = Int(py_kind(value))
            if !appendScalar(value, kind) { try append(value, kind, py) }
            return
        }
        let dict = frame.pointee.container
        let count = frame.pointee.count
        guard py_dict_size(dict) == count else { throw ListCopy.changed("dict") }
        var position = frame.pointee.dictPosition
        var index = frame.pointee.position
        var key: PyRef?
        var value: PyRef?
        while index < count {
            guard PyDict_Next(dict, &position, &key, &value) != 0, let key, let value else {
                throw ListCopy.changed("dict")
            }
            index &+= 1
            let keyKind = Int(py_kind(key))
            if appendScalar(key, keyKind) {
                let kind = Int(py_kind(value))
                if appendScalar(value, kind) { continue }
                frame.pointee.dictPosition = position
                frame.pointee.position = index
                return try append(value, kind, py)
            }
            frame.pointee.dictPosition = position
            frame.pointee.position = index
            py_incref(value)
            frame.pointee.pending = value
            return try append(key, keyKind, py)
        }
        builder.end()
        frames.pop()
    }

    // MARK: Values

    /// Appends what needs neither Python code nor a frame; false when the object is anything else.
    @inline(__always)
    private mutating func appendScalar(_ object: PyRef, _ kind: Int) -> Bool {
        switch kind {
        case PY_KIND_STR:
            let text = py_text_of(object)
            guard let start = text.start else {
                PyErr_Clear()
                return false
            }
            bytes &+= text.count
            builder.appendString(utf8: UnsafeRawBufferPointer(start: start, count: text.count))
        case PY_KIND_INT:
            var value: Int64 = 0
            guard py_int64(object, &value) != 0 else { return false }
            builder.appendInt(value)
        case PY_KIND_FLOAT:
            builder.appendDouble(py_float_value(object))
        case PY_KIND_BOOL:
            builder.appendBool(object == py_true())
        case PY_KIND_NONE:
            builder.appendNull()
        default:
            return false
        }
        return true
    }

    /// Appends anything but a plain scalar: a container gets a frame and is filled by the steps.
    private mutating func append(_ object: PyRef, _ kind: Int, _ py: borrowing Python) throws(PythonError) {
        switch kind {
        case PY_KIND_LIST:
            try enter(object, .list, count: py_list_size(object), py)
            builder.beginList()
        case PY_KIND_DICT:
            try enter(object, .dict, count: py_dict_size(object), py)
            builder.beginDict()
        case PY_KIND_TUPLE:
            try enter(object, .tuple, count: py_tuple_size(object), py)
            builder.beginTuple()
        default:
            // Held because from here on Python code may run, which may drop it from where it was borrowed.
            py_incref(object)
            defer { py_decref(object) }
            try appendOther(object, kind, py)
        }
    }

    private mutating func appendOther(_ object: PyRef, _ kind: Int, _ py: borrowing Python) throws(PythonError) {
        switch kind {
        case PY_KIND_STR: try appendText(object, py)
        case PY_KIND_INT:
            try charge(64)
            builder.append(try BigInteger.fromPython(object, py))
        case PY_KIND_BYTES: try appendBytes(object, isMutable: false)
        case PY_KIND_BYTEARRAY: try appendBytes(object, isMutable: true)
        case PY_KIND_SET:
            try enter(object, copy: try ListCopy.of(object, py), .elements, py)
            builder.beginSet()
        case PY_KIND_FROZENSET:
            try enter(object, copy: try ListCopy.of(object, py), .elements, py)
            builder.beginFrozenSet()
        case PY_KIND_COMPLEX: builder.append(try Complex.fromPython(object, py))
        case PY_KIND_RANGE:
            let range = PythonObject(borrowing: object, py)
            let start = try range.attribute("start", as: BigInteger.self, py)
            let stop = try range.attribute("stop", as: BigInteger.self, py)
            let step = try range.attribute("step", as: BigInteger.self, py)
            builder.beginRange()
            builder.append(start)
            builder.append(stop)
            builder.append(step)
            builder.end()
        case PY_KIND_MEMORYVIEW: appendOpaque(object, py)
        default: try appendInstance(object, py)
        }
    }

    private mutating func appendInstance(_ object: PyRef, _ py: borrowing Python) throws(PythonError) {
        let known = try PlainClass.of(py_type(object), py)
        switch known.kind {
        case .opaque: appendOpaque(object, py)
        case .text: try appendText(object, py)
        case .integer: builder.append(try BigInteger.fromPython(object, py))
        case .number: builder.appendDouble(try Double.fromPython(object, py))
        case .complex: builder.append(try Complex.fromPython(object, py))
        case .bytes: try appendBytes(object, isMutable: false)
        case .byteArray: try appendBytes(object, isMutable: true)
        case .tuple:
            try enter(object, copy: try ListCopy.of(object, py), .elements, py)
            builder.beginTuple()
        case .sequence:
            try enter(object, copy: try ListCopy.of(object, py), .elements, py)
            builder.beginList()
        case .set:
            try enter(object, copy: try ListCopy.of(object, py), .elements, py)
            builder.beginSet()
        case .frozenSet:
            try enter(object, copy: try ListCopy.of(object, py), .elements, py)
            builder.beginFrozenSet()
        case .mapping:
            try enter(object, copy: try PythonValueParts.ofMapping(object, py), .pairs, py)
            builder.beginDict()
        case .enumCase:
            try enter(object, copy: try PythonValueParts.ofEnumCase(object, py), .fields, py)
            builder.beginEnumCase()
            appendOpaque(py_type(object), py)
        case .dataclass, .namedTuple:
            try enter(object, copy: try PythonValueParts.ofRecord(object, known, py), .fields, py)
            builder.beginRecord()
            appendOpaque(py_type(object), py)
        default: try appendPlain(object, known.kind, py)
        }
    }

    /// Appends what the tape has a kind of its own for, unless this one does not fit it: then the object is kept.
    private mutating func appendPlain(
        _ object: PyRef, _ kind: PlainKind, _ py: borrowing Python
    ) throws(PythonError) {
        switch kind {
        case .date: builder.append(try CalendarDate.fromPython(object, py))
        case .timeDelta: builder.append(try TimeDelta.fromPython(object, py))
        case .uuid: builder.append(try UniqueIdentifier.fromPython(object, py))
        case .decimal: builder.append(try Decimal.fromPython(object, py))
        case .fraction: builder.append(try Fraction.fromPython(object, py))
        case .path: builder.append(try PathText.fromPython(object, py))
        case .time:
            if let time = try ClockTime.plain(object, py) { builder.append(time) } else { appendOpaque(object, py) }
        case .dateTime:
            if let moment = try DateTime.plain(object, py) { builder.append(moment) } else { appendOpaque(object, py) }
        case .timeZone, .zoneInfo:
            if let zone = try TimeZoneOffset.plain(object, py) {
                builder.append(zone)
            } else {
                appendOpaque(object, py)
            }
        default: appendOpaque(object, py)
        }
    }

    private mutating func appendText(_ object: PyRef, _ py: borrowing Python) throws(PythonError) {
        guard let encoded = py_wtf8(object) else { throw .taken(py) }
        defer { py_decref(encoded) }
        try charge(py_bytes_size(encoded))
        let text = UnsafeRawBufferPointer(start: py_bytes_start(encoded), count: py_bytes_size(encoded))
        if PathText(wtf8: text).hasSurrogates {
            builder.appendSurrogateString(wtf8: text)
        } else {
            builder.appendString(utf8: text)
        }
    }

    private mutating func appendBytes(_ object: PyRef, isMutable: Bool) throws(PythonError) {
        let content = UnsafeRawBufferPointer(start: py_bytes_start(object), count: py_bytes_size(object))
        try charge(content.count)
        if isMutable { builder.appendByteArray(content) } else { builder.appendBytes(content) }
    }

    private mutating func appendOpaque(_ object: PyRef, _ py: borrowing Python) {
        let number = numbers[object] ?? UInt32(truncatingIfNeeded: objects.count)
        if number == objects.count {
            numbers[object] = number
            objects.append(PythonObject(borrowing: object, py))
        }
        builder.appendOpaque(index: number)
    }

    // MARK: Frames and limits

    private mutating func enter(
        _ container: PyRef, _ style: PythonValueFrame.Style, count: Int, _ py: borrowing Python
    ) throws(PythonError) {
        guard frames.count < limits.depth else { throw tooDeep(container, py) }
        try charge(16 &* count)
        frames.push(PythonValueFrame(style, source: container, container: container, count: count))
    }

    /// Enters a container by way of a list of its parts, which is owned.
    private mutating func enter(
        _ source: PyRef, copy: PyRef, _ style: PythonValueFrame.Style, _ py: borrowing Python
    ) throws(PythonError) {
        guard frames.count < limits.depth, bytes < limits.bytes else {
            py_decref(copy)
            try charge(0)
            throw tooDeep(source, py)
        }
        bytes &+= 16 &* py_list_size(copy)
        frames.push(PythonValueFrame(style, source: source, container: copy, count: py_list_size(copy)))
        py_decref(copy)
    }

    private mutating func charge(_ more: Int) throws(PythonError) {
        bytes &+= more
        guard bytes <= limits.bytes else {
            throw .valueError("the value is larger than \(limits.bytes) bytes; raise the limit or convert it in parts")
        }
    }

    private mutating func tooDeep(_ container: PyRef, _ py: borrowing Python) -> PythonError {
        if let cycle = frames.cycle(with: container) {
            place = PythonPath(frames.path(py).steps.prefix(cycle))
            return .valueError("the value contains itself; break the cycle before it is converted")
        }
        return PythonError(
            .recursionError, "the value is nested deeper than \(limits.depth) levels; raise the limit or flatten it")
    }
}

/// The parts of what Python can only take apart by calls: new lists.
enum PythonValueParts {
    /// Keys and values in turn.
    static func ofMapping(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let pairs = PyMapping_Items(object) else { throw .taken(py) }
        defer { py_decref(pairs) }
        var parts: [PyRef] = []
        for index in 0..<py_list_size(pairs) {
            guard let pair = py_list_get(pairs, index), py_is_tuple(pair) != 0, py_tuple_size(pair) == 2,
                let key = py_tuple_get(pair, 0), let value = py_tuple_get(pair, 1)
            else { throw .typeError("the items() of a mapping must be tuples of key and value") }
            parts.append(key)
            parts.append(value)
        }
        return try list(parts, py)
    }

    /// The name, or None, and the value.
    static func ofEnumCase(_ object: PyRef, _ py: borrowing Python) throws(PythonError) -> PyRef {
        let member = PythonObject(borrowing: object, py)
        let name = try member.attribute("_name_", py)
        let value = try member.attribute("_value_", py)
        return try list([name.pointer, value.pointer], py)
    }

    /// Names and values in turn.
    static func ofRecord(
        _ object: PyRef, _ known: PlainClass, _ py: borrowing Python
    ) throws(PythonError) -> PyRef {
        guard let fields = known.fields else { throw PythonError(.systemError, "a record without fields") }
        var owned: [PythonObject] = []
        var parts: [PyRef] = []
        for index in 0..<py_tuple_size(fields.pointer) {
            guard let name = py_tuple_get(fields.pointer, index) else { throw .taken(py) }
            let value: PythonObject
            if known.kind == .namedTuple, index < py_tuple_size(object), let item = py_tuple_get(object, index) {
                value = PythonObject(borrowing: item, py)
            } else {
                guard let attribute = PyObject_GetAttr(object, name) else { throw .taken(py) }
                value = PythonObject(owning: attribute)
            }
            owned.append(value)
            parts.append(name)
            parts.append(value.pointer)
        }
        defer { withExtendedLifetime(owned) {} }
        return try list(parts, py)
    }

    private static func list(_ parts: [PyRef], _ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let list = PyList_New(parts.count) else { throw .taken(py) }
        for (index, part) in parts.enumerated() {
            py_incref(part)
            py_list_init(list, index, part)
        }
        return list
    }
}
