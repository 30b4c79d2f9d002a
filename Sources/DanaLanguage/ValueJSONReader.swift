/// Reads JSON into values with a stack of its own; errors are worded and placed as Python's.
struct ValueJSONReader {
    /// Kinds of numbers; their numbers here are those of the parsers in the prelude of `json`.
    struct NumberKinds: OptionSet {
        let rawValue: UInt8

        static let floats = NumberKinds(rawValue: 1)
        static let integers = NumberKinds(rawValue: 2)
        static let constants = NumberKinds(rawValue: 4)
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    let heap: Heap
    /// The text as a value, for the errors.
    private let document: Value
    let text: ByteView
    /// The numbers that are given as tuples of their kind's number and their text.
    private let asTexts: NumberKinds
    /// Whether texts may hold no control characters.
    private let isStrict: Bool
    private var offset = 0

    /// The text must outlive the reader.
    init(heap: Heap, text: StringObject, asTexts: NumberKinds, isStrict: Bool) {
        self.heap = heap
        document = text.value
        self.text = ByteView(text.bytes)
        self.asTexts = asTexts
        self.isStrict = isStrict
    }

    /// The one value of the text, owned.
    mutating func read() throws(DanaError) -> Value {
        if text.starts(with: ValueJSONReader.byteOrderMark) {
            throw fault("Unexpected UTF-8 BOM (decode using utf-8-sig)", at: 0)
        }
        let root = try heap.list()
        let held = heap.owned(root.value)
        // The containers being filled, the outermost first; the root list holds them.
        var open: [Value] = []
        var key = heap.owned(.undefined)
        skipSpace()
        repeat {
            let (value, isOpen) = try value()
            let parent = open.last ?? root.value
            let item = heap.owned(value)
            if let dict = DictObject(parent) {
                let name = key
                key = heap.owned(.undefined)
                try heap.set(name.take(), to: heap.retained(item.value), in: dict)
            } else {
                try heap.append(item.value, to: ListObject(known: parent))
                heap.retain(item.value)
            }
            if isOpen {
                guard open.count < ModulesJSON.deepest else {
                    throw heap.error(.recursionError, "JSON lies more than \(ModulesJSON.deepest) levels deep")
                }
                open.append(item.value)
            }
            key = heap.owned(try advance(&open, afterOpening: isOpen))
        } while !open.isEmpty
        guard offset == text.count else { throw fault("Extra data", at: offset) }
        defer { _ = held.value }
        return heap.retained(root[unchecked: 0])
    }

    /// Goes to the next value, past the ends of containers; gives the key when one stands before the value.
    private mutating func advance(_ open: inout [Value], afterOpening: Bool) throws(DanaError) -> Value {
        var isFirst = afterOpening
        while let container = open.last {
            try heap.charge(1)
            skipSpace()
            let isDict = container.isObject(.dict)
            let byte = offset < text.count ? text[offset] : 0
            if byte == (isDict ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                offset += 1
                open.removeLast()
                isFirst = false
                continue
            }
            if !isFirst {
                guard byte == UInt8(ascii: ",") else { throw fault("Expecting ',' delimiter", at: offset) }
                offset += 1
                skipSpace()
            }
            return isDict ? try readKey() : .undefined
        }
        skipSpace()
        return .undefined
    }

    private mutating func readKey() throws(DanaError) -> Value {
        guard offset < text.count, text[offset] == UInt8(ascii: "\"") else {
            throw fault("Expecting property name enclosed in double quotes", at: offset)
        }
        let key = heap.owned(try string())
        skipSpace()
        guard offset < text.count, text[offset] == UInt8(ascii: ":") else {
            throw fault("Expecting ':' delimiter", at: offset)
        }
        offset += 1
        skipSpace()
        return key.take()
    }

    private mutating func skipSpace() {
        while offset < text.count {
            switch text[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    /// The value that begins here, owned, and whether it is a container to be filled.
    private mutating func value() throws(DanaError) -> (Value, isOpen: Bool) {
        guard offset < text.count else { throw fault("Expecting value", at: offset) }
        switch text[offset] {
        case UInt8(ascii: "{"):
            offset += 1
            return (try heap.dict().value, true)
        case UInt8(ascii: "["):
            offset += 1
            return (try heap.list().value, true)
        case UInt8(ascii: "\""): return (try string(), false)
        case UInt8(ascii: "n") where take("null"): return (.null, false)
        case UInt8(ascii: "t") where take("true"): return (.true, false)
        case UInt8(ascii: "f") where take("false"): return (.false, false)
        case UInt8(ascii: "N") where take("NaN"): return (try constant(.nan, count: 3), false)
        case UInt8(ascii: "I") where take("Infinity"): return (try constant(.infinity, count: 8), false)
        case UInt8(ascii: "-") where take("-Infinity"): return (try constant(-.infinity, count: 9), false)
        case UInt8(ascii: "-"), 0x30...0x39: return (try number(), false)
        default: throw fault("Expecting value", at: offset)
        }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let view = ByteView(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
        guard text.has(view, at: offset) else { return false }
        offset += view.count
        return true
    }

    // MARK: Numbers

    private mutating func number() throws(DanaError) -> Value {
        let start = offset
        if text[offset] == UInt8(ascii: "-") { offset += 1 }
        guard offset < text.count, text[offset] &- 0x30 < 10 else { throw fault("Expecting value", at: start) }
        if text[offset] == UInt8(ascii: "0") { offset += 1 } else { skipDigits() }
        var isFloat = false
        if offset + 1 < text.count, text[offset] == UInt8(ascii: "."), text[offset + 1] &- 0x30 < 10 {
            isFloat = true
            offset += 1
            skipDigits()
        }
        if offset < text.count, text[offset] | 0x20 == UInt8(ascii: "e") {
            var end = offset + 1
            if end < text.count, text[end] == UInt8(ascii: "+") || text[end] == UInt8(ascii: "-") { end += 1 }
            if end < text.count, text[end] &- 0x30 < 10 {
                isFloat = true
                offset = end
                skipDigits()
            }
        }
        let digits = text[start..<offset]
        if asTexts.contains(isFloat ? .floats : .integers) { return try written(isFloat ? .floats : .integers, digits) }
        if isFloat { return try heap.float(FloatParser.parse(digits) ?? 0) }
        return try IntegerConversion(heap: heap).integer(from: digits, base: 10)
    }

    /// A constant of so many characters, which was read.
    private func constant(_ value: Double, count: Int) throws(DanaError) -> Value {
        asTexts.contains(.constants)
            ? try written(.constants, text[(offset - count)..<offset]) : try heap.float(value)
    }

    /// A number as its kind's number and its text.
    private func written(_ kind: NumberKinds, _ text: ByteView) throws(DanaError) -> Value {
        let string = heap.owned(try heap.string(copying: text.buffer, scalars: text.count).value)
        let pair = try heap.tuple(count: 2)
        pair.start[0] = Value(small: kind.rawValue.trailingZeroBitCount)
        pair.start[1] = string.take()
        return pair.value
    }

    private mutating func skipDigits() {
        while offset < text.count, text[offset] &- 0x30 < 10 { offset += 1 }
    }

    // MARK: Strings

    private mutating func string() throws(DanaError) -> Value {
        let start = offset
        offset += 1
        let first = offset
        while offset < text.count, text[offset] != UInt8(ascii: "\""), text[offset] != UInt8(ascii: "\\"),
            text[offset] >= 0x20
        {
            offset += 1
        }
        if offset < text.count, text[offset] == UInt8(ascii: "\"") {
            let part = text[first..<offset]
            offset += 1
            try heap.charge(part.count >> 6)
            return try heap.string(copying: part.buffer, scalars: TextScalars.count(part)).value
        }
        var output = TextOutput(heap: heap)
        output.append(text[first..<offset])
        while offset < text.count {
            let byte = text[offset]
            if byte == UInt8(ascii: "\"") {
                offset += 1
                return try output.string()
            }
            if byte == UInt8(ascii: "\\") {
                output.append(scalar: try escape(start))
            } else {
                guard byte >= 0x20 || !isStrict else { throw fault("Invalid control character at", at: offset) }
                let plain = offset
                while offset < text.count, text[offset] != UInt8(ascii: "\""), text[offset] != UInt8(ascii: "\\"),
                    text[offset] >= 0x20 || !isStrict
                {
                    offset += 1
                }
                output.append(text[plain..<offset])
            }
        }
        throw fault("Unterminated string starting at", at: start)
    }

    private mutating func escape(_ start: Int) throws(DanaError) -> Unicode.Scalar {
        guard offset + 1 < text.count else { throw fault("Unterminated string starting at", at: start) }
        let place = offset
        offset += 2
        switch text[place + 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw fault("Invalid \\escape", at: place)
        }
        var unit = try hexadecimal(place)
        if unit & 0xFC00 == 0xD800, offset + 1 < text.count, text[offset] == UInt8(ascii: "\\"),
            text[offset + 1] == UInt8(ascii: "u")
        {
            let low = offset
            offset += 2
            let second = try hexadecimal(low)
            if second & 0xFC00 == 0xDC00 {
                unit = 0x10000 + (unit & 0x3FF) << 10 + second & 0x3FF
            } else {
                offset = low
            }
        }
        guard let scalar = Unicode.Scalar(unit) else {
            throw fault("A lone surrogate, which no text can hold", at: place)
        }
        return scalar
    }

    private mutating func hexadecimal(_ place: Int) throws(DanaError) -> UInt32 {
        var value: UInt32 = 0
        for index in offset..<offset + 4 {
            let byte = index < text.count ? text[index] : 0
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(byte - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt32(byte - 0x61 + 10)
            default: throw fault("Invalid \\uXXXX escape", at: place + 1)
            }
        }
        offset += 4
        return value
    }

    // MARK: Errors

    private func fault(_ message: String, at offset: Int) -> DanaError {
        do {
            let words = heap.owned(try heap.string(message).value)
            return .raised(try ValueJSONReader.error(words.value, message, document, text, offset, heap))
        } catch {
            return error
        }
    }

    /// What `JSONDecodeError(msg, doc, pos)` makes, owned.
    static func error(_ message: Value, document: Value, at place: Value, _ heap: Heap) throws(DanaError) -> Value {
        guard let words = StringObject(message), let string = StringObject(document), place.isSmallInteger else {
            throw heap.typeError("JSONDecodeError() takes a message, the text and a place in it")
        }
        let text = ByteView(string.bytes)
        try heap.charge(text.count >> 6)
        let offset = try heap.byteOffset(of: min(max(place.smallInteger, 0), string.scalarCount), in: string)
        return try error(message, words.text, document, text, offset, heap)
    }

    /// An error at a byte of a text, owned.
    private static func error(
        _ message: Value, _ words: String, _ document: Value, _ text: ByteView, _ offset: Int, _ heap: Heap
    ) throws(DanaError) -> Value {
        let before = text[0..<min(offset, text.count)]
        let character = TextScalars.count(before)
        let line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        let lineStart = (before.last(UInt8(ascii: "\n"), before: before.count) ?? -1) + 1
        let column = TextScalars.count(before.from(lineStart)) + 1
        let error = heap.error(
            .jsonDecodeError, "\(words): line \(line) column \(column) (char \(character))",
            details: [
                (name: "msg", value: message), (name: "doc", value: document),
                (name: "pos", value: Value(small: character)), (name: "lineno", value: Value(small: line)),
                (name: "colno", value: Value(small: column)),
            ])
        guard case .raised(let value) = error else { throw error }
        return value
    }
}
