import Glibc

/// A view of bytes that someone else keeps: the text of a string (UTF-8 without lone surrogates) or a bytes value.
/// The algorithms on text read through it.
///
/// Whoever makes a view keeps the bytes alive and unchanged while the view is used. Every index is checked.
struct ByteView: RandomAccessCollection {
    typealias SubSequence = ByteView

    let buffer: UnsafeBufferPointer<UInt8>

    @inline(__always) init(_ buffer: UnsafeBufferPointer<UInt8>) {
        self.buffer = buffer
    }

    /// A view of nothing.
    static var empty: ByteView { ByteView(UnsafeBufferPointer(start: nil, count: 0)) }

    @inline(__always) var count: Int { buffer.count }
    @inline(__always) var startIndex: Int { 0 }
    @inline(__always) var endIndex: Int { buffer.count }

    @inline(__always) subscript(index: Int) -> UInt8 {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: buffer.count), "an index outside of the bytes")
        return buffer[index]
    }

    /// A part, whose indexes begin at zero.
    @inline(__always) subscript(range: Range<Int>) -> ByteView {
        precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count, "a range outside of the bytes")
        // Safe because the range lies within the buffer; an empty buffer may have no address.
        return ByteView(
            UnsafeBufferPointer(start: buffer.baseAddress.map { $0 + range.lowerBound }, count: range.count))
    }

    @inline(__always) func from(_ start: Int) -> ByteView { self[start..<count] }

    /// Whether the bytes of another view stand at an offset.
    func has(_ other: ByteView, at offset: Int) -> Bool {
        guard offset >= 0, offset <= count - other.count else { return false }
        guard let left = buffer.baseAddress, let right = other.buffer.baseAddress else { return true }
        // Safe because both ranges were compared with the counts above.
        return memcmp(left + offset, right, other.count) == 0
    }

    func hasPrefix(_ other: ByteView) -> Bool { has(other, at: 0) }

    func hasSuffix(_ other: ByteView) -> Bool { has(other, at: count - other.count) }

    /// Where a byte first stands, not before `start`.
    @inline(__always) func first(_ byte: UInt8, from start: Int) -> Int? {
        guard start < count, start >= 0, let base = buffer.baseAddress else { return nil }
        // Safe because the search covers `start..<count` of this buffer.
        guard let found = memchr(base + start, Int32(byte), count - start) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Where a byte last stands, before `end`.
    @inline(__always) func last(_ byte: UInt8, before end: Int) -> Int? {
        guard end <= count else { return nil }
        var index = end
        while index > 0 {
            index &-= 1
            if buffer[index] == byte { return index }
        }
        return nil
    }

    /// Whether no byte is above 0x7F.
    var isASCII: Bool {
        guard let base = buffer.baseAddress else { return true }
        var index = 0
        while index + 8 <= count {
            // Safe because the eight bytes from `index` lie within the buffer.
            let word = UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { return false }
            index += 8
        }
        while index < count {
            if buffer[index] >= 0x80 { return false }
            index += 1
        }
        return true
    }
}

extension ByteView: Equatable {
    static func == (left: ByteView, right: ByteView) -> Bool {
        left.count == right.count && left.has(right, at: 0)
    }
}

extension String {
    /// The text of a view; what is no UTF-8 is replaced.
    init(_ view: ByteView) {
        self.init(decoding: view.buffer, as: UTF8.self)
    }
}
