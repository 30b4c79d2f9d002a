/// Pairs of instructions that the machine's loop does in one go, without choosing anew between them.
///
/// Linking gives the first of a pair another opcode, which does what its own did and goes on with the second. The
/// second stays where it is, so that jumps, places and saved positions mean what they meant.
enum Fusion {
    static func fuse(_ instructions: UnsafeMutablePointer<Instruction>, count: Int) {
        for index in 0..<max(count - 1, 0) {
            let first = instructions[index]
            if let opcode = fused(first.opcode, instructions[index + 1].opcode) {
                instructions[index] = first.replacing(opcode)
            }
        }
    }

    /// The first instruction of a pair as it was, for whoever asks what failed; any other as it is.
    static func first(of instruction: Instruction) -> Instruction {
        switch instruction.opcode {
        case .loadIntegerThenRemainder, .loadIntegerThenSetItem, .loadIntegerThenJump:
            instruction.replacing(.loadInteger)
        case .multiplyIntegerThenAdd: instruction.replacing(.multiplyInteger)
        default: instruction
        }
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
