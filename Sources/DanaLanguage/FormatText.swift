/// Text formatted by a specification: cut to the precision, brought to the width.
enum FormatText {
    static func write(_ text: ByteView, _ specification: FormatSpecification, into sink: inout some ByteSink)
        throws(TextError)
    {
        if let type = specification.type, type != "s" { throw specification.unknownType(type) }
        if let sign = specification.sign {
            let what = sign == UInt8(ascii: " ") ? "Space" : "Sign"
            throw TextError(.value, "\(what) not allowed in string format specifier")
        }
        if specification.dropsNegativeZero {
            throw TextError(.value, "Negative zero coercion (z) not allowed in string format specifier")
        }
        if specification.isAlternate {
            throw TextError(.value, "Alternate form (#) not allowed in string format specifier")
        }
        var text = text
        if let precision = specification.precision, precision < text.count {
            text = text[0..<TextScalars.offset(text, after: 0, scalars: precision)]
        }
        let padding = max(0, (specification.width ?? 0) - TextScalars.count(text))
        let left =
            switch specification.alignment {
            case .left: 0
            case .right: padding
            case .center: padding / 2
            case .inside: throw TextError(.value, "'=' alignment not allowed in string format specifier")
            }
        sink.append(scalar: specification.fill, times: left)
        sink.append(text)
        sink.append(scalar: specification.fill, times: padding - left)
    }
}
