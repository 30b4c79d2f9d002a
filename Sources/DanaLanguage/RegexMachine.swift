/// Runs a program on a text, all of its ways side by side, so that the time is linear in the text's size times the
/// program's, whatever the expression. Of several ways the one is taken that a backtracking search tries first.
///
/// A machine keeps its memory (`RegexProgram.machineBytes`) from one search to the next.
struct RegexMachine {
    enum Mode {
        /// A match anywhere; one that begins where the search does; one that takes the whole range too.
        case search, match, fullMatch
    }

    let program: RegexProgram
    private var current: Threads
    private var following: Threads
    /// What is left to visit: instructions, and slots to be set back (below zero) with their values.
    private var open: [(place: Int, value: Int)] = []
    private var slots: [Int]

    init(_ program: RegexProgram) {
        self.program = program
        current = Threads(program)
        following = Threads(program)
        slots = [Int](repeating: -1, count: program.slotCount)
    }

    /// The ways that are open at a place of the text, in their order, each with its slots.
    private struct Threads {
        private(set) var places: [Int] = []
        private var positions: [Int]
        private(set) var slots: [Int]
        private let slotCount: Int

        init(_ program: RegexProgram) {
            positions = [Int](repeating: 0, count: program.instructions.count)
            slotCount = program.slotCount
            slots = [Int](repeating: -1, count: program.instructions.count * slotCount)
            places.reserveCapacity(program.instructions.count)
        }

        mutating func clear() { places.removeAll(keepingCapacity: true) }

        /// Adds a place unless it is there.
        @inline(__always) mutating func insert(_ place: Int) -> Bool {
            let position = positions[place]
            if position < places.count, places[position] == place { return false }
            positions[place] = places.count
            places.append(place)
            return true
        }

        @inline(__always) mutating func keep(_ values: [Int], for place: Int) {
            let start = place * slotCount
            for index in 0..<slotCount { slots[start + index] = values[index] }
        }

        @inline(__always) func load(_ values: inout [Int], of place: Int) {
            let start = place * slotCount
            for index in 0..<slotCount { values[index] = slots[start + index] }
        }
    }

    /// The scalars on both sides of a place.
    private struct Place {
        var offset: Int
        var previous: Unicode.Scalar?
        var next: Unicode.Scalar?
        var length = 0
        var isLast: Bool
    }

    /// Looks for a match in a range of the text, whose ends count as those of the text only when they are. Returns the
    /// slots: where the whole match and each group begin and end, -1 for groups without a part in it.
    ///
    /// `mustAdvance` refuses an empty match where the search begins. Steps are charged in hundreds.
    mutating func run<Failure: Error>(
        _ text: ByteView, _ range: Range<Int>, _ mode: Mode, mustAdvance: Bool = false,
        charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> [Int]? {
        // As in Python, a text that is searched up to a place ends there.
        let text = text[0..<range.upperBound]
        var place = self.place(range.lowerBound, in: text)
        var found: [Int]?
        var steps = 0
        current.clear()
        while true {
            if current.places.isEmpty {
                if found != nil || (mode != .search && place.offset > range.lowerBound) { break }
                if mode == .search, skip(&place, in: text, &steps) == false { break }
            }
            if found == nil, mode == .search || place.offset == range.lowerBound {
                for index in slots.indices { slots[index] = -1 }
                steps += RegexMachine.add(0, of: program, to: &current, &slots, &open, at: place)
            }
            following.clear()
            let after = place.next == nil ? place : self.place(after: place, in: text)
            for thread in current.places {
                switch program.instructions[thread] {
                case .match:
                    if mode == .fullMatch, place.next != nil { continue }
                    if mustAdvance, place.offset == range.lowerBound { continue }
                    var result = slots
                    current.load(&result, of: thread)
                    found = result
                case let instruction:
                    guard let scalar = place.next, program.accepts(instruction, scalar) else { continue }
                    current.load(&slots, of: thread)
                    steps += RegexMachine.add(thread + 1, of: program, to: &following, &slots, &open, at: after)
                    continue
                }
                // Ways of less weight than a match are given up.
                break
            }
            steps += current.places.count + 1
            if steps >= 256 {
                try charge(steps)
                steps = 0
            }
            guard place.next != nil else { break }
            swap(&current, &following)
            place = after
        }
        try charge(steps)
        return found
    }

    /// Passes over what no match can begin with; false when nothing is left.
    private func skip(_ place: inout Place, in text: ByteView, _ steps: inout Int) -> Bool {
        guard program.firstASCII != nil else { return true }
        // After so many bytes the search goes on as at any other place, where its work is charged.
        let stop = min(place.offset + 4096, text.count)
        let offset = program.firstCandidate(in: text[0..<stop], from: place.offset)
        steps += (offset - place.offset) / 16
        if offset > place.offset { place = self.place(offset, in: text) }
        return offset < text.count
    }

    private func place(_ offset: Int, in text: ByteView) -> Place {
        var place = Place(offset: offset, isLast: false)
        if offset > 0 { place.previous = TextScalars.decode(text, before: offset).scalar }
        look(&place, in: text)
        return place
    }

    private func place(after place: Place, in text: ByteView) -> Place {
        var after = Place(offset: place.offset + place.length, previous: place.next, isLast: false)
        look(&after, in: text)
        return after
    }

    @inline(__always) private func look(_ place: inout Place, in text: ByteView) {
        guard place.offset < text.count else { return }
        let (scalar, length) = TextScalars.decode(text, at: place.offset)
        place.next = scalar
        place.length = length
        place.isLast = place.offset + length == text.count
    }

    /// Adds a place and all that follow it without taking a scalar, in their order, each once. Returns the steps taken.
    private static func add(
        _ start: Int, of program: RegexProgram, to threads: inout Threads, _ slots: inout [Int],
        _ open: inout [(place: Int, value: Int)], at place: Place
    ) -> Int {
        var steps = 0
        open.append((start, 0))
        while let (instruction, value) = open.popLast() {
            guard instruction >= 0 else {
                slots[-1 - instruction] = value
                continue
            }
            steps += 1
            guard threads.insert(instruction) else { continue }
            switch program.instructions[instruction] {
            case .jump(let target): open.append((target, 0))
            case .split(let first, let second):
                open.append((second, 0))
                open.append((first, 0))
            case .save(let slot):
                open.append((-1 - slot, slots[slot]))
                slots[slot] = place.offset
                open.append((instruction + 1, 0))
            case .assertion(let assertion):
                if assertion.holds(place.previous, place.next, isLast: place.isLast) {
                    open.append((instruction + 1, 0))
                }
            default: threads.keep(slots, for: instruction)
            }
        }
        return steps
    }
}
