/// Makes a program of a regular expression's tree. Counted repetitions are written out, up to a limit of size.
struct RegexCompiler {
    /// How many instructions a program may have.
    static let sizeLimit = 20_000
    /// How many slots all instructions together may have in a machine.
    static let slotLimit = 2_000_000

    private let tree: RegexTree
    private var instructions: [RegexProgram.Instruction] = []
    private var sets: [RegexSet] = []
    private var work = 0

    static func compile(_ pattern: ByteView, flags: RegexFlags = []) throws(RegexError) -> RegexProgram {
        let (tree, root, _) = try RegexParser.parse(pattern, flags: flags)
        var compiler = RegexCompiler(tree: tree)
        try compiler.emit(.save(0))
        try compiler.write(root)
        try compiler.emit(.save(1))
        try compiler.emit(.match)
        guard compiler.instructions.count * 2 * (tree.groupCount + 1) <= slotLimit else {
            throw RegexError("the expression has too many groups (\(tree.groupCount)) for its size", at: 0)
        }
        return RegexProgram(
            instructions: compiler.instructions, sets: compiler.sets, groupCount: tree.groupCount,
            groupNames: tree.groupNames)
    }

    private init(tree: RegexTree) {
        self.tree = tree
    }

    private mutating func count() throws(RegexError) {
        work += 1
        guard work <= 4 * RegexCompiler.sizeLimit, instructions.count < RegexCompiler.sizeLimit else {
            throw RegexError(
                "the expression is longer than \(RegexCompiler.sizeLimit) steps with its repetitions written out", at: 0
            )
        }
    }

    private mutating func emit(_ instruction: RegexProgram.Instruction) throws(RegexError) {
        try count()
        instructions.append(instruction)
    }

    private mutating func write(_ id: RegexTree.NodeID) throws(RegexError) {
        try count()
        switch tree.nodes[id] {
        case .empty: break
        case .literal(let scalar, let flags):
            if flags.contains(.ignoreCase) {
                let isASCII = flags.contains(.ascii)
                try emit(.folded(RegexFold.fold(scalar, isASCII: isASCII), isASCII: isASCII))
            } else {
                try emit(.scalar(scalar))
            }
        case .any(let newlineToo): try emit(newlineToo ? .any : .anyButNewline)
        case .set(let set):
            sets.append(set)
            try emit(.set(sets.count - 1))
        case .assertion(let assertion): try emit(.assertion(assertion))
        case .group(let number, let child):
            try emit(.save(2 * number))
            try write(child)
            try emit(.save(2 * number + 1))
        case .sequence(let children): for child in children { try write(child) }
        case .choice(let children): try writeChoice(children)
        case .repetition(let child, let least, let most, let isLazy):
            try writeRepetition(child, least, most, isLazy)
        }
    }

    private mutating func writeChoice(_ children: [RegexTree.NodeID]) throws(RegexError) {
        var ends: [Int] = []
        for (index, child) in children.enumerated() {
            guard index + 1 < children.count else {
                try write(child)
                break
            }
            let split = instructions.count
            try emit(.match)
            try write(child)
            ends.append(instructions.count)
            try emit(.match)
            instructions[split] = .split(split + 1, instructions.count)
        }
        for end in ends { instructions[end] = .jump(instructions.count) }
    }

    private mutating func writeRepetition(
        _ child: RegexTree.NodeID, _ least: Int, _ most: Int?, _ isLazy: Bool
    ) throws(RegexError) {
        guard let most else {
            // A body that can be empty runs once at least, so that its groups are set as Python sets them.
            if least > 0 || tree.isNullable(child) {
                let split = least > 0 ? nil : instructions.count
                if split != nil { try emit(.match) }
                for _ in 0..<max(0, least - 1) { try write(child) }
                let start = instructions.count
                try write(child)
                let end = instructions.count
                try emit(branch(start, end + 1, isLazy))
                if let split { instructions[split] = branch(split + 1, instructions.count, isLazy) }
            } else {
                let split = instructions.count
                try emit(.match)
                try write(child)
                try emit(.jump(split))
                instructions[split] = branch(split + 1, instructions.count, isLazy)
            }
            return
        }
        for _ in 0..<least { try write(child) }
        var splits: [Int] = []
        for _ in least..<most {
            splits.append(instructions.count)
            try emit(.match)
            try write(child)
        }
        for split in splits { instructions[split] = branch(split + 1, instructions.count, isLazy) }
    }

    private func branch(_ more: Int, _ enough: Int, _ isLazy: Bool) -> RegexProgram.Instruction {
        isLazy ? .split(enough, more) : .split(more, enough)
    }
}
