/// One instruction in eight bytes: the opcode, an 8-bit operand X and three 16-bit operands A, B, C.
struct Instruction: Equatable, Sendable {
    /// From the lowest bit: opcode 8, X 8, A 16, B 16, C 16.
    private(set) var bits: UInt64

    /// The operand that stands for none.
    static let none: UInt16 = 0xFFFF

    init(_ opcode: Opcode, a: Int = 0, b: Int = 0, c: Int = 0, x: Int = 0) {
        bits =
            UInt64(opcode.rawValue) | UInt64(UInt8(truncatingIfNeeded: x)) << 8
            | UInt64(UInt16(truncatingIfNeeded: a)) << 16 | UInt64(UInt16(truncatingIfNeeded: b)) << 32
            | UInt64(UInt16(truncatingIfNeeded: c)) << 48
    }

    init(_ opcode: Opcode, a: Int = 0, wide: Int) {
        self.init(opcode, a: a, b: wide, c: wide >> 16)
    }

    init(_ opcode: Opcode, a: Int, b: Int, jump: Int) {
        self.init(opcode, a: a, b: b, c: jump, x: jump >> 16)
    }

    /// The instruction with another opcode and the same operands.
    func replacing(_ opcode: Opcode) -> Instruction {
        var other = self
        other.bits = bits & ~0xFF | UInt64(opcode.rawValue)
        return other
    }

    /// The instruction with another distance in `jump`.
    func jumping(_ distance: Int) -> Instruction {
        var other = self
        other.bits =
            bits & 0x0000_FFFF_FFFF_00FF | UInt64(UInt16(truncatingIfNeeded: distance)) << 48
            | UInt64(UInt8(truncatingIfNeeded: distance >> 16)) << 8
        return other
    }

    /// What the instruction does.
    @inline(__always) var opcode: Opcode {
        // Safe because every initialiser takes the number from an opcode.
        unsafeBitCast(UInt8(truncatingIfNeeded: bits), to: Opcode.self)
    }

    @inline(__always) var x: Int { Int(UInt8(truncatingIfNeeded: bits >> 8)) }
    @inline(__always) var a: Int { Int(UInt16(truncatingIfNeeded: bits >> 16)) }
    @inline(__always) var b: Int { Int(UInt16(truncatingIfNeeded: bits >> 32)) }
    @inline(__always) var c: Int { Int(bits >> 48) }

    /// B and C as one signed number: a constant's index, an integer or a jump.
    @inline(__always) var wide: Int { Int(Int64(bitPattern: bits) >> 32) }
    /// C as a signed number.
    @inline(__always) var integer: Int { Int(Int64(bitPattern: bits) >> 48) }
    /// B as a signed number.
    @inline(__always) var integerB: Int { Int(Int16(truncatingIfNeeded: bits >> 32)) }
    /// C and X as one signed number, C the lower.
    @inline(__always) var jump: Int { Int(Int8(truncatingIfNeeded: bits >> 8)) << 16 | Int(bits >> 48) }

    /// The distances `jump` can hold.
    static let jumpRange = -0x80_0000...0x7F_FFFF
}
