/// Fills in the template of the `%` operator on text, or on bytes, which are filled in as text of the characters that
/// have their numbers.
struct PercentFilling {
    let heap: Heap
    /// A tuple of values, a dict, or the only value.
    let values: Value
    var isBytes = false

    /// The bytes with their items filled in, owned.
    func bytes(of template: BytesObject) throws(DanaError) -> Value {
        let text = heap.owned(try TextEncoding.latin1.decode(template, errors: nil, heap))
        let filled = heap.owned(try self.text(of: StringObject(known: text.value)))
        return try TextEncoding.latin1.encode(StringObject(known: filled.value), errors: nil, heap)
    }

    /// The text with its items filled in, owned.
    func text(of template: StringObject) throws(DanaError) -> Value {
        var output = TextOutput(heap: heap)
        var reader = PercentTemplate(
            ByteView(template.bytes), takesBytes: isBytes, takesKeys: values.isObject(.dict))
        var taken = 0
        var usedKeys = false
        while let part = try next(of: &reader) {
            try output.check()
            switch part {
            case .text(let text): output.append(text)
            case .item(var item):
                if let key = item.key {
                    usedKeys = true
                    let value = heap.owned(try self.value(under: key))
                    try check(item)
                    try write(value.value, &item, into: &output)
                } else {
                    if item.width == .argument { item.setWidth(try size(&taken)) }
                    if item.precision == .argument { item.setPrecision(try size(&taken)) }
                    let value = try take(&taken)
                    try check(item)
                    try write(value, &item, into: &output)
                }
            }
        }
        // What has items to ask for by key may be left untouched, as in Python.
        if taken < TupleObject(values)?.count ?? 1, !usedKeys, !hasItems {
            throw heap.typeError("not all arguments converted during \(isBytes ? "bytes" : "string") formatting")
        }
        return try output.string()
    }

    private var hasItems: Bool {
        switch values.objectKind {
        case .bytes: !isBytes
        case .dict, .list, .range: true
        default: false
        }
    }

    private func next(of template: inout PercentTemplate) throws(DanaError) -> PercentTemplate.Part? {
        do throws(TextError) {
            return try template.next()
        } catch { throw heap.raised(error) }
    }

    /// Throws what is wrong with an item, which is told only when there is a value for it.
    private func check(_ item: PercentItem) throws(DanaError) {
        if let fault = item.fault { throw heap.raised(fault) }
    }

    /// The next value, borrowed.
    private func take(_ taken: inout Int) throws(DanaError) -> Value {
        let count = TupleObject(values)?.count ?? 1
        guard taken < count else { throw heap.typeError("not enough arguments for format string") }
        taken += 1
        return TupleObject(values)?[unchecked: taken - 1] ?? values
    }

    private func size(_ taken: inout Int) throws(DanaError) -> Int {
        let value = try take(&taken)
        guard value.isSmallInteger else { throw heap.typeError("* wants int") }
        return value.smallInteger
    }

    private func value(under key: ByteView) throws(DanaError) -> Value {
        guard let dict = DictObject(values) else { throw heap.typeError("format requires a mapping") }
        let key = heap.owned(try heap.string(copying: key.buffer, scalars: TextScalars.count(key)).value)
        let name =
            isBytes
            ? heap.owned(try TextEncoding.latin1.encode(StringObject(known: key.value), errors: nil, heap)) : key
        guard let value = try heap.value(under: name.value, in: dict) else { throw heap.keyError(name.value) }
        return heap.retained(value)
    }

    private func write(_ value: Value, _ item: inout PercentItem, into output: inout TextOutput) throws(DanaError) {
        switch item.kind {
        case .str where !isBytes: try writeText(of: value, .str, item, into: &output)
        case .str, .bytes: try writeBytes(of: value, item, into: &output)
        case .repr: try writeText(of: value, isBytes ? .ascii : .repr, item, into: &output)
        case .ascii: try writeText(of: value, .ascii, item, into: &output)
        case .scalar where isBytes: try writeByte(value, item, into: &output)
        case .scalar: try writeScalar(value, item, into: &output)
        case .exponent, .upperExponent, .fixed, .upperFixed, .general, .upperGeneral:
            guard let float = try heap.float(from: value) else {
                throw heap.typeError("must be real number, not \(value.typeName)")
            }
            item.write(float: float, into: &output)
        case .decimal, .integer, .unsigned, .octal, .hexadecimal, .upperHexadecimal:
            try writeInteger(value, item, into: &output)
        }
    }

    private func writeText(
        of value: Value, _ style: ValueWriter.Style, _ item: PercentItem, into output: inout TextOutput
    ) throws(DanaError) {
        let text = heap.owned(try ValueWriter.text(value, style, heap: heap))
        item.write(text: ByteView(StringObject(known: text.value).bytes), into: &output)
    }

    private func writeBytes(of value: Value, _ item: PercentItem, into output: inout TextOutput) throws(DanaError) {
        guard let bytes = BytesObject(value) else {
            throw heap.typeError(
                "%b requires a bytes-like object, or an object that implements __bytes__, not '\(value.typeName)'")
        }
        let text = heap.owned(try TextEncoding.latin1.decode(bytes, errors: nil, heap))
        item.write(text: ByteView(StringObject(known: text.value).bytes), into: &output)
    }

    private func writeByte(_ value: Value, _ item: PercentItem, into output: inout TextOutput) throws(DanaError) {
        let byte: UInt8
        if let bytes = BytesObject(value), bytes.bytes.count == 1 {
            byte = bytes.bytes[0]
        } else if value.float == nil, let number = Numbers.number(value) {
            guard let given = number.byte else { throw heap.overflowError("%c arg not in range(256)") }
            byte = given
        } else {
            throw heap.typeError("%c requires an integer in range(256) or a single byte")
        }
        item.write(scalar: Unicode.Scalar(byte), into: &output)
    }

    private func writeScalar(_ value: Value, _ item: PercentItem, into output: inout TextOutput) throws(DanaError) {
        if let string = StringObject(value), string.scalarCount == 1 {
            return item.write(scalar: TextScalars.decode(ByteView(string.bytes), at: 0).scalar, into: &output)
        }
        guard value.float == nil, let number = Numbers.number(value) else {
            throw heap.typeError("%c requires int or char")
        }
        guard case .small(let integer) = number,
            let scalar = UInt32(exactly: integer).flatMap(Unicode.Scalar.init)
        else {
            throw heap.overflowError("%c arg not in range(0x110000)")
        }
        item.write(scalar: scalar, into: &output)
    }

    private func writeInteger(_ value: Value, _ item: PercentItem, into output: inout TextOutput) throws(DanaError) {
        guard let base = item.base else { return }
        let integer: Owned
        if value.float != nil, base == .decimal, let float = value.float {
            integer = heap.owned(try heap.integer(truncating: float))
        } else if value.builtInType == .int || value.isBool {
            integer = heap.owned(try Arithmetic(heap: heap).plus(value))
        } else {
            let wanted = base == .decimal ? "a real number is required" : "an integer is required"
            throw heap.typeError("%\(item.kind.rawValue) format: \(wanted), not \(value.typeName)")
        }
        let digits: [UInt8]
        let isNegative: Bool
        if let big = BigIntObject(integer.value) {
            digits = try IntegerConversion(heap: heap).digits(of: big, radix: base.rawValue)
            isNegative = big.isNegative
        } else {
            digits = Array(String(integer.value.smallInteger.magnitude, radix: base.rawValue).utf8)
            isNegative = integer.value.smallInteger < 0
        }
        digits.withView { item.write(digits: $0, isNegative: isNegative, into: &output) }
    }
}
