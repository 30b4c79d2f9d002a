/// What the algorithms on text write their results to.
///
/// Whoever must know a result's size before making room for it runs the algorithm into a `ByteCounter` first; it
/// makes the same calls and keeps nothing.
protocol ByteSink {
    mutating func append(_ byte: UInt8)
    mutating func append(_ bytes: ByteView)
    mutating func append(_ byte: UInt8, times: Int)
    mutating func append(_ bytes: ByteView, times: Int)
    mutating func append(scalar: Unicode.Scalar, times: Int)
    /// Nothing more is taken: a long deed may end.
    var isStopped: Bool { get }
}

extension ByteSink {
    var isStopped: Bool { false }

    /// Appends constant ASCII or other text.
    mutating func append(_ text: StaticString) {
        // Safe because a static string lives for ever.
        guard text.hasPointerRepresentation else { return append(scalar: text.unicodeScalar) }
        append(ByteView(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)))
    }

    mutating func append(text: String) {
        for byte in text.utf8 { append(byte) }
    }

    /// Appends a scalar as UTF-8.
    @inline(__always) mutating func append(scalar: Unicode.Scalar) {
        let value = scalar.value
        if value < 0x80 { return append(UInt8(truncatingIfNeeded: value)) }
        if value < 0x800 {
            append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
        } else {
            if value < 0x10000 {
                append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
            } else {
                append(0xF0 | UInt8(truncatingIfNeeded: value >> 18))
                append(0x80 | UInt8(truncatingIfNeeded: value >> 12) & 0x3F)
            }
            append(0x80 | UInt8(truncatingIfNeeded: value >> 6) & 0x3F)
        }
        append(0x80 | UInt8(truncatingIfNeeded: value) & 0x3F)
    }

    mutating func append(_ bytes: ByteView, times: Int) {
        var left = times
        while left > 0 {
            append(bytes)
            left -= 1
        }
    }

    mutating func append(scalar: Unicode.Scalar, times: Int) {
        if scalar.value < 0x80 { return append(UInt8(truncatingIfNeeded: scalar.value), times: times) }
        var left = times
        while left > 0 {
            append(scalar: scalar)
            left -= 1
        }
    }

    /// Appends the lower-case hexadecimal digits of a number, at least `width` of them.
    mutating func append(hexadecimal value: UInt32, width: Int) {
        var shift = 28
        while shift > 0, value >> UInt32(shift) == 0, shift >= width * 4 { shift -= 4 }
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: value >> UInt32(shift)) & 15
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            shift -= 4
        }
    }
}

extension [UInt8]: ByteSink {
    mutating func append(_ bytes: ByteView) { append(contentsOf: bytes.buffer) }

    mutating func append(_ byte: UInt8, times: Int) {
        append(contentsOf: repeatElement(byte, count: Swift.max(0, times)))
    }

    /// Hands out these bytes as a view, which must not outlive the call.
    @inline(__always) func withView<Result, Failure: Error>(
        _ body: (ByteView) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try withUnsafeBufferPointer { (buffer) throws(Failure) in try body(ByteView(buffer)) }
    }
}
