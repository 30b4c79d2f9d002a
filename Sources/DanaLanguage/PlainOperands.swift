/// The operands of an opcode where each names at most one thing of the code: which table it must lie in.
struct PlainOperands {
    /// The tables of a code, and the registers; the first stands for what is not checked.
    enum Table: UInt8, CaseIterable {
        case none, register, constant, name, global, site, code, keywords, capture, scope, structure, enumeration
        case interface, module
    }

    private let a: Table
    private let b: Table
    private let c: Table
    private let x: Table
    private let wide: Table
    private let isJump: Bool
    private let isWideJump: Bool

    /// Nil where an operand speaks of several registers or what it means depends on something else.
    init?(_ opcode: Opcode) {
        switch opcode {
        case .makeDict, .makeStruct, .makeEnum, .makeInterface, .makeFunction, .unpackStar: return nil
        default: break
        }
        let form = opcode.form
        guard let a = Table(form.a), let b = Table(form.b), let c = Table(form.c), let x = Table(form.x) else {
            return nil
        }
        isWideJump = form.wide == .jump
        guard let wide = isWideJump ? Table.none : Table(form.wide) else { return nil }
        (self.a, self.b, self.c, self.x, self.wide, isJump) = (a, b, c, x, wide, form.isJump)
    }

    /// By the raw value of the opcode.
    private static let byOpcode = Opcode.allCases.map { PlainOperands($0) }

    /// The index of the first instruction, from one on, of which it is not certain that all it names is there; the
    /// sizes are those of the tables, by raw value.
    static func firstUnfit(_ instructions: [Instruction], from start: Int, _ sizes: [Int]) -> Int? {
        precondition(sizes.count == Table.allCases.count)
        return instructions.withUnsafeBufferPointer { instructions in
            sizes.withUnsafeBufferPointer { sizes in
                byOpcode.withUnsafeBufferPointer { forms in
                    // Safe because there is a form for each opcode and a size for each table.
                    var index = start
                    while index < instructions.count {
                        let instruction = instructions[index]
                        guard let operands = forms[Int(instruction.opcode.rawValue)],
                            operands.fit(instruction, at: index, sizes, count: instructions.count)
                        else { return index }
                        index &+= 1
                    }
                    return nil
                }
            }
        }
    }

    @inline(__always)
    private func fit(
        _ instruction: Instruction, at index: Int, _ sizes: UnsafeBufferPointer<Int>, count: Int
    ) -> Bool {
        guard instruction.a < sizes[Int(a.rawValue)], instruction.b < sizes[Int(b.rawValue)],
            instruction.c < sizes[Int(c.rawValue)], instruction.x < sizes[Int(x.rawValue)]
        else { return false }
        if wide != .none {
            guard instruction.wide >= 0, instruction.wide < sizes[Int(wide.rawValue)] else { return false }
        }
        if isJump || isWideJump {
            let target = index &+ 1 &+ (isJump ? instruction.jump : instruction.wide)
            guard target >= 0, target < count else { return false }
        }
        return true
    }
}

extension PlainOperands.Table {
    fileprivate init?(_ role: OperandForm.Role) {
        switch role {
        case .unused, .count, .integer, .conversion: self = .none
        case .register: self = .register
        case .constant: self = .constant
        case .name: self = .name
        case .global: self = .global
        case .site: self = .site
        case .code: self = .code
        case .keywords: self = .keywords
        case .capture: self = .capture
        case .scope: self = .scope
        case .structure: self = .structure
        case .enumeration: self = .enumeration
        case .interface: self = .interface
        case .module: self = .module
        case .optionalRegister, .registers, .fixedRegisters, .jump: return nil
        }
    }
}

extension Code.Parts {
    /// How much there is of each table, by its raw value.
    func size(of table: PlainOperands.Table) -> Int {
        switch table {
        case .none: .max
        case .register: registerCount
        case .constant: constants.count
        case .name: names.count
        case .global: globals.count
        case .site: sites.count
        case .code: codes.count
        case .keywords: keywordNames.count
        case .capture: captures.count
        case .scope: ScopeKind.allCases.count
        case .structure: structs.count
        case .enumeration: enums.count
        case .interface: interfaces.count
        case .module: imports.count
        }
    }
}
