/// An instruction's operands as a listing shows them: registers as `R1`, runs of registers as `R1...R3`, jumps by the
/// number of the instruction they lead to, names and constants spelled out.
struct InstructionText {
    private let instruction: Instruction
    private let index: Int
    private let parts: Code.Parts

    init(_ instruction: Instruction, at index: Int, _ parts: Code.Parts) {
        self.instruction = instruction
        self.index = index
        self.parts = parts
    }

    var operands: String {
        switch instruction.opcode {
        case .loadConstant: "\(a), \(constant)"
        case .loadInteger: "\(a), \(instruction.wide)"
        case .loadNull, .loadTrue, .loadFalse, .clear, .makeCell, .return, .listToTuple: a
        case .returnNull: ""
        case .checkLocal, .exportName: "\(a), \(name(instruction.wide))"
        case .getGlobal, .setGlobal: "\(a), \(global)"
        case .deleteGlobal: global
        case .getScope, .setScope: "\(a), \(scope):\(name(instruction.b))"
        case .deleteScope: "\(scope):\(name(instruction.b))"
        case .getCapture: "\(a), capture \(instruction.b)"
        case .setCapture: "capture \(instruction.a), \(b)"
        case .makeFunction: "\(a), function \(instruction.b), defaults from \(c)"
        case .call: "\(a), \(arguments)"
        case .callKeywords: "\(a), \(arguments) with \(parts.keywordNames[instruction.c].joined(separator: ", "))"
        case .callMethod: "\(a), .\(site.name), \(arguments)"
        case .callMethodKeywords:
            "\(a), .\(site.name), \(arguments) with \(site.keywords.joined(separator: ", "))"
        case .callSpread: "\(a), *R\(instruction.a + 1), **R\(instruction.a + 2)"
        case .addInteger, .subtractInteger, .multiplyInteger, .floorDivideInteger, .remainderInteger, .andInteger,
            .shiftLeftInteger, .shiftRightInteger, .getItemInteger:
            "\(a), \(b), \(instruction.integer)\(augmented)"
        case .jump: target(instruction.wide)
        case .jumpIfTrue, .jumpIfFalse, .jumpIfNull, .jumpIfUndefined: "\(a), \(target(instruction.wide))"
        case .jumpIfLess, .jumpIfLessOrEqual, .jumpIfGreater, .jumpIfGreaterOrEqual, .jumpIfEqual, .jumpIfNotEqual,
            .jumpIfNotLess, .jumpIfNotLessOrEqual, .jumpIfNotGreater, .jumpIfNotGreaterOrEqual, .forNext:
            "\(a), \(b), \(target(instruction.jump))"
        case .jumpIfLessInteger, .jumpIfLessOrEqualInteger, .jumpIfGreaterInteger, .jumpIfGreaterOrEqualInteger,
            .jumpIfEqualInteger, .jumpIfNotEqualInteger, .jumpIfNotLessInteger, .jumpIfNotLessOrEqualInteger,
            .jumpIfNotGreaterInteger, .jumpIfNotGreaterOrEqualInteger:
            "\(a), \(instruction.integerB), \(target(instruction.jump))"
        default: rareOperands
        }
    }

    private var rareOperands: String {
        switch instruction.opcode {
        case .unpack: "\(run(instruction.a, instruction.b)), \(c)"
        case .unpackStar: "\(instruction.b) from \(a), *, \(instruction.x), \(c)"
        case .getAttribute, .matchAttribute: "\(a), \(b), .\(site.name)"
        case .setAttribute: "\(a), .\(site.name), \(b)"
        case .deleteAttribute: "\(a), .\(site.name)"
        case .makeList, .makeTuple, .makeSet, .joinStrings: "\(a), \(run(instruction.b, instruction.c))"
        case .makeDict: "\(a), \(run(instruction.b, instruction.c * 2))"
        case .makeSlice: "\(a), \(run(instruction.b, 3))"
        case .formatValue: "\(a), \(b), \(optional(instruction.c))\(conversion)"
        case .raise: "\(a), \(optional(instruction.b))"
        case .assertFailed: optional(instruction.a)
        case .leave: "\(a), \(b), \(optional(instruction.c))"
        case .checkType: "\(a), \(b), \(name(instruction.c))"
        case .getCell: "\(a), \(b), \(name(instruction.c))"
        case .defineMethod: "\(a), .\(name(instruction.b)), \(c)"
        case .matchSequence: "\(a), \(b), \(instruction.x == 1 ? "at least " : "")\(instruction.c)"
        case .matchPositional: "\(a), \(b), \(instruction.c) of R\(instruction.x)"
        case .makeStruct: "\(a), \(parts.structs[instruction.b].name)"
        case .makeEnum: "\(a), \(parts.enums[instruction.b].name)"
        case .makeInterface: "\(a), \(parts.interfaces[instruction.b].name)"
        case .importModule: "\(a), \(module)"
        case .importName: "\(a), \(b), \(name(instruction.c))"
        case .importAll: instruction.x == 1 ? "\(a), functions" : a
        case .lacksArguments: "\(a), \(b), \(instruction.c)"
        case .reraise: a
        case .move, .take, .setCell, .yield, .getIterator, .negate, .plus, .invert, .not, .truth, .deleteItem,
            .listAppend, .listExtend, .setAdd, .setUpdate, .dictUpdate, .enter, .matchMapping, .typeOf:
            "\(a), \(b)"
        default: "\(a), \(b), \(c)\(augmented)"
        }
    }

    // MARK: Parts

    private var a: String { "R\(instruction.a)" }
    private var b: String { "R\(instruction.b)" }
    private var c: String { "R\(instruction.c)" }

    private func optional(_ register: Int) -> String {
        register == Int(Instruction.none) ? "none" : "R\(register)"
    }

    private func run(_ first: Int, _ count: Int) -> String {
        switch count {
        case 0: "nothing"
        case 1: "R\(first)"
        default: "R\(first)...R\(first + count - 1)"
        }
    }

    private var augmented: String { instruction.x == 1 ? ", in place" : "" }
    private func target(_ distance: Int) -> String { "-> \(index + 1 + distance)" }
    private func name(_ index: Int) -> String { parts.names[index] }
    private var global: String { parts.globals[instruction.wide] }
    private var site: Code.AttributeSite { parts.sites[instruction.c] }
    private var arguments: String { "\(instruction.b) argument\(instruction.b == 1 ? "" : "s")" }
    private var scope: String { ScopeKind(rawValue: UInt8(truncatingIfNeeded: instruction.x))?.name ?? "?" }

    private var conversion: String {
        instruction.x == 0 ? "" : " !\(Character(UnicodeScalar(UInt8(truncatingIfNeeded: instruction.x))))"
    }

    private var module: String {
        let description = parts.imports[instruction.wide]
        return String(repeating: ".", count: description.level) + description.name
    }

    private var constant: String { InstructionText.describe(parts.constants[instruction.wide]) }

    private static func describe(_ constant: Code.Constant) -> String {
        switch constant {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .bigInteger(let value): "\(value)"
        case .float(let value): "\(value)"
        case .string(let value): value.debugDescription
        case .bytes(let value): "\(value.count) bytes"
        case .tuple(let values):
            "(" + values.prefix(8).map(describe).joined(separator: ", ")
                + (values.count > 8 ? ", ... \(values.count) in all)" : ")")
        }
    }
}
