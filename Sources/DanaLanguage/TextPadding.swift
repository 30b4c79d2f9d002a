/// Text brought to a width: `center`, `ljust`, `rjust`, `zfill`, `expandtabs`. Of `str` and `bytes` alike.
enum TextPadding {
    enum Side {
        case left, right, both
    }

    /// How many fill characters come before and after a text of `length` units: on its left, on its right or on both
    /// sides, as `rjust`, `ljust` and `center` have it.
    static func fill(length: Int, width: Int, _ side: Side) -> (left: Int, right: Int) {
        guard width > length else { return (0, 0) }
        let fill = width - length
        switch side {
        case .left: return (fill, 0)
        case .right: return (0, fill)
        case .both:
            let left = fill / 2 + (fill & width & 1)
            return (left, fill - left)
        }
    }

    static func write(
        _ text: ByteView, length: Int, width: Int, _ side: Side, fill: Unicode.Scalar, into sink: inout some ByteSink
    ) {
        let (left, right) = TextPadding.fill(length: length, width: width, side)
        sink.append(scalar: fill, times: left)
        sink.append(text)
        sink.append(scalar: fill, times: right)
    }

    /// `zfill`: zeros between a sign and the rest.
    static func writeZeroFilled(_ text: ByteView, length: Int, width: Int, into sink: inout some ByteSink) {
        let hasSign = text.count > 0 && (text[0] == UInt8(ascii: "+") || text[0] == UInt8(ascii: "-"))
        if hasSign { sink.append(text[0]) }
        sink.append(UInt8(ascii: "0"), times: max(0, width > length ? width - length : 0))
        sink.append(text.from(hasSign ? 1 : 0))
    }

    /// `expandtabs`: each tab becomes spaces up to the next column that the tab size divides.
    static func writeExpandingTabs(_ text: ByteView, size: Int, isText: Bool, into sink: inout some ByteSink) {
        var column = 0
        var plain = 0
        for offset in 0..<text.count {
            let byte = text[offset]
            if byte == UInt8(ascii: "\t") {
                sink.append(text[plain..<offset])
                plain = offset + 1
                if size > 0 { sink.append(UInt8(ascii: " "), times: size - column) }
                column = 0
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                column = 0
            } else if size > 0, !isText || byte & 0xC0 != 0x80 {
                column = column + 1 == size ? 0 : column + 1
            }
        }
        sink.append(text.from(plain))
    }
}
