/// Writes a value as JSON, walking nested ones with a stack of its own.
struct ValueJSONWriter {
    struct Style {
        var skipsKeys = false
        var isASCII = true
        var allowsNaN = true
        var sortsKeys = false
        /// What each level is indented by; nil for one line.
        var indent: String?
        var itemSeparator = ", "
        var keySeparator = ": "
    }

    let heap: Heap
    let style: Style
    private(set) var output: TextOutput
    private var frames: [Frame] = []
    private var open: Set<UInt64> = []

    /// A container whose items are being written.
    private struct Frame {
        let container: Value
        /// The pairs of a dict in the order to write, when that is not the dict's own.
        var order: [Int]?
        var position = 0
        var isEmpty = true
    }

    init(heap: Heap, style: Style) {
        self.heap = heap
        self.style = style
        output = TextOutput(heap: heap)
    }

    mutating func write(_ value: Value) throws(DanaError) {
        try begin(value)
        while !frames.isEmpty {
            try heap.charge(1)
            try output.check()
            try goOn()
        }
    }

    private mutating func goOn() throws(DanaError) {
        guard var frame = frames.last else { return }
        if let items = ListObject(frame.container)?.items ?? TupleObject(frame.container)?.items {
            guard frame.position < items.count else { return leave(UInt8(ascii: "]"), frame) }
            separate(frame)
            frame.position += 1
            frame.isEmpty = false
            frames[frames.count - 1] = frame
            return try begin(items[frame.position - 1])
        }
        let table = DictObject(known: frame.container).table
        let count = frame.order?.count ?? table.used
        while frame.position < count {
            let entry = table.entry(frame.order?[frame.position] ?? frame.position).pointee
            frame.position += 1
            if entry.key.isUndefined { continue }
            guard let key = try keyText(entry.key) else { continue }
            separate(frame)
            frame.isEmpty = false
            frames[frames.count - 1] = frame
            key.withView { JSONText.write(string: $0, asciiOnly: style.isASCII, into: &output) }
            output.append(text: style.keySeparator)
            return try begin(entry.value)
        }
        leave(UInt8(ascii: "}"), frame)
    }

    /// What stands before an item.
    private mutating func separate(_ frame: Frame) {
        if !frame.isEmpty { output.append(text: style.itemSeparator) }
        breakLine(depth: frames.count)
    }

    private mutating func breakLine(depth: Int) {
        guard let indent = style.indent else { return }
        output.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { output.append(text: indent) }
    }

    private mutating func leave(_ close: UInt8, _ frame: Frame) {
        frames.removeLast()
        open.remove(frame.container.bits)
        if !frame.isEmpty { breakLine(depth: frames.count) }
        output.append(close)
    }

    /// Writes a plain value, or the beginning of a container.
    private mutating func begin(_ value: Value) throws(DanaError) {
        if value.isSmallInteger { return output.append(decimal: value.smallInteger) }
        if let float = value.float {
            guard float.isFinite || style.allowsNaN else {
                throw heap.valueError("Out of range float values are not JSON compliant")
            }
            return JSONText.write(float: float, into: &output)
        }
        guard value.isObject else {
            return output.append(value.isNull ? "null" : value.isIdentical(to: .true) ? "true" : "false")
        }
        switch value.object.pointee.kind {
        case .string:
            JSONText.write(
                string: ByteView(StringObject(known: value).bytes), asciiOnly: style.isASCII, into: &output)
        case .bigInt: try output.append(decimal: BigIntObject(known: value), heap: heap)
        case .list, .tuple, .dict: try enter(value)
        default: throw heap.typeError("Object of type \(value.typeName) is not JSON serializable")
        }
    }

    private mutating func enter(_ container: Value) throws(DanaError) {
        guard open.insert(container.bits).inserted else { throw heap.valueError("Circular reference detected") }
        guard frames.count < ModulesJSON.deepest else {
            throw heap.error(.recursionError, "JSON lies more than \(ModulesJSON.deepest) levels deep")
        }
        let isDict = container.isObject(.dict)
        output.append(isDict ? UInt8(ascii: "{") : UInt8(ascii: "["))
        let order = isDict && style.sortsKeys ? try sortedEntries(of: DictObject(known: container)) : nil
        frames.append(Frame(container: container, order: order))
    }

    /// The numbers of a dict's entries in the order of their keys.
    private func sortedEntries(of dict: DictObject) throws(DanaError) -> [Int] {
        let table = dict.table
        let keys = try heap.list(capacity: table.count)
        let heldKeys = heap.owned(keys.value)
        let places = try heap.list(capacity: table.count)
        let heldPlaces = heap.owned(places.value)
        for index in 0..<table.used where !table.entry(index).pointee.key.isUndefined {
            try heap.append(heap.retained(table.entry(index).pointee.key), to: keys)
            try heap.append(Value(small: index), to: places)
        }
        try ValueSort(heap: heap, isReversed: false).sort(places, by: keys)
        defer { _ = (heldKeys.value, heldPlaces.value) }
        return places.items.map(\.smallInteger)
    }

    /// The text of a key; nil for one to leave out.
    private func keyText(_ key: Value) throws(DanaError) -> [UInt8]? {
        if let string = StringObject(key) { return Array(string.bytes) }
        var text = TextOutput(heap: heap)
        if key.isNull {
            text.append("null")
        } else if key.isBool {
            text.append(key.isIdentical(to: .true) ? "true" : "false")
        } else if key.isSmallInteger {
            text.append(decimal: key.smallInteger)
        } else if let float = key.float {
            guard float.isFinite || style.allowsNaN else {
                throw heap.valueError("Out of range float values are not JSON compliant")
            }
            JSONText.write(float: float, into: &text)
        } else if let big = BigIntObject(key) {
            try text.append(decimal: big, heap: heap)
        } else if style.skipsKeys {
            return nil
        } else {
            throw heap.typeError("keys must be str, int, float, bool or None, not \(key.typeName)")
        }
        try text.check()
        return text.bytes
    }
}
