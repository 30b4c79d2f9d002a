/// A sink that fills memory of a known size, as a counted result needs.
///
/// Bytes beyond the end are dropped and remembered in `overflowed`; they never reach other memory.
struct ByteWriter: ByteSink {
    private let buffer: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0
    private(set) var overflowed = false

    /// Whoever makes a writer keeps the memory alive while it writes.
    init(_ buffer: UnsafeMutableBufferPointer<UInt8>) {
        self.buffer = buffer
    }

    @inline(__always) mutating func append(_ byte: UInt8) {
        guard count < buffer.count else {
            overflowed = true
            return
        }
        buffer[count] = byte
        count &+= 1
    }

    mutating func append(_ bytes: ByteView) {
        guard bytes.count <= buffer.count - count else {
            overflowed = true
            return
        }
        guard let target = buffer.baseAddress, let source = bytes.buffer.baseAddress else { return }
        // Safe because the room that is left was compared with the count above.
        (target + count).update(from: source, count: bytes.count)
        count += bytes.count
    }

    mutating func append(_ byte: UInt8, times: Int) {
        guard times > 0 else { return }
        guard times <= buffer.count - count else {
            overflowed = true
            return
        }
        guard let target = buffer.baseAddress else { return }
        // Safe because the room that is left was compared with the count above.
        (target + count).update(repeating: byte, count: times)
        count += times
    }
}
