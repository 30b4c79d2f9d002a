/// `strip`, `lstrip`, `rstrip`: a text without the white space, or the given characters, at its ends. Of `str` and
/// `bytes` alike.
enum TextTrim {
    /// The characters of a text, for quick membership.
    struct Characters {
        private var ascii: (low: UInt64, high: UInt64) = (0, 0)
        private var others: Set<UInt32> = []

        init(_ text: ByteView, isText: Bool) {
            for offset in 0..<text.count where !isText || text[offset] & 0xC0 != 0x80 {
                let value = isText ? TextScalars.decode(text, at: offset).scalar.value : UInt32(text[offset])
                switch value {
                case 0..<64: ascii.low |= 1 << UInt64(value)
                case 64..<128: ascii.high |= 1 << UInt64(value - 64)
                default: others.insert(value)
                }
            }
        }

        func contains(_ value: UInt32) -> Bool {
            switch value {
            case 0..<64: ascii.low >> UInt64(value) & 1 == 1
            case 64..<128: ascii.high >> UInt64(value - 64) & 1 == 1
            default: others.contains(value)
            }
        }
    }

    private static let portion = 1 << 16

    /// The range of bytes that stays; white space goes when no characters are given. A tick is charged for 64 bytes.
    static func range<Failure: Error>(
        _ text: ByteView, characters: ByteView?, leading: Bool, trailing: Bool, isText: Bool,
        charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Range<Int> {
        let set = characters.map { Characters($0, isText: isText) }
        var start = 0
        while leading, start < text.count {
            let stop = boundary(start + portion, in: text, isText: isText)
            let kept = TextTrim.start(text[start..<stop], set, isText: isText)
            try charge(kept >> 6 + 1)
            start += kept
            if start < stop { break }
        }
        var end = text.count
        while trailing, end > start {
            let stop = max(start, boundary(end - portion, in: text, isText: isText))
            let kept = TextTrim.end(text[stop..<end], set, isText: isText)
            try charge((end - stop - kept) >> 6 + 1)
            end = stop + kept
            if kept > 0 { break }
        }
        return start..<end
    }

    /// What stays of a number's text without the white space around it, to which the separators of ASCII do not belong.
    static func space(around number: ByteView) -> Range<Int> {
        func isSpace(_ scalar: Unicode.Scalar) -> Bool {
            scalar.isASCII ? isSpaceByte(UInt8(truncatingIfNeeded: scalar.value)) : scalar.isSpace
        }
        var (start, end) = (0, number.count)
        while start < end {
            let (scalar, length) = TextScalars.decode(number, at: start)
            guard isSpace(scalar) else { break }
            start += length
        }
        while start < end {
            let (scalar, length) = TextScalars.decode(number, before: end)
            guard isSpace(scalar) else { break }
            end -= length
        }
        return start..<end
    }

    /// The beginning of the unit that holds an offset, or the nearest end of the text.
    private static func boundary(_ offset: Int, in text: ByteView, isText: Bool) -> Int {
        if offset >= text.count { return text.count }
        var offset = max(offset, 0)
        while isText, offset > 0, text[offset] & 0xC0 == 0x80 { offset -= 1 }
        return offset
    }

    /// Where the text begins after leading characters of the set, or white space.
    static func start(_ text: ByteView, _ set: Characters? = nil, isText: Bool) -> Int {
        var start = 0
        while start < text.count {
            let (scalar, length) =
                isText ? TextScalars.decode(text, at: start) : (Unicode.Scalar(text[start]), 1)
            guard set?.contains(scalar.value) ?? isSpace(scalar, isText: isText) else { break }
            start += length
        }
        return start
    }

    /// Where the text ends before trailing characters of the set, or white space.
    static func end(_ text: ByteView, _ set: Characters? = nil, isText: Bool) -> Int {
        var end = text.count
        while end > 0 {
            let (scalar, length) =
                isText ? TextScalars.decode(text, before: end) : (Unicode.Scalar(text[end - 1]), 1)
            guard set?.contains(scalar.value) ?? isSpace(scalar, isText: isText) else { break }
            end -= length
        }
        return end
    }

    @inline(__always) static func isSpace(_ scalar: Unicode.Scalar, isText: Bool) -> Bool {
        isText ? scalar.isSpace : isSpaceByte(UInt8(truncatingIfNeeded: scalar.value))
    }

    /// White space of `bytes`: space, tab, line feed, vertical tab, form feed, carriage return.
    @inline(__always) static func isSpaceByte(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte &- 9 < 5
    }
}
