/// The module `json`: values to JSON and back, as Python's module does.
enum ModulesJSON {
    static let module = NativeCatalogue.Module(
        name: "json",
        functions: [
            NativeFunction(
                "json._dumps",
                [
                    NativeParameter("obj"), NativeParameter("skipkeys"), NativeParameter("ensure_ascii"),
                    NativeParameter("allow_nan"), NativeParameter("indent"), NativeParameter("separators"),
                    NativeParameter("sort_keys"),
                ], "A value as JSON.", body: dumps),
            NativeFunction(
                "json._loads",
                [
                    NativeParameter("s"), NativeParameter("floats"), NativeParameter("integers"),
                    NativeParameter("constants"), NativeParameter("strict"),
                ],
                "The value that a JSON text holds; numbers of the kinds asked for are tuples of the kind and the text.",
                body: loads),
            NativeFunction(
                "json._is_plain", [NativeParameter("value")], "Whether JSON has the type of a value.",
                body: { call throws(DanaError) in
                    switch call[0].builtInType {
                    case .null, .bool, .int, .float, .string: .true
                    default: .false
                    }
                }),
        ],
        prelude: SourceText(prelude, name: SourceText.preludePrefix + " json>"))

    /// How deep values may lie in one another, in both directions.
    static let deepest = 1000

    private static let prelude = #"""
        JSONDecodeError = JSONDecodeError

        def dumps(obj, *, skipkeys=false, ensure_ascii=true, allow_nan=true, indent=null, separators=null, default=null, sort_keys=false):
            """A value as JSON; what JSON does not have goes through the function `default`."""
            if default is not null:
                obj = _converted(obj, default)
            return _dumps(obj, skipkeys, ensure_ascii, allow_nan, indent, separators, sort_keys)

        def _converted(value, default):
            if _is_plain(value):
                return value
            if isinstance(value, dict):
                return {key: _converted(item, default) for key, item in value.items()}
            if isinstance(value, (list, tuple)):
                return [_converted(item, default) for item in value]
            return _converted(default(value), default)

        def loads(s, *, strict=true, object_hook=null, parse_float=null, parse_int=null, parse_constant=null, object_pairs_hook=null):
            """The value that a JSON text holds. The hooks make what its objects become, the innermost first; the parsers
            make numbers, and NaN, Infinity and -Infinity, of their texts. Without `strict` texts may hold control
            characters."""
            value = _loads(s, parse_float is not null, parse_int is not null, parse_constant is not null, strict)
            parsers = (parse_float, parse_int, parse_constant)
            if object_hook is null and object_pairs_hook is null and parsers == (null, null, null):
                return value
            return _hooked(value, object_hook, object_pairs_hook, parsers)

        def _hooked(value, hook, pairs_hook, parsers):
            if isinstance(value, tuple):
                parser, text = value
                return parsers[parser](text)
            if isinstance(value, list):
                return [_hooked(item, hook, pairs_hook, parsers) for item in value]
            if not isinstance(value, dict):
                return value
            value = {key: _hooked(item, hook, pairs_hook, parsers) for key, item in value.items()}
            if pairs_hook is not null:
                return pairs_hook(list(value.items()))
            return value if hook is null else hook(value)

        """#

    private static func dumps(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        var style = ValueJSONWriter.Style()
        style.skipsKeys = try call.flag(1)
        style.isASCII = try call.flag(2)
        style.allowsNaN = try call.flag(3)
        style.sortsKeys = try call.flag(6)
        if let indent = StringObject(call[4]) {
            style.indent = indent.text
        } else if !call[4].isNull {
            let width = try call.integer(4)
            try call.reserve(width)
            style.indent = String(repeating: " ", count: max(0, width))
        }
        if style.indent != nil { style.itemSeparator = "," }
        if let separators = TupleObject(call[5])?.items ?? ListObject(call[5])?.items {
            guard separators.count == 2, let item = StringObject(separators[0]), let key = StringObject(separators[1])
            else { throw heap.typeError("json.dumps() expects a tuple of two str at argument 'separators'") }
            style.itemSeparator = item.text
            style.keySeparator = key.text
        } else if !call[5].isNull {
            throw heap.typeError(
                "json.dumps() expects a tuple of two str at argument 'separators', got \(call[5].typeName)")
        }
        var writer = ValueJSONWriter(heap: heap, style: style)
        try writer.write(call[0])
        return try writer.output.string()
    }

    private static func loads(_ call: NativeCall) throws(DanaError) -> Value {
        var asTexts: ValueJSONReader.NumberKinds = []
        if try call.flag(1) { asTexts.insert(.floats) }
        if try call.flag(2) { asTexts.insert(.integers) }
        if try call.flag(3) { asTexts.insert(.constants) }
        return try value(of: call[0], asTexts: asTexts, isStrict: try call.flag(4), call.heap)
    }

    /// The value that a text, or its UTF-8, holds.
    static func value(
        of json: Value, asTexts: ValueJSONReader.NumberKinds = [], isStrict: Bool = true, _ heap: Heap
    ) throws(DanaError) -> Value {
        let text: Owned
        if json.isObject(.string) {
            text = Owned(retaining: json, heap: heap)
        } else if let bytes = BytesObject(json) {
            text = heap.owned(try TextEncoding.utf8.decode(bytes, errors: nil, heap))
        } else {
            throw heap.typeError("the JSON object must be str, bytes or bytearray, not \(json.typeName)")
        }
        var reader = ValueJSONReader(
            heap: heap, text: StringObject(known: text.value), asTexts: asTexts, isStrict: isStrict)
        return try reader.read()
    }
}
