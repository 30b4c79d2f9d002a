import CPython
import DanaData

/// Python classes that conversions know, imported at first use and kept.
enum PlainTypes {
    static let mapping = PlainType("collections.abc", "Mapping")
    static let sequence = PlainType("collections.abc", "Sequence")
    static let set = PlainType("collections.abc", "Set")
    static let date = PlainType("datetime", "date")
    static let dateTime = PlainType("datetime", "datetime")
    static let time = PlainType("datetime", "time")
    static let timeDelta = PlainType("datetime", "timedelta")
    static let timeZone = PlainType("datetime", "timezone")
    static let zoneInfo = PlainType("zoneinfo", "ZoneInfo")
    static let decimal = PlainType("decimal", "Decimal")
    static let fraction = PlainType("fractions", "Fraction")
    static let uuid = PlainType("uuid", "UUID")
    static let path = PlainType("pathlib", "Path")
    static let concretePath = PlainType("pathlib", "PosixPath")
    static let enumeration = PlainType("enum", "Enum")
    static let enumerationType = PlainType("enum", "EnumMeta")

    static func isInstance(_ object: PyRef, _ type: PlainType, _ py: borrowing Python) throws(PythonError) -> Bool {
        let found = PyObject_IsInstance(object, try type.object(py).pointer)
        guard found >= 0 else { throw .taken(py) }
        return found != 0
    }
}

/// One class of Python's library by module and name.
struct PlainType: Sendable {
    private let module: StaticString
    private let name: StaticString
    private let kept = Once<PythonObject>()

    init(_ module: StaticString, _ name: StaticString) {
        self.module = module
        self.name = name
    }

    func object(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        try kept.value(py) { py throws(PythonError) in
            try PythonModules.import(module, py).attribute("\(name)", py)
        }
    }

    /// Whether `type` is this very class, found without importing what the program has not imported itself.
    func isExactly(_ type: PyRef, _ py: borrowing Python) throws(PythonError) -> Bool {
        guard let own = PyObject_GetAttrString(type, "__name__") else { throw .taken(py) }
        defer { py_decref(own) }
        guard py_is_str(own) != 0, PyUnicode_CompareWithASCIIString(own, name.pointer) == 0 else { return false }
        return try object(py).pointer == type
    }
}

/// What ``PythonValue`` makes of the instances of a class that is none of the usual exact ones.
enum PlainKind {
    case opaque
    case text, integer, number, complex, bytes, byteArray
    case tuple, sequence, mapping, set, frozenSet
    case date, dateTime, time, timeDelta, timeZone, zoneInfo
    case decimal, fraction, uuid, path
    case enumCase, dataclass, namedTuple

    /// Exact classes of the library, records and enums first; then what a class inherits from; then the abstract
    /// classes; then `__index__` and `__float__`, unless the class has a length as well (an array is no number).
    init(of type: PyRef, _ py: borrowing Python) throws(PythonError) {
        if py_is_subtype(py_type(type), try PlainTypes.enumerationType.object(py).pointer) != 0 {
            self = .enumCase
        } else if PlainKind.has(type, "__dataclass_fields__") {
            self = .dataclass
        } else if py_is_subtype(type, py_tuple_type()) != 0 {
            self = PlainKind.has(type, "_fields") && PlainKind.has(type, "_make") ? .namedTuple : .tuple
        } else if let kind = try PlainKind(exactly: type, py) {
            self = kind
        } else if let kind = PlainKind(inheritedBy: type) {
            self = kind
        } else if try PlainKind.isSubclass(type, PlainTypes.mapping, py) {
            self = .mapping
        } else if py_is_subtype(type, py_memoryview_type()) != 0 {
            self = .opaque
        } else if try PlainKind.isSubclass(type, PlainTypes.sequence, py) {
            self = .sequence
        } else if try PlainKind.isSubclass(type, PlainTypes.set, py) {
            self = .set
        } else if try PlainKind.inheritsPlain(type, py) || PlainKind.has(type, "__len__") {
            self = .opaque
        } else if PlainKind.has(type, "__index__") {
            self = .integer
        } else if PlainKind.has(type, "__float__") {
            self = .number
        } else {
            self = .opaque
        }
    }

    private init?(exactly type: PyRef, _ py: borrowing Python) throws(PythonError) {
        let known: [(PlainType, PlainKind)] = [
            (PlainTypes.date, .date), (PlainTypes.dateTime, .dateTime), (PlainTypes.time, .time),
            (PlainTypes.timeDelta, .timeDelta), (PlainTypes.timeZone, .timeZone), (PlainTypes.zoneInfo, .zoneInfo),
            (PlainTypes.decimal, .decimal), (PlainTypes.fraction, .fraction), (PlainTypes.uuid, .uuid),
            (PlainTypes.concretePath, .path),
        ]
        for (known, kind) in known {
            if try known.isExactly(type, py) {
                self = kind
                return
            }
        }
        return nil
    }

    private init?(inheritedBy type: PyRef) {
        switch Int(py_base_kind(type)) {
        case PY_KIND_STR: self = .text
        case PY_KIND_INT: self = .integer
        case PY_KIND_FLOAT: self = .number
        case PY_KIND_COMPLEX: self = .complex
        case PY_KIND_BYTES: self = .bytes
        case PY_KIND_BYTEARRAY: self = .byteArray
        case PY_KIND_LIST: self = .sequence
        case PY_KIND_DICT: self = .mapping
        case PY_KIND_SET: self = .set
        case PY_KIND_FROZENSET: self = .frozenSet
        default: return nil
        }
    }

    /// Whether a base of the class is a plain one: what a subclass adds to a date or a Decimal has no other form.
    private static func inheritsPlain(_ type: PyRef, _ py: borrowing Python) throws(PythonError) -> Bool {
        let order = try PythonObject(borrowing: type, py).attribute("__mro__", py)
        guard py_is_exact_tuple(order.pointer) != 0 else { return false }
        for index in 1..<max(1, py_tuple_size(order.pointer)) {
            guard let base = py_tuple_get(order.pointer, index) else { throw .taken(py) }
            if try PlainKind(exactly: base, py) != nil { return true }
        }
        return false
    }

    private static func has(_ type: PyRef, _ name: StaticString) -> Bool {
        PyObject_HasAttrString(type, name.pointer) != 0
    }

    private static func isSubclass(
        _ type: PyRef, _ base: PlainType, _ py: borrowing Python
    ) throws(PythonError) -> Bool {
        let found = PyObject_IsSubclass(type, try base.object(py).pointer)
        guard found >= 0 else { throw .taken(py) }
        return found != 0
    }
}

/// What is known of a class: its kind and, of a record, the names of its fields.
struct PlainClass {
    let kind: PlainKind
    /// A tuple of `str`, for records.
    let fields: PythonObject?

    private init(of type: PyRef, _ py: borrowing Python) throws(PythonError) {
        kind = try PlainKind(of: type, py)
        switch kind {
        case .dataclass:
            let fields = try PythonModules.import("dataclasses", py).attribute("fields", py)
                .call(PythonObject(borrowing: type, py), py: py)
            let names = try [PythonObject].fromPython(fields.pointer, py).map { field throws(PythonError) in
                try field.attribute("name", py)
            }
            self.fields = PythonObject(owning: try PlainClass.tuple(names, py))
        case .namedTuple:
            fields = try PythonObject(borrowing: type, py).attribute("_fields", py)
            guard let fields, py_is_exact_tuple(fields.pointer) != 0 else {
                throw .typeError("the _fields of a NamedTuple must be a tuple")
            }
        default:
            fields = nil
        }
    }

    private static func tuple(_ items: [PythonObject], _ py: borrowing Python) throws(PythonError) -> PyRef {
        guard let tuple = PyTuple_New(items.count) else { throw .taken(py) }
        for (index, item) in items.enumerated() { py_tuple_init(tuple, index, item.owned(py)) }
        return tuple
    }

    private final class Table: @unchecked Sendable {
        // Safe because it is touched with the interpreter held only, and never across a call into Python.
        var classes: [PyRef: (type: PythonObject, known: PlainClass)] = [:]
    }

    private static let table = Table()
    /// Classes made at run time would otherwise be kept for ever.
    private static let limit = 1024

    /// What is known of the class, found out at its first instance. The class is kept alive meanwhile, so that its
    /// address means it alone.
    static func of(_ type: PyRef, _ py: borrowing Python) throws(PythonError) -> PlainClass {
        if let entry = table.classes[type] { return entry.known }
        let known = try PlainClass(of: type, py)
        if table.classes.count >= limit {
            let dropped = table.classes
            table.classes = [:]
            withExtendedLifetime(dropped) {}
        }
        table.classes[type] = (PythonObject(borrowing: type, py), known)
        return known
    }
}
