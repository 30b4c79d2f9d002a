/// A regular expression as a program: what `RegexMachine` and `RegexAutomaton` run on a text.
struct RegexProgram: Sendable {
    enum Instruction: Sendable {
        case scalar(Unicode.Scalar)
        /// A letter in any case, by its fold.
        case folded(Unicode.Scalar, isASCII: Bool)
        case any
        case anyButNewline
        case set(Int)
        case assertion(RegexAssertion)
        /// Goes on at the first place, and with less weight at the second.
        case split(Int, Int)
        case jump(Int)
        /// Remembers the place in a slot.
        case save(Int)
        case match

        var takesScalar: Bool {
            switch self {
            case .scalar, .folded, .any, .anyButNewline, .set: true
            case .assertion, .split, .jump, .save, .match: false
            }
        }
    }

    let instructions: [Instruction]
    let sets: [RegexSet]
    /// Slots hold where the whole match and the groups begin and end, two for each.
    let slotCount: Int
    let groupNames: [(name: String, number: Int)]
    /// The instruction at which each group closes first, by the group's number.
    private let closings: [Int: Int]
    /// The ASCII characters that a match can begin with; nil when it can be empty.
    let firstASCII: (low: UInt64, high: UInt64)?

    var groupCount: Int { slotCount / 2 - 1 }

    /// About how many bytes a machine needs to run the program, for whoever must make room first.
    var machineBytes: Int { instructions.count * (2 * slotCount + 6) * MemoryLayout<Int>.size }

    /// The group that closed last in a match; nil when none took part.
    func lastGroup(in slots: [Int]) -> Int? {
        var last: (end: Int, closing: Int, group: Int)?
        for group in stride(from: 1, to: slots.count / 2, by: 1) where slots[2 * group] >= 0 {
            let (end, closing) = (slots[2 * group + 1], closings[group] ?? 0)
            if last.map({ ($0.end, $0.closing) < (end, closing) }) ?? true { last = (end, closing, group) }
        }
        return last?.group
    }

    func number(ofGroup name: String) -> Int? { groupNames.first { $0.name == name }?.number }

    init(instructions: [Instruction], sets: [RegexSet], groupCount: Int, groupNames: [(name: String, number: Int)]) {
        self.instructions = instructions
        self.sets = sets
        self.groupNames = groupNames
        slotCount = 2 * (groupCount + 1)
        var closings: [Int: Int] = [:]
        for (place, instruction) in instructions.enumerated() {
            guard case .save(let slot) = instruction, slot % 2 == 1, closings[slot / 2] == nil else { continue }
            closings[slot / 2] = place
        }
        self.closings = closings
        firstASCII = RegexProgram.first(instructions, sets)
    }

    private static func first(_ instructions: [Instruction], _ sets: [RegexSet]) -> (low: UInt64, high: UInt64)? {
        var members: (low: UInt64, high: UInt64) = (0, 0)
        func add(_ value: UInt32) {
            if value < 64 {
                members.low |= 1 << UInt64(value)
            } else if value < 128 {
                members.high |= 1 << UInt64(value - 64)
            }
        }
        var seen = [Bool](repeating: false, count: instructions.count)
        var open = [0]
        while let place = open.popLast() {
            guard !seen[place] else { continue }
            seen[place] = true
            switch instructions[place] {
            case .scalar(let scalar): add(scalar.value)
            case .folded(let scalar, let isASCII):
                for value in UInt8(0)..<128
                where RegexFold.fold(Unicode.Scalar(value), isASCII: isASCII) == scalar { add(UInt32(value)) }
            case .any: members = (.max, .max)
            case .anyButNewline: members = (members.low | ~(1 << 10), .max)
            case .set(let index):
                members.low |= sets[index].asciiMembers.low
                members.high |= sets[index].asciiMembers.high
            case .assertion, .save: open.append(place + 1)
            case .split(let first, let second): open += [first, second]
            case .jump(let target): open.append(target)
            case .match: return nil
            }
        }
        return members
    }

    /// Whether an instruction takes a scalar.
    @inline(__always) func accepts(_ instruction: Instruction, _ scalar: Unicode.Scalar) -> Bool {
        switch instruction {
        case .scalar(let wanted): scalar == wanted
        case .folded(let wanted, let isASCII): RegexFold.fold(scalar, isASCII: isASCII) == wanted
        case .any: true
        case .anyButNewline: scalar != "\n"
        case .set(let index): sets[index].contains(scalar)
        case .assertion, .split, .jump, .save, .match: false
        }
    }

    /// Where a match can begin, not before `start`: the text's end when nowhere.
    func firstCandidate(in text: ByteView, from start: Int) -> Int {
        var offset = start
        while offset < text.count, !canBegin(with: text[offset]) { offset += 1 }
        return offset
    }

    /// Whether a match can begin with a byte: a character of `firstASCII`, or the first byte of any other.
    @inline(__always) func canBegin(with byte: UInt8) -> Bool {
        guard let firstASCII, byte < 128 else { return true }
        return (byte < 64 ? firstASCII.low >> UInt64(byte) : firstASCII.high >> UInt64(byte - 64)) & 1 == 1
    }
}
