/// Compiled code as text: one line an instruction, its operands by letter, what they mean behind a semicolon.
struct Disassembler {
    private var lines: [String] = []

    /// The listing of a code and of those nested in it.
    static func listing(_ code: Code) -> String {
        var disassembler = Disassembler()
        disassembler.write(code, path: code.parts.name)
        return disassembler.lines.joined(separator: "\n") + "\n"
    }

    private mutating func write(_ code: Code, path: String) {
        let parts = code.parts
        lines.append("\(path): \(parts.registerCount) registers\(parts.isGenerator ? ", generator" : "")")
        var line = 0
        for (index, instruction) in parts.instructions.enumerated() {
            let place = parts.places[index]
            let current = parts.source.place(at: Int(place.start)).line
            let mark = current == line ? "" : "\(current)"
            line = current
            let operands = self.operands(of: instruction, at: index)
            let meaning = self.meaning(of: instruction, parts)
            let text =
                pad("\(instruction.opcode)", 28) + (meaning.isEmpty ? operands : pad(operands, 20) + "; " + meaning)
            lines.append("\(left(mark, 5)) \(left("\(index)", 4))  \(text)")
        }
        for handler in parts.handlers {
            lines.append(
                "      \(handler.kind) \(handler.start)..<\(handler.end) -> \(handler.target), r\(handler.register)")
        }
        for nested in parts.codes {
            lines.append("")
            write(nested, path: "\(path).\(nested.parts.name)")
        }
    }

    private func operands(of instruction: Instruction, at index: Int) -> String {
        let form = instruction.opcode.form
        var texts: [String] = []
        for (role, value) in [(form.a, instruction.a), (form.b, instruction.b)] where role != .unused {
            let isSigned = role == .integer
            texts.append(text(role, isSigned ? instruction.integerB : value, at: index))
        }
        if form.c != .unused {
            texts.append(text(form.c, form.c == .integer ? instruction.integer : instruction.c, at: index))
        }
        if form.wide != .unused { texts.append(text(form.wide, instruction.wide, at: index)) }
        if form.isJump { texts.append(text(.jump, instruction.jump, at: index)) }
        if form.x != .unused && (instruction.x != 0 || form.x == .register) {
            texts.append(form.x == .register ? "r\(instruction.x)" : "x\(instruction.x)")
        }
        return texts.joined(separator: " ")
    }

    private func text(_ role: OperandForm.Role, _ value: Int, at index: Int) -> String {
        switch role {
        case .register, .registers, .fixedRegisters: "r\(value)"
        case .optionalRegister: value == Int(Instruction.none) ? "none" : "r\(value)"
        case .jump: "-> \(index + 1 + value)"
        default: "\(value)"
        }
    }

    /// What an operand that is a number stands for.
    private func meaning(of instruction: Instruction, _ parts: Code.Parts) -> String {
        let form = instruction.opcode.form
        let operands = [
            (form.a, instruction.a), (form.b, instruction.b), (form.c, instruction.c), (form.wide, instruction.wide),
            (form.x, instruction.x),
        ]
        return operands.compactMap { role, value -> String? in
            switch role {
            case .constant: "\(parts.constants[value])"
            case .name: parts.names[value]
            case .global: parts.globals[value]
            case .site: ([parts.sites[value].name] + parts.sites[value].keywords).joined(separator: " ")
            case .code: parts.codes[value].parts.name
            case .keywords: parts.keywordNames[value].joined(separator: " ")
            case .scope: ScopeKind(rawValue: UInt8(truncatingIfNeeded: value)).map { $0.name + ":" }
            case .structure: parts.structs[value].name
            case .enumeration: parts.enums[value].name
            case .interface: parts.interfaces[value].name
            case .module: parts.imports[value].name
            default: nil
            }
        }.joined(separator: ", ")
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 1))
    }

    private func left(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(width - text.count, 0)) + text
    }
}
