/// The secret with which a host seals saved programs; only what was sealed with it is restored.
public struct SealKey: Sendable, Equatable {
    let low: UInt64
    let high: UInt64

    public init(_ low: UInt64, _ high: UInt64) {
        self.low = low
        self.high = high
    }

    /// From the 16 bytes or more that a host keeps secret; nil for fewer.
    public init?(bytes: [UInt8]) {
        guard bytes.count >= 16 else { return nil }
        // Any other key would do: that every byte counts is the seal's own doing.
        let seal = bytes.withUnsafeBytes { Seal(of: $0, key: SealKey(0x6461_6e61_2d73_6561, 0x6c2d_6b65_792d_6f66)) }
        self.init(seal.low, seal.high)
    }

    public static func random() -> SealKey { SealKey(.random(in: .min ... .max), .random(in: .min ... .max)) }
}

/// The authentication code SipHash-2-4 of 128 bits.
struct Seal: Equatable {
    let low: UInt64
    let high: UInt64

    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    init(of bytes: UnsafeRawBufferPointer, key: SealKey) {
        var state = State(key)
        var offset = 0
        while offset &+ 8 <= bytes.count {
            state.absorb(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset &+= 8
        }
        var last = UInt64(truncatingIfNeeded: bytes.count) << 56
        for index in offset..<bytes.count { last |= UInt64(bytes[index]) << UInt64(8 * (index - offset)) }
        state.absorb(last)
        state.v2 ^= 0xee
        low = state.finished()
        state.v1 ^= 0xdd
        high = state.finished()
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        init(_ key: SealKey) {
            v0 = key.low ^ 0x736f_6d65_7073_6575
            v1 = key.high ^ 0x646f_7261_6e64_6f6d ^ 0xee
            v2 = key.low ^ 0x6c79_6765_6e65_7261
            v3 = key.high ^ 0x7465_6462_7974_6573
        }

        @inline(__always) mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        mutating func finished() -> UInt64 {
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        @inline(__always) private mutating func round() {
            v0 &+= v1
            v1 = v1 << 13 | v1 >> 51
            v1 ^= v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = v3 << 16 | v3 >> 48
            v3 ^= v2
            v0 &+= v3
            v3 = v3 << 21 | v3 >> 43
            v3 ^= v0
            v2 &+= v1
            v1 = v1 << 17 | v1 >> 47
            v1 ^= v2
            v2 = v2 << 32 | v2 >> 32
        }
    }
}
