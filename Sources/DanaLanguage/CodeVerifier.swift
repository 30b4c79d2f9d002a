/// Why a compiled form cannot be run: a fault of the compiler, told to its author.
struct CodeFault: Error, Equatable {
    let message: String
}

/// Checks every operand of a compiled form once, so that the machine's loop need not.
struct CodeVerifier {
    private let parts: Code.Parts

    init(_ parts: Code.Parts) {
        self.parts = parts
    }

    func verify() throws(CodeFault) {
        guard parts.places.count == parts.instructions.count else {
            throw fault("places and instructions differ in number")
        }
        guard parts.registerCount < Int(Instruction.none) else { throw fault("too many registers") }
        guard parts.parameters.registerCount <= parts.registerCount else { throw fault("parameters lack registers") }
        switch parts.instructions.last?.opcode {
        case .return, .returnNull, .jump, .raise, .reraise, .assertFailed, .testFailed: break
        default: throw fault("the last instruction does not leave")
        }
        for (index, instruction) in parts.instructions.enumerated() { try verify(instruction, at: index) }
        for handler in parts.handlers {
            guard handler.register < parts.registerCount, parts.instructions.indices.contains(handler.target) else {
                throw fault("a handler leads nowhere")
            }
        }
        for description in parts.structs {
            guard description.hasType.count == description.fields.count,
                description.defaults.count == description.fields.count
            else { throw fault("struct '\(description.name)' does not describe each field") }
        }
    }

    private func fault(_ message: String) -> CodeFault { CodeFault(message: "\(parts.name): \(message)") }

    private func verify(_ instruction: Instruction, at index: Int) throws(CodeFault) {
        let form = instruction.opcode.form
        try verify(form.a, instruction.a, instruction, at: index)
        try verify(form.b, instruction.b, instruction, at: index)
        try verify(form.c, instruction.c, instruction, at: index)
        try verify(form.x, instruction.x, instruction, at: index)
        try verify(form.wide, instruction.wide, instruction, at: index)
        if form.isJump { try verify(.jump, instruction.jump, instruction, at: index) }
        if case .makeDict = instruction.opcode {
            try verifyRegisters(from: instruction.b, count: 2 * instruction.c, at: index)
        }
        try verifyTaken(instruction, at: index)
    }

    /// The registers that definitions and functions take beyond their operands.
    private func verifyTaken(_ instruction: Instruction, at index: Int) throws(CodeFault) {
        switch instruction.opcode {
        case .makeStruct:
            let description = parts.structs[instruction.b]
            let count = description.hasType.count { $0 } + description.defaults.count { $0 != .none }
            try verifyRegisters(from: instruction.a, count: count + 1, at: index)
        case .makeEnum:
            try verifyRegisters(from: instruction.a, count: parts.enums[instruction.b].members.count + 1, at: index)
        case .makeInterface:
            try verifyRegisters(from: instruction.a, count: parts.interfaces[instruction.b].fields.count + 1, at: index)
        case .makeFunction:
            let made = parts.codes[instruction.b].parts
            if made.parameters.defaultCount > 0 {
                try verifyRegisters(from: instruction.c, count: made.parameters.defaultCount, at: index)
            }
            for case .register(let register) in made.captures where register >= parts.registerCount {
                throw fault("instruction \(index) captures from outside the registers")
            }
        case .unpackStar:
            try verifyRegisters(from: instruction.a, count: instruction.b + 1 + instruction.x, at: index)
        default: break
        }
    }

    private func verify(_ role: OperandForm.Role, _ operand: Int, _ instruction: Instruction, at index: Int)
        throws(CodeFault)
    {
        let limit: Int
        switch role {
        case .unused, .count, .integer, .conversion: return
        case .register:
            // A function without defaults takes none, wherever its operand points.
            if instruction.opcode == .makeFunction, operand == instruction.c { return }
            limit = parts.registerCount
        case .optionalRegister: limit = operand == Int(Instruction.none) ? .max : parts.registerCount
        case .registers(let letter, let adding):
            let counts = [OperandForm.Letter.a: instruction.a, .b: instruction.b, .c: instruction.c, .x: instruction.x]
            return try verifyRegisters(from: operand, count: (counts[letter] ?? 0) + adding, at: index)
        case .fixedRegisters(let count): return try verifyRegisters(from: operand, count: count, at: index)
        case .constant: limit = parts.constants.count
        case .name: limit = parts.names.count
        case .global: limit = parts.globals.count
        case .site: limit = parts.sites.count
        case .code: limit = parts.codes.count
        case .keywords: limit = parts.keywordNames.count
        case .capture: limit = parts.captures.count
        case .scope: limit = ScopeKind.allCases.count
        case .structure: limit = parts.structs.count
        case .enumeration: limit = parts.enums.count
        case .interface: limit = parts.interfaces.count
        case .module: limit = parts.imports.count
        case .jump:
            guard parts.instructions.indices.contains(index + 1 + operand) else {
                throw fault("instruction \(index) (\(instruction.opcode)) jumps out of the code")
            }
            return
        }
        guard operand >= 0 && operand < limit else {
            throw fault("instruction \(index) (\(instruction.opcode)): \(role) \(operand) is out of range")
        }
    }

    private func verifyRegisters(from first: Int, count: Int, at index: Int) throws(CodeFault) {
        guard first + count <= parts.registerCount else {
            throw fault("instruction \(index) (\(parts.instructions[index].opcode)) needs more registers")
        }
    }
}
