/// The hash of a name, byte by byte, from a start that differs from process to process, so that a
/// program cannot be written to make names collide.
struct NameHasher {
    private static let seed = UInt64.random(in: .min ... .max)

    private var state: UInt64

    @inline(__always)
    init() { state = NameHasher.seed }

    @inline(__always)
    mutating func combine(_ byte: UInt8) {
        state = (state ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
        state ^= state >> 29
    }

    @inline(__always)
    var value: UInt32 { UInt32(truncatingIfNeeded: (state &* 0xBF58_476D_1CE4_E5B9) >> 32) }
}
