/// Writes compiled code as text: one instruction a line with its place in the source, then the functions it makes.
public struct Disassembler {
    private var lines: [String] = []

    /// The listing of a module or a function and of all functions in it.
    static func listing(of code: Code) -> String {
        var disassembler = Disassembler()
        var waiting: [(code: Code, path: String)] = [(code, code.parts.name)]
        while let next = waiting.popLast() {
            disassembler.write(next.code.parts, next.path)
            for inner in next.code.parts.codes.reversed() {
                waiting.append((inner, "\(next.path).\(inner.parts.name)"))
            }
        }
        return disassembler.lines.joined(separator: "\n") + "\n"
    }

    private mutating func write(_ parts: Code.Parts, _ path: String) {
        if !lines.isEmpty { lines.append("") }
        let kind = parts.isGenerator ? "generator " : ""
        lines.append("\(kind)\(path)(\(Disassembler.describe(parts.parameters))), \(parts.registerCount) registers")
        if !parts.captures.isEmpty {
            lines.append("  captures \(parts.captures.map(Disassembler.describe).joined(separator: ", "))")
        }
        var line = 0
        for (index, instruction) in parts.instructions.enumerated() {
            let place = parts.source.place(at: Int(parts.places[index].start)).line
            let margin = place == line ? "" : "\(place)"
            line = place
            let operands = InstructionText(instruction, at: index, parts).operands
            lines.append(
                Disassembler.pad(margin, 5, isLeft: false) + Disassembler.pad("\(index)", 5, isLeft: false) + "  "
                    + Disassembler.pad("\(instruction.opcode)", 24, isLeft: operands.isEmpty ? nil : true) + operands)
        }
        for handler in parts.handlers {
            let range = "\(handler.start)..<\(handler.end)"
            switch handler.kind {
            case .handling: lines.append("  in \(range) handling R\(handler.register)")
            case .catches: lines.append("  in \(range) except to \(handler.target) with R\(handler.register)")
            case .cleansUp: lines.append("  in \(range) finally to \(handler.target) with R\(handler.register)")
            }
        }
    }

    /// Text brought to a width with spaces; nil for text that ends its line.
    private static func pad(_ text: String, _ width: Int, isLeft: Bool?) -> String {
        guard let isLeft, text.utf8.count < width else { return text }
        let spaces = String(repeating: " ", count: width - text.utf8.count)
        return isLeft ? text + spaces : spaces + text
    }

    // MARK: Headers

    private static func describe(_ parameters: Parameters) -> String {
        var texts: [String] = []
        let firstDefault = parameters.positionalCount - parameters.positionalDefaults
        for (index, name) in parameters.names.prefix(parameters.positionalCount).enumerated() {
            texts.append(name + (index >= firstDefault ? "=" : ""))
            if index == parameters.positionalOnlyCount - 1 { texts.append("/") }
        }
        if let rest = parameters.rest {
            texts.append("*\(rest)")
        } else if parameters.keywordCount > 0 {
            texts.append("*")
        }
        for (name, hasDefault) in zip(
            parameters.names.dropFirst(parameters.positionalCount), parameters.keywordDefaults)
        {
            texts.append(name + (hasDefault ? "=" : ""))
        }
        if let rest = parameters.keywordRest { texts.append("**\(rest)") }
        return texts.joined(separator: ", ")
    }

    private static func describe(_ capture: Code.Capture) -> String {
        switch capture {
        case .register(let register): "R\(register)"
        case .capture(let index): "capture \(index)"
        }
    }
}
