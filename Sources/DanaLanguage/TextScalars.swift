/// Scalars in UTF-8: decoding forward and backward, counting, and where the n-th one begins.
///
/// The bytes are UTF-8 already; bytes that are none decode to U+FFFD one at a time, they never trap.
enum TextScalars {
    /// The scalar that begins at an offset, and how many bytes it has.
    @inline(__always) static func decode(_ text: ByteView, at offset: Int) -> (scalar: Unicode.Scalar, length: Int) {
        let first = text[offset]
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        return decodeLong(text, at: offset, first: first)
    }

    private static func decodeLong(
        _ text: ByteView, at offset: Int, first: UInt8
    ) -> (scalar: Unicode.Scalar, length: Int) {
        let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        guard first >= 0xC2, offset + length <= text.count else { return ("\u{FFFD}", 1) }
        var value = UInt32(first) & (0xFF >> UInt32(length + 1))
        for index in 1..<length {
            let byte = text[offset + index]
            guard byte & 0xC0 == 0x80 else { return ("\u{FFFD}", 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard let scalar = Unicode.Scalar(value) else { return ("\u{FFFD}", 1) }
        return (scalar, length)
    }

    /// The scalar that ends before an offset, which is not zero, and how many bytes it has.
    @inline(__always) static func decode(
        _ text: ByteView, before end: Int
    ) -> (scalar: Unicode.Scalar, length: Int) {
        let last = text[end - 1]
        if last < 0x80 { return (Unicode.Scalar(last), 1) }
        var start = end - 1
        while start > 0, end - start < 4, text[start] & 0xC0 == 0x80 { start -= 1 }
        let (scalar, length) = decode(text, at: start)
        return start + length == end ? (scalar, length) : ("\u{FFFD}", 1)
    }

    /// How many scalars the text has.
    static func count(_ text: ByteView) -> Int {
        guard let base = text.buffer.baseAddress else { return 0 }
        var continuations = 0
        var index = 0
        while index + 8 <= text.count {
            // Safe because the eight bytes from `index` lie within the buffer.
            let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
            continuations += (word >> 7 & ~(word >> 6) & 0x0101_0101_0101_0101).nonzeroBitCount
            index += 8
        }
        while index < text.count {
            if text[index] & 0xC0 == 0x80 { continuations += 1 }
            index += 1
        }
        return text.count - continuations
    }

    /// The offset that lies `scalars` scalars after another offset, at most the end.
    static func offset(_ text: ByteView, after start: Int, scalars: Int) -> Int {
        var offset = start
        var left = scalars
        while left > 0, offset < text.count {
            offset += decode(text, at: offset).length
            left -= 1
        }
        return offset
    }
}

extension ByteView {
    /// The scalars of the text, with the offsets at which they begin.
    struct Scalars: Sequence, IteratorProtocol {
        let text: ByteView
        private(set) var offset = 0

        init(_ text: ByteView) { self.text = text }

        @inline(__always) mutating func next() -> Unicode.Scalar? {
            guard offset < text.count else { return nil }
            let (scalar, length) = TextScalars.decode(text, at: offset)
            offset &+= length
            return scalar
        }
    }

    var scalars: Scalars { Scalars(self) }
}
