/// Pairs and triples of instructions that the machine's loop does in one go, without choosing anew between them.
///
/// Linking gives the first another opcode, which does what its own did and goes on with the others. Those stay where
/// they are, so that jumps, places and saved positions mean what they meant. A comparing jump whose target only jumps
/// on, forward both, goes there at once.
enum Fusion {
    static func fuse(_ instructions: UnsafeMutablePointer<Instruction>, count: Int) {
        for index in 0..<count {
            if let direct = direct(instructions[index], at: index, instructions, count: count) {
                instructions[index] = direct
            }
        }
        for index in 0..<max(count - 2, 0) where isSumThenRemainder(instructions + index) {
            instructions[index] = instructions[index].replacing(.addThenRemainder)
        }
        for index in 0..<max(count - 1, 0) {
            let first = instructions[index]
            if let opcode = fused(first.opcode, instructions[index + 1].opcode) {
                instructions[index] = first.replacing(opcode)
            }
        }
    }

    /// A comparing jump that leads where the jump it leads to does; nil where there is none.
    private static func direct(
        _ instruction: Instruction, at index: Int, _ instructions: UnsafeMutablePointer<Instruction>, count: Int
    ) -> Instruction? {
        guard instruction.opcode.comparingJump != nil, instruction.jump >= 0 else { return nil }
        let target = index + 1 + instruction.jump
        guard target < count, instructions[target].opcode == .jump, instructions[target].wide >= 0 else { return nil }
        let distance = instruction.jump + 1 + instructions[target].wide
        guard Instruction.jumpRange.contains(distance) else { return nil }
        return instruction.jumping(distance)
    }

    /// The first instruction of a pair as it was, for whoever asks what failed; any other as it is.
    static func first(of instruction: Instruction) -> Instruction {
        switch instruction.opcode {
        case .loadIntegerThenRemainder, .loadIntegerThenSetItem, .loadIntegerThenJump:
            instruction.replacing(.loadInteger)
        case .multiplyIntegerThenAdd: instruction.replacing(.multiplyInteger)
        case .addThenRemainder: instruction.replacing(.add)
        default: instruction
        }
    }

    /// Whether three instructions add, load a positive integer, and take the remainder of the sum by that.
    private static func isSumThenRemainder(_ instructions: UnsafeMutablePointer<Instruction>) -> Bool {
        let (sum, divisor, remainder) = (instructions[0], instructions[1], instructions[2])
        return sum.opcode == .add && divisor.opcode == .loadInteger && remainder.opcode == .remainder
            && divisor.wide > 0 && divisor.a != sum.a && remainder.b == sum.a && remainder.c == divisor.a
    }

    private static func fused(_ first: Opcode, _ second: Opcode) -> Opcode? {
        switch (first, second) {
        case (.loadInteger, .remainder): .loadIntegerThenRemainder
        case (.loadInteger, .setItem): .loadIntegerThenSetItem
        case (.loadInteger, .jumpIfLess), (.loadInteger, .jumpIfLessOrEqual), (.loadInteger, .jumpIfGreater),
            (.loadInteger, .jumpIfGreaterOrEqual), (.loadInteger, .jumpIfEqual), (.loadInteger, .jumpIfNotEqual),
            (.loadInteger, .jumpIfNotLess), (.loadInteger, .jumpIfNotLessOrEqual), (.loadInteger, .jumpIfNotGreater),
            (.loadInteger, .jumpIfNotGreaterOrEqual):
            .loadIntegerThenJump
        case (.multiplyInteger, .add): .multiplyIntegerThenAdd
        default: nil
        }
    }
}
