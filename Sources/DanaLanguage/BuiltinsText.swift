/// Built-in functions on the text of values: `repr`, `ascii`, `format`, `chr`, `ord`, `print`.
enum BuiltinsText {
    static let functions: [NativeFunction] = [
        repr, ascii, format,
        NativeFunction("chr", [NativeParameter("code")], "The one-character string of a code point.", body: chr),
        NativeFunction("ord", [NativeParameter("character")], "The code point of a one-character string.", body: ord),
        NativeFunction(
            "print",
            [
                NativeParameter("values", .rest), NativeParameter("sep", .keyword, default: .null),
                NativeParameter("end", .keyword, default: .null),
                NativeParameter("flush", .keyword, default: .bool(false)),
            ], "Writes values as text, with sep between them and end behind them.", body: print),
    ]

    /// What f-strings call; the type's constructor takes more.
    static let str = NativeFunction(
        "str", [NativeParameter("value")], "The value as text.",
        body: { call throws(DanaError) in try ValueWriter.text(call[0], .str, heap: call.heap) })

    static let repr = NativeFunction(
        "repr", [NativeParameter("value")], "The value as a program would write it.",
        body: { call throws(DanaError) in try ValueWriter.text(call[0], .repr, heap: call.heap) })

    static let ascii = NativeFunction(
        "ascii", [NativeParameter("value")], "As repr, with escapes for what is not ASCII.",
        body: { call throws(DanaError) in try ValueWriter.text(call[0], .ascii, heap: call.heap) })

    static let format = NativeFunction(
        "format", [NativeParameter("value"), NativeParameter("format_spec", default: .absent)],
        "The value as text by a format specification such as '>10.2f'.",
        body: { call throws(DanaError) in
            let specification = call.isAbsent(1) ? call.heap.emptyString : try call.string(1).value
            return try ValueFormat(heap: call.heap).text(
                of: call[0], ByteView(StringObject(known: specification).bytes))
        })

    private static func chr(_ call: NativeCall) throws(DanaError) -> Value {
        let code = try call.integer(0)
        guard (0...0x10FFFF).contains(code) else {
            throw call.heap.valueError("chr() arg not in range(0x110000)")
        }
        guard let scalar = UInt32(exactly: code).flatMap(Unicode.Scalar.init) else {
            throw call.heap.valueError(
                "chr() arg is a lone surrogate, U+\(String(code, radix: 16, uppercase: true)), which no text can hold")
        }
        return try call.heap.string(scalar: scalar)
    }

    private static func ord(_ call: NativeCall) throws(DanaError) -> Value {
        if let bytes = BytesObject(call[0]), bytes.count == 1 { return Value(small: Int(bytes.start[0])) }
        let count = call.heap.itemCount(of: call[0]) ?? 0
        guard call[0].isObject(.string) || call[0].isObject(.bytes) else {
            throw call.expects("a string of one character", at: 0)
        }
        guard count == 1, let string = StringObject(call[0]) else {
            throw call.heap.typeError("ord() expected a character, but string of length \(count) found")
        }
        return Value(small: Int(TextScalars.decode(ByteView(string.bytes), at: 0).scalar.value))
    }

    private static func print(_ call: NativeCall) throws(DanaError) -> Value {
        let separator = try call.optionalString(1)
        let end = try call.optionalString(2)
        var writer = ValueWriter(heap: call.heap, style: .str)
        for (index, value) in call.rest(0).enumerated() {
            if index > 0 {
                if let separator { writer.append(separator) } else { writer.append(" ") }
            }
            if value.isObject(.hostHandle) { throw .handle }
            try writer.write(value)
        }
        if let end { writer.append(end) } else { writer.append("\n") }
        try writer.output.check()
        try call.heap.state.pointee.takeOutput(bytes: writer.output.count)
        call.heap.state.pointee.output?(writer.output.bytes)
        return .null
    }
}
