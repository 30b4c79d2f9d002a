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

    /// The range of bytes that stays; white space goes when no characters are given.
    static func range(
        _ text: ByteView, characters: ByteView?, leading: Bool, trailing: Bool, isText: Bool
    ) -> Range<Int> {
        let set = characters.map { Characters($0, isText: isText) }
        let start = leading ? start(text, set, isText: isText) : 0
        let end = trailing && start < text.count ? end(text.from(start), set, isText: isText) + start : text.count
        return start..<end
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
