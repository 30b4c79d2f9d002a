/// The scalars of JSON as Python's `json.dumps` writes them: strings and floats.
enum JSONText {
    /// A string in quotes; what is no ASCII becomes escapes, in surrogate pairs beyond U+FFFF, unless `asciiOnly` is off.
    static func write(string text: ByteView, asciiOnly: Bool = true, into sink: inout some ByteSink) {
        sink.append(UInt8(ascii: "\""))
        var plain = 0
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            let isPlain = byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            if isPlain, byte < 0x7F || !asciiOnly {
                offset += 1
                continue
            }
            sink.append(text[plain..<offset])
            let (scalar, length) = TextScalars.decode(text, at: offset)
            writeEscape(of: scalar, into: &sink)
            offset += length
            plain = offset
        }
        sink.append(text.from(plain))
        sink.append(UInt8(ascii: "\""))
    }

    /// A float; `NaN`, `Infinity` and `-Infinity` are what Python writes, though they are no JSON.
    static func write(float value: Double, into sink: inout some ByteSink) {
        if value.isNaN { return sink.append("NaN") }
        if value.isInfinite { return value < 0 ? sink.append("-Infinity") : sink.append("Infinity") }
        FloatText.write(value, into: &sink)
    }

    private static func writeEscape(of scalar: Unicode.Scalar, into sink: inout some ByteSink) {
        switch scalar {
        case "\"": sink.append("\\\"")
        case "\\": sink.append("\\\\")
        case "\n": sink.append("\\n")
        case "\r": sink.append("\\r")
        case "\t": sink.append("\\t")
        case "\u{8}": sink.append("\\b")
        case "\u{C}": sink.append("\\f")
        default:
            for unit in String(scalar).utf16 {
                sink.append("\\u")
                sink.append(hexadecimal: UInt32(unit), width: 4)
            }
        }
    }
}
