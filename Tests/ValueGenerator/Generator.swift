import DanaData

/// A repeatable source of random values: SplitMix64. Tests name its seed when they fail.
public struct Generator: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) {
        state = seed
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    public mutating func chance(_ one: Int, in all: Int) -> Bool {
        Int.random(in: 0..<all, using: &self) < one
    }

    public mutating func bytes(upTo count: Int) -> [UInt8] {
        (0..<Int.random(in: 0...count, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Any text: ASCII with control characters and quotes, or any other Unicode.
    public mutating func text(upTo count: Int = 20) -> String {
        let bound: UInt32 = chance(1, in: 2) ? 0x7f : 0x10ffff
        let scalars = (0..<Int.random(in: 0...count, using: &self)).compactMap { _ in
            Unicode.Scalar(UInt32.random(in: 0...bound, using: &self))
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// An integer of any size, often near a power of two.
    public mutating func integer() -> BigInteger {
        let words = (0..<Int.random(in: 0...4, using: &self)).map { _ in
            [0, 1, .max, 1 << 63, next()].randomElement(using: &self) ?? 0
        }
        return BigInteger(isNegative: chance(1, in: 2), magnitude: words)
    }

    /// A value that JSON can hold.
    public mutating func appendJSON(to builder: inout TapeBuilder, depth: Int = 5) {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: builder.appendNull()
        case 1: builder.appendBool(chance(1, in: 2))
        case 2: builder.appendInt(Int64(truncatingIfNeeded: next() >> UInt64.random(in: 0...63, using: &self)))
        case 3:
            let value = Double(bitPattern: next())
            builder.appendDouble(value.isFinite ? value : 0.5)
        case 4: builder.append(integer())
        case 5: builder.appendString(text())
        case 6:
            builder.beginList()
            for _ in 0..<Int.random(in: 0...5, using: &self) { appendJSON(to: &builder, depth: depth - 1) }
            builder.end()
        default:
            builder.beginDict()
            for _ in 0..<Int.random(in: 0...5, using: &self) {
                builder.appendString(text())
                appendJSON(to: &builder, depth: depth - 1)
            }
            builder.end()
        }
    }
}
