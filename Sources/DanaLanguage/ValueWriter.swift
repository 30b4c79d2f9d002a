/// Writes values as `str`, `repr` and `ascii` do, walking nested ones with a stack of its own. What holds itself is
/// written as `[...]` inside itself.
struct ValueWriter {
    enum Style {
        case str, repr, ascii
    }

    let heap: Heap
    private(set) var output: TextOutput
    private let style: Style
    private var frames: [Frame] = []
    private var open: Set<UInt64> = []

    /// A container whose items are being written.
    private struct Frame {
        let container: Value
        let form: Form
        var position = 0
        var isFirst = true

        var isPair: Bool {
            if case .pairTuple = form { return true }
            return false
        }
    }

    private enum Form {
        case items(UnsafeBufferPointer<Value>, close: StaticString)
        case keys(TableObject, close: StaticString)
        case values(TableObject)
        case pairs(TableObject, asTuples: Bool)
        case fields(StructObject)
        /// A pair of `dict_items`.
        case pairTuple(key: Value, value: Value)
    }

    init(heap: Heap, style: Style) {
        self.heap = heap
        self.style = style
        output = TextOutput(heap: heap)
    }

    /// The `str`, `repr` or `ascii` of a value, owned; the host is to be asked for a handle's.
    static func text(_ value: Value, _ style: Style, heap: Heap) throws(DanaError) -> Value {
        if value.isObject(.hostHandle) { throw .handle }
        if style == .str, value.isObject(.string) { return heap.retained(value) }
        if value.isSmallInteger { return try heap.string(decimal: value.smallInteger) }
        var writer = ValueWriter(heap: heap, style: style)
        try writer.write(value)
        return try writer.output.string()
    }

    /// Writes a value: a string in the style asked for, anything inside a container as `repr`.
    mutating func write(_ value: Value) throws(DanaError) {
        if style == .str {
            if let string = StringObject(value) { return output.append(string) }
            if let exception = ExceptionObject(value) { return try writeMessage(of: exception) }
        }
        try writeRepr(value)
    }

    mutating func append(_ text: StaticString) { output.append(text) }

    mutating func append(_ string: StringObject) { output.append(string) }

    private mutating func writeRepr(_ value: Value) throws(DanaError) {
        let floor = frames.count
        try begin(value)
        while frames.count > floor {
            try heap.charge(1)
            try output.check()
            try goOn()
        }
    }

    /// The message: the only argument, or all of them as a tuple; what the arguments of the
    /// system's errors and of those about encodings mean.
    private mutating func writeMessage(of exception: ExceptionObject) throws(DanaError) {
        let arguments = exception.arguments
        if let parts = SystemErrorParts(exception) {
            output.append("[Errno ")
            try write(parts.number)
            output.append("] ")
            try write(parts.text)
            if let file = parts.file {
                output.append(": ")
                try writeRepr(file)
            }
            if let otherFile = parts.otherFile {
                output.append(" -> ")
                try writeRepr(otherFile)
            }
            return
        }
        if let parts = UnicodeErrorParts(exception) {
            output.append("'")
            try write(parts.encoding)
            output.append("' codec ")
            output.append(text: parts.middle)
            output.append(": ")
            return try write(parts.reason)
        }
        if arguments.count == 0 { return }
        guard arguments.count == 1 else { return try writeRepr(arguments.value) }
        let only = arguments[unchecked: 0]
        if exception.exceptionKind != .keyError, let string = StringObject(only) { return output.append(string) }
        try writeRepr(only)
    }

    // MARK: Containers

    private mutating func enter(_ container: Value, _ form: Form, opening: StaticString, again: StaticString)
        throws(DanaError)
    {
        guard open.insert(container.bits).inserted else { return output.append(again) }
        if frames.count & 0x3FF == 0x3FF { try heap.reserve(frames.count * MemoryLayout<Frame>.stride) }
        output.append(opening)
        frames.append(Frame(container: container, form: form))
    }

    private mutating func leave(_ close: StaticString) {
        output.append(close)
        if let frame = frames.popLast(), !frame.isPair { open.remove(frame.container.bits) }
    }

    /// Writes the next item of the innermost container, or its end.
    private mutating func goOn() throws(DanaError) {
        guard var frame = frames.last else { return }
        let isFirst = frame.isFirst
        frame.isFirst = false
        switch frame.form {
        case .items(let items, let close):
            guard frame.position < items.count else {
                if case .tuple? = frame.container.objectKind, items.count == 1 { output.append(",") }
                return leave(close)
            }
            if !isFirst { output.append(", ") }
            frame.position += 1
            frames[frames.count - 1] = frame
            try begin(items[frame.position - 1])
        case .keys(let table, let close):
            guard let entry = nextEntry(of: table, &frame) else { return leave(close) }
            if !isFirst { output.append(", ") }
            try begin(entry.key)
        case .values(let table):
            guard let entry = nextEntry(of: table, &frame) else { return leave("])") }
            if !isFirst { output.append(", ") }
            try begin(entry.value)
        case .pairs(let table, let asTuples):
            guard let entry = nextEntry(of: table, &frame) else {
                if asTuples { leave("])") } else { leave("}") }
                return
            }
            if !isFirst { output.append(", ") }
            if asTuples {
                output.append("(")
                frames.append(Frame(container: frame.container, form: .pairTuple(key: entry.key, value: entry.value)))
            } else {
                frames.append(Frame(container: .undefined, form: .pairTuple(key: entry.key, value: entry.value)))
            }
        case .fields(let structure):
            guard frame.position < structure.count else { return leave(")") }
            if !isFirst { output.append(", ") }
            let names = structure.type.fieldNames
            if frame.position < names.count, let name = StringObject(names[unchecked: frame.position]) {
                output.append(name)
                output.append("=")
            }
            frame.position += 1
            frames[frames.count - 1] = frame
            try begin(structure.fields[frame.position - 1])
        case .pairTuple(let key, let value):
            let isEntry = frame.container.isUndefined
            frame.position += 1
            frames[frames.count - 1] = frame
            switch frame.position {
            case 1: try begin(key)
            case 2:
                if isEntry { output.append(": ") } else { output.append(", ") }
                try begin(value)
            default:
                if isEntry { leave("") } else { leave(")") }
            }
        }
    }

    private mutating func nextEntry(of table: TableObject, _ frame: inout Frame) -> TableObject.Entry? {
        while frame.position < table.used {
            let entry = table.entry(frame.position).pointee
            frame.position += 1
            if entry.key.isUndefined { continue }
            frames[frames.count - 1] = frame
            return entry
        }
        return nil
    }

    // MARK: Single values

    /// Writes a plain value, or the beginning of a container.
    private mutating func begin(_ value: Value) throws(DanaError) {
        if value.isSmallInteger { return output.append(decimal: value.smallInteger) }
        if let float = value.float { return FloatText.write(float, into: &output) }
        guard value.isObject else {
            return output.append(value.isNull ? "None" : value.isIdentical(to: .true) ? "True" : "False")
        }
        switch value.object.pointee.kind {
        case .string:
            TextRepr.write(text: ByteView(StringObject(known: value).bytes), asciiOnly: style == .ascii, into: &output)
        case .bytes: TextRepr.write(bytes: ByteView(BytesObject(known: value).bytes), into: &output)
        case .bigInt: try output.append(decimal: BigIntObject(known: value), heap: heap)
        case .list:
            try enter(value, .items(ListObject(known: value).items, close: "]"), opening: "[", again: "[...]")
        case .tuple:
            try enter(value, .items(TupleObject(known: value).items, close: ")"), opening: "(", again: "(...)")
        case .dict:
            let table = DictObject(known: value).table
            try enter(value, .pairs(table, asTuples: false), opening: "{", again: "{...}")
        case .set: try beginSet(SetObject(known: value))
        case .dictView: try beginView(DictViewObject(known: value))
        case .structure: try beginStruct(StructObject(known: value))
        case .exception:
            let exception = ExceptionObject(known: value)
            output.append(text: exception.exceptionKind.name)
            let arguments = exception.arguments.items
            try enter(value, .items(arguments, close: ")"), opening: "(", again: "(...)")
        default: try ValueName(heap: heap).write(value, into: &output)
        }
    }

    private mutating func beginSet(_ set: SetObject) throws(DanaError) {
        if set.count == 0 { return output.append(set.isFrozen ? "frozenset()" : "set()") }
        if set.isFrozen { output.append("frozenset(") }
        try enter(
            set.value, .keys(set.table, close: set.isFrozen ? "})" : "}"), opening: "{",
            again: set.isFrozen ? "frozenset(...)" : "set(...)")
    }

    private mutating func beginView(_ view: DictViewObject) throws(DanaError) {
        let table = view.dict.table
        switch view.part {
        case .keys: try enter(view.value, .keys(table, close: "])"), opening: "dict_keys([", again: "...")
        case .values: try enter(view.value, .values(table), opening: "dict_values([", again: "...")
        case .items:
            try enter(view.value, .pairs(table, asTuples: true), opening: "dict_items([", again: "...")
        }
    }

    private mutating func beginStruct(_ structure: StructObject) throws(DanaError) {
        if let match = MatchText(structure, heap) {
            return try match.write(into: &output, asciiOnly: style == .ascii, heap)
        }
        if let name = StringObject(structure.type.at.pointee.name) { output.append(name) }
        try enter(structure.value, .fields(structure), opening: "(", again: "(...)")
    }
}

extension TextOutput {
    /// Appends the decimal digits of an integer.
    mutating func append(decimal integer: Int) {
        if integer >= 0 && integer < 10 { return append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: integer)) }
        IntegerText(integer).withView { append($0) }
    }

    /// Appends the decimal digits of a big integer; a `ValueError` beyond the digits Python converts.
    mutating func append(decimal integer: BigIntObject, heap: Heap) throws(DanaError) {
        let digits = try IntegerConversion(heap: heap).digits(of: integer, radix: 10)
        if integer.isNegative { append(UInt8(ascii: "-")) }
        digits.withView { append($0) }
    }
}
