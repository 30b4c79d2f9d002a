/// Why a compiled form cannot be run: a fault of the compiler, told to its author.
struct CodeFault: Error, Equatable {
    let message: String
}

/// Checks every operand of a compiled form once, so that the machine's loop need not.
struct CodeVerifier {
    private let code: Code
    private let forms = OperandForm.byOpcode

    init(_ code: Code) {
        self.code = code
    }

    func verify() throws(CodeFault) {
        guard code.parts.places.count == code.parts.instructions.count else {
            throw fault("places and instructions differ in number")
        }
        guard code.parts.registerCount < Int(Instruction.none) else { throw fault("too many registers") }
        guard code.parts.parameters.registerCount <= code.parts.registerCount else {
            throw fault("parameters lack registers")
        }
        switch code.parts.instructions.last?.opcode {
        case .return, .returnNull, .jump, .raise, .reraise, .assertFailed, .testFailed: break
        default: throw fault("the last instruction does not leave")
        }
        let sizes = PlainOperands.Table.allCases.map { code.parts.size(of: $0) }
        var index = 0
        while let next = PlainOperands.firstUnfit(code.parts.instructions, from: index, sizes) {
            try verify(code.parts.instructions[next], at: next)
            index = next + 1
        }
        for handler in code.parts.handlers {
            guard handler.register < code.parts.registerCount, code.parts.instructions.indices.contains(handler.target)
            else {
                throw fault("a handler leads nowhere")
            }
        }
        for description in code.parts.structs {
            guard description.hasType.count == description.fields.count,
                description.defaults.count == description.fields.count,
                description.fieldsNamingTypes.allSatisfy(description.fields.indices.contains)
            else { throw fault("struct '\(description.name)' does not describe each field") }
        }
    }

    private func fault(_ message: String) -> CodeFault { CodeFault(message: "\(code.parts.name): \(message)") }

    private func verify(_ instruction: Instruction, at index: Int) throws(CodeFault) {
        let form = forms[Int(instruction.opcode.rawValue)]
        if form.isChecked(.a) { try verify(form.a, instruction.a, instruction, at: index) }
        if form.isChecked(.b) { try verify(form.b, instruction.b, instruction, at: index) }
        if form.isChecked(.c) { try verify(form.c, instruction.c, instruction, at: index) }
        if form.isChecked(.x) { try verify(form.x, instruction.x, instruction, at: index) }
        if form.isChecked(.wide) { try verify(form.wide, instruction.wide, instruction, at: index) }
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
            let description = code.parts.structs[instruction.b]
            let count = description.hasType.count { $0 } + description.defaults.count { $0 != .none }
            try verifyRegisters(from: instruction.a, count: count + 1, at: index)
        case .makeEnum:
            try verifyRegisters(
                from: instruction.a, count: code.parts.enums[instruction.b].members.count + 1, at: index)
        case .makeInterface:
            try verifyRegisters(
                from: instruction.a, count: code.parts.interfaces[instruction.b].fields.count + 1, at: index)
        case .makeFunction:
            let made = code.parts.codes[instruction.b].parts
            if made.parameters.defaultCount > 0 {
                try verifyRegisters(from: instruction.c, count: made.parameters.defaultCount, at: index)
            }
            for case .register(let register) in made.captures where register >= code.parts.registerCount {
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
            limit = code.parts.registerCount
        case .optionalRegister: limit = operand == Int(Instruction.none) ? .max : code.parts.registerCount
        case .registers(let letter, let adding):
            let count =
                switch letter {
                case .a: instruction.a
                case .b: instruction.b
                case .c: instruction.c
                case .x: instruction.x
                }
            return try verifyRegisters(from: operand, count: count + adding, at: index)
        case .fixedRegisters(let count): return try verifyRegisters(from: operand, count: count, at: index)
        case .constant: limit = code.parts.constants.count
        case .name: limit = code.parts.names.count
        case .global: limit = code.parts.globals.count
        case .site: limit = code.parts.sites.count
        case .code: limit = code.parts.codes.count
        case .keywords: limit = code.parts.keywordNames.count
        case .capture: limit = code.parts.captures.count
        case .scope: limit = ScopeKind.allCases.count
        case .structure: limit = code.parts.structs.count
        case .enumeration: limit = code.parts.enums.count
        case .interface: limit = code.parts.interfaces.count
        case .module: limit = code.parts.imports.count
        case .jump:
            guard code.parts.instructions.indices.contains(index + 1 + operand) else {
                throw fault("instruction \(index) (\(instruction.opcode)) jumps out of the code")
            }
            return
        }
        guard operand >= 0 && operand < limit else {
            throw fault("instruction \(index) (\(instruction.opcode)): \(role) \(operand) is out of range")
        }
    }

    private func verifyRegisters(from first: Int, count: Int, at index: Int) throws(CodeFault) {
        guard first + count <= code.parts.registerCount else {
            throw fault("instruction \(index) (\(code.parts.instructions[index].opcode)) needs more registers")
        }
    }
}
