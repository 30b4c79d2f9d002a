/// A program of a regular expression as a deterministic automaton over ASCII, which is built as texts ask for it. It
/// tells where the preferred match that begins at a place ends, not where the groups are.
///
/// A state is the list of ways that are open, in their order, before anything is looked at that takes no scalar, and
/// what kind of character came last; so assertions are decided when the next character is known. The memory is
/// bounded: an automaton that outgrows it gives up for good.
final class RegexAutomaton {
    enum Answer {
        case match(end: Int)
        /// No match begins there; so many bytes were read.
        case nothing(read: Int)
        /// The text is not ASCII there, or the automaton has given up.
        case unknown
    }

    private struct State: Hashable {
        let ways: [Int32]
        let previous: Kind
    }

    /// What assertions ask of the character before a place.
    private enum Kind: UInt8 {
        case none, newline, word, other
    }

    private let program: RegexProgram
    /// Whether only a match that takes the rest of the text counts.
    private let isFull: Bool
    /// For each ASCII character its class; the characters of one class are the same to the program.
    private var classes = [UInt8](repeating: 0, count: 128)
    /// A character of each class.
    private var examples: [UInt8] = []
    private var states: [State] = []
    private var numbers: [State: Int] = [:]
    /// For each state and symbol 0 for not known, else one more than the state it leads to, doubled, and whether a
    /// match ends before the symbol. Symbols are the classes, then a newline that ends the text, then the end.
    private var transitions: [UInt32] = []
    private var hasGivenUp = false

    private static let mostTransitions = 8192
    /// The state without ways.
    private static let dead = 0

    private var width: Int { examples.count + 2 }

    init(_ program: RegexProgram, isFull: Bool) {
        self.program = program
        self.isFull = isFull
        var classOf: [[Bool]: UInt8] = [:]
        for value in UInt8(0)..<128 {
            let scalar = Unicode.Scalar(value)
            var signature = [value == 10, RegexSet.Category.word.contains(scalar, isASCII: true)]
            for instruction in program.instructions where instruction.takesScalar {
                signature.append(program.accepts(instruction, scalar))
            }
            if classOf[signature] == nil {
                classOf[signature] = UInt8(truncatingIfNeeded: examples.count)
                examples.append(value)
            }
            classes[Int(value)] = classOf[signature] ?? 0
        }
        _ = number(of: State(ways: [], previous: .none))
    }

    /// Tries the match that begins at an offset of the text, which ends with the view. Bytes are charged by the 16.
    func match<Failure: Error>(
        _ text: ByteView, at start: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Answer {
        guard !hasGivenUp, let previous = kind(before: start, in: text) else { return .unknown }
        var state = number(of: State(ways: [0], previous: previous))
        var end: Int?
        var offset = start
        while true {
            let stop = min(offset + 4096, text.count)
            try charge((stop - offset) >> 4 + 1)
            while offset < stop {
                let byte = text[offset]
                if byte >= 128 { return .unknown }
                let isLastNewline = byte == 10 && offset + 1 == text.count
                let symbol = isLastNewline ? examples.count : Int(classes[Int(byte)])
                let step = transition(state, symbol)
                if step & 1 == 1 { end = offset }
                state = Int(step >> 1) - 1
                if state == RegexAutomaton.dead { return answer(end, read: offset + 1 - start) }
                offset += 1
            }
            if offset == text.count { break }
        }
        if transition(state, examples.count + 1) & 1 == 1 { end = offset }
        return answer(end, read: offset - start)
    }

    private func answer(_ end: Int?, read: Int) -> Answer {
        if hasGivenUp { return .unknown }
        return end.map { .match(end: $0) } ?? .nothing(read: read)
    }

    /// Nil where the text is not ASCII.
    private func kind(before offset: Int, in text: ByteView) -> Kind? {
        guard offset > 0 else { return Kind.none }
        let byte = text[offset - 1]
        return byte < 128 ? kind(of: byte) : nil
    }

    private func kind(of byte: UInt8) -> Kind {
        if byte == 10 { return .newline }
        return RegexSet.Category.word.contains(Unicode.Scalar(byte), isASCII: true) ? .word : .other
    }

    // MARK: Building

    private func number(of state: State) -> Int {
        if let number = numbers[state] { return number }
        guard (states.count + 1) * width <= RegexAutomaton.mostTransitions else {
            hasGivenUp = true
            return RegexAutomaton.dead
        }
        numbers[state] = states.count
        states.append(state)
        transitions.append(contentsOf: repeatElement(0, count: width))
        return states.count - 1
    }

    @inline(__always) private func transition(_ state: Int, _ symbol: Int) -> UInt32 {
        let known = transitions[state * width + symbol]
        return known != 0 ? known : newTransition(state, symbol)
    }

    @inline(never) private func newTransition(_ state: Int, _ symbol: Int) -> UInt32 {
        let next: UInt8? = symbol < examples.count ? examples[symbol] : symbol == examples.count ? 10 : nil
        let (leaves, isMatch) = closure(of: states[state], before: next, isLast: symbol == examples.count)
        var ways: [Int32] = []
        if let next {
            let scalar = Unicode.Scalar(next)
            for leaf in leaves where program.accepts(program.instructions[leaf], scalar) {
                ways.append(Int32(truncatingIfNeeded: leaf + 1))
            }
        }
        let target =
            ways.isEmpty ? RegexAutomaton.dead : number(of: State(ways: ways, previous: next.map(kind) ?? .none))
        let step = UInt32(truncatingIfNeeded: target + 1) << 1 | (isMatch ? 1 : 0)
        transitions[state * width + symbol] = step
        return step
    }

    /// The instructions that take a scalar next, in their order, up to the first match, and whether there is one.
    private func closure(of state: State, before next: UInt8?, isLast: Bool) -> (leaves: [Int], isMatch: Bool) {
        let previous: Unicode.Scalar? =
            switch state.previous {
            case .none: nil
            case .newline: "\n"
            case .word: "a"
            case .other: " "
            }
        let following = next.map { Unicode.Scalar($0) }
        var seen = [Bool](repeating: false, count: program.instructions.count)
        var leaves: [Int] = []
        var open = state.ways.reversed().map { Int($0) }
        while let place = open.popLast() {
            guard !seen[place] else { continue }
            seen[place] = true
            switch program.instructions[place] {
            case .jump(let target): open.append(target)
            case .split(let first, let second):
                open.append(second)
                open.append(first)
            case .save: open.append(place + 1)
            case .assertion(let assertion):
                if assertion.holds(previous, following, isLast: isLast) { open.append(place + 1) }
            case .match:
                // Ways of less weight than a match are given up.
                if !isFull || next == nil { return (leaves, true) }
            default: leaves.append(place)
            }
        }
        return (leaves, false)
    }
}
