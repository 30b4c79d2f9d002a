/// What a comparing jump asks of its operands: a number below ten, in the order of the opcodes from `jumpIfLess` on.
struct JumpCondition {
    private let number: UInt8

    /// Of the opcodes that compare two registers.
    @inline(__always) init(_ opcode: Opcode) { number = opcode.rawValue &- Opcode.jumpIfLess.rawValue }

    /// Of the opcodes that compare a register with an integer.
    @inline(__always) init(integer opcode: Opcode) { number = opcode.rawValue &- Opcode.jumpIfLessInteger.rawValue }

    /// The opcode that compares two registers in this way.
    var opcode: Opcode { Opcode(rawValue: number &+ Opcode.jumpIfLess.rawValue) ?? .jumpIfLess }

    /// For each condition four bits: whether it holds when the left operand is less, equal, greater, or neither, as
    /// beside a NaN.
    private static let table: UInt64 = 0b1001_1011_1100_1110_1101_0010_0110_0100_0011_0001

    /// Decides without a branch.
    @inline(__always) func holds<Number: Comparable>(_ left: Number, _ right: Number) -> Bool {
        let isLess: UInt64 = left < right ? 1 : 0
        let isGreater: UInt64 = left > right ? 1 : 0
        let isEqual: UInt64 = left == right ? 1 : 0
        let relation = 3 &- 3 &* isLess &- 2 &* isEqual &- isGreater
        return JumpCondition.table >> (UInt64(number) &* 4 &+ relation) & 1 != 0
    }
}
