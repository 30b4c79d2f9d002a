/// `repr` and `ascii` of text, `repr` of bytes: a literal that a program could hold.
enum TextRepr {
    /// `asciiOnly` writes what is no ASCII as escapes, as `ascii()` does.
    static func write(text: ByteView, asciiOnly: Bool = false, into sink: inout some ByteSink) {
        let quote = self.quote(for: text)
        sink.append(quote)
        var plain = 0
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            if byte &- 0x20 < 0x5F, byte != quote, byte != UInt8(ascii: "\\") {
                offset += 1
                continue
            }
            if offset - plain > longestPart {
                sink.append(text[plain..<offset])
                plain = offset
                if sink.isStopped { return }
            }
            let (scalar, length) = TextScalars.decode(text, at: offset)
            if byte < 0x80 || asciiOnly || !scalar.isPrintable {
                sink.append(text[plain..<offset])
                writeEscape(of: scalar, into: &sink)
                plain = offset + length
            }
            offset += length
        }
        sink.append(text.from(plain))
        sink.append(quote)
    }

    /// What is looked through before the sink sees it, which may have met a limit.
    private static let longestPart = 1 << 14

    static func write(bytes: ByteView, into sink: inout some ByteSink) {
        let quote = self.quote(for: bytes)
        sink.append(UInt8(ascii: "b"))
        sink.append(quote)
        for offset in 0..<bytes.count {
            let byte = bytes[offset]
            if byte &- 0x20 < 0x5F, byte != quote, byte != UInt8(ascii: "\\") {
                sink.append(byte)
            } else {
                writeEscape(of: Unicode.Scalar(byte), into: &sink)
            }
        }
        sink.append(quote)
    }

    /// Double quotes only for what has single quotes and no double ones.
    private static func quote(for text: ByteView) -> UInt8 {
        let (single, double) = (UInt8(ascii: "'"), UInt8(ascii: "\""))
        return text.first(single, from: 0) != nil && text.first(double, from: 0) == nil ? double : single
    }

    /// The shortest escape of a scalar.
    private static func writeEscape(of scalar: Unicode.Scalar, into sink: inout some ByteSink) {
        sink.append(UInt8(ascii: "\\"))
        switch scalar.value {
        case 0x09: sink.append(UInt8(ascii: "t"))
        case 0x0A: sink.append(UInt8(ascii: "n"))
        case 0x0D: sink.append(UInt8(ascii: "r"))
        case 0x20..<0x7F: sink.append(scalar: scalar)
        case 0...0xFF:
            sink.append(UInt8(ascii: "x"))
            sink.append(hexadecimal: scalar.value, width: 2)
        case 0...0xFFFF:
            sink.append(UInt8(ascii: "u"))
            sink.append(hexadecimal: scalar.value, width: 4)
        default:
            sink.append(UInt8(ascii: "U"))
            sink.append(hexadecimal: scalar.value, width: 8)
        }
    }
}
