/// Looks for the matches of one program: with automata where the text is ASCII, else with the machine, which also finds
/// the groups. The time stays linear in the text's size times the program's: attempts in vain from one place after the
/// other are given up for the machine when they read the text again and again.
final class RegexSearcher {
    let program: RegexProgram
    private var machine: RegexMachine
    private var automata: (first: RegexAutomaton?, full: RegexAutomaton?)
    /// Bytes to search before an automaton is worth building.
    private var bytesLeft: Int

    init(_ program: RegexProgram, automataAfter bytes: Int = 512) {
        self.program = program
        machine = RegexMachine(program)
        bytesLeft = bytes
    }

    /// What `RegexMachine.run` finds.
    func run<Failure: Error>(
        _ text: ByteView, _ range: Range<Int>, _ mode: RegexMachine.Mode, mustAdvance: Bool = false,
        charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> [Int]? {
        bytesLeft = max(bytesLeft - range.count, 0)
        guard bytesLeft == 0, !mustAdvance else {
            return try machine.run(text, range, mode, mustAdvance: mustAdvance, charge: charge)
        }
        let automaton = automaton(isFull: mode == .fullMatch)
        let whole = text[0..<range.upperBound]
        var start = range.lowerBound
        var readInVain = 0
        while true {
            if mode == .search {
                var stop = start
                repeat {
                    stop = min(start + 4096, whole.count)
                    let next = program.firstCandidate(in: whole[0..<stop], from: start)
                    try charge((next - start) >> 4)
                    start = next
                } while start == stop && stop < whole.count
                if start == whole.count && program.firstASCII != nil { return nil }
            }
            switch try automaton.match(whole, at: start, charge: charge) {
            case .match(let end):
                if program.slotCount == 2 { return [start, end] }
                return try machine.run(
                    text, start..<range.upperBound, mode == .fullMatch ? .fullMatch : .match, charge: charge)
            case .nothing(let read):
                guard mode == .search, start < whole.count else { return nil }
                readInVain += read
                start += 1
                if readInVain > 8 * (start - range.lowerBound) + 256 {
                    return try machine.run(text, start..<range.upperBound, mode, charge: charge)
                }
            case .unknown: return try machine.run(text, start..<range.upperBound, mode, charge: charge)
            }
        }
    }

    private func automaton(isFull: Bool) -> RegexAutomaton {
        if let known = isFull ? automata.full : automata.first { return known }
        let automaton = RegexAutomaton(program, isFull: isFull)
        if isFull { automata.full = automaton } else { automata.first = automaton }
        return automaton
    }
}
