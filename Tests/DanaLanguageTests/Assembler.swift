@testable import DanaLanguage

/// Builds codes for tests from text: one instruction a line, operands in the order A, B, C or wide or jump, X;
/// registers are written r0, jumps as @label, labels as `label:`.
struct Assembler {
    struct Fault: Error {
        let line: String
    }

    /// The instructions of a text; `configure` fills the rest of the parts.
    static func code(
        _ text: String, name: String = "<module>", registers: Int = 16,
        _ configure: (inout Code.Parts) -> Void = { _ in }
    ) throws -> Code {
        var lines: [[Substring]] = []
        var labels: [Substring: Int] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            if first.hasSuffix(":") { labels[first.dropLast()] = lines.count } else { lines.append(words) }
        }
        var parts = Code.Parts(source: SourceText(text, name: "test"))
        parts.name = name
        parts.registerCount = registers
        parts.instructions = try lines.enumerated().map { try instruction($1, at: $0, labels) }
        parts.places = Array(repeating: Code.SourceSpan(start: 0, end: 0), count: lines.count)
        parts.labels(labels, configure)
        return try Code(parts)
    }

    private static func instruction(_ words: [Substring], at index: Int, _ labels: [Substring: Int]) throws
        -> Instruction
    {
        guard let opcode = Opcode.allCases.first(where: { "\($0)" == words[0] }) else {
            throw Fault(line: words.joined(separator: " "))
        }
        var operands = words.dropFirst().map { word -> Int? in
            if word.hasPrefix("@") { return labels[word.dropFirst()].map { $0 - index - 1 } }
            if word == "none" { return Int(Instruction.none) }
            return Int(word.hasPrefix("r") ? word.dropFirst() : word)
        }[...]
        func next(_ role: OperandForm.Role) throws -> Int {
            if role == .unused { return 0 }
            guard let operand = operands.popFirst() else { return 0 }
            guard let operand else { throw Fault(line: words.joined(separator: " ")) }
            return operand
        }
        let form = opcode.form
        let a = try next(form.a)
        let b = try next(form.b)
        if form.wide != .unused { return Instruction(opcode, a: a, wide: try next(form.wide)) }
        if form.isJump { return Instruction(opcode, a: a, b: b, jump: try next(.jump)) }
        let c = try next(form.c)
        return Instruction(opcode, a: a, b: b, c: c, x: try next(form.x))
    }
}

extension Code.Parts {
    /// Handlers written with labels, resolved when the instructions are known.
    fileprivate mutating func labels(_ labels: [Substring: Int], _ configure: (inout Code.Parts) -> Void) {
        AssemblerLabels.$current.withValue(labels) { configure(&self) }
    }

    /// A handler between labels.
    mutating func handle(
        _ kind: Code.Handler.Kind, _ start: Substring, _ end: Substring, _ target: Substring, _ register: Int
    ) {
        let labels = AssemblerLabels.current
        handlers.append(
            Code.Handler(
                kind: kind, start: labels[start] ?? 0, end: labels[end] ?? 0, target: labels[target] ?? 0,
                register: register))
    }
}

/// The labels of the text being assembled.
enum AssemblerLabels {
    @TaskLocal static var current: [Substring: Int] = [:]
}
