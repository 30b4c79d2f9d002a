/// What an instruction's operands are: the one table that the verifier and the disassembler read.
struct OperandForm {
    enum Role: Equatable {
        case unused
        case register
        /// A register or `Instruction.none`.
        case optionalRegister
        /// The first of this many registers: the number is in the operand of the given letter, plus an addition.
        case registers(Letter, adding: Int = 0)
        /// The first of a fixed number of registers.
        case fixedRegisters(Int)
        case count
        case integer
        case constant
        case name
        case global
        case site
        case code
        case keywords
        case capture
        case scope
        case structure
        case enumeration
        case interface
        case module
        case jump
        case conversion

        /// Whether the operand names something that must be there.
        var isChecked: Bool {
            switch self {
            case .unused, .count, .integer, .conversion: false
            default: true
            }
        }
    }

    enum Letter {
        case a, b, c, x
    }

    /// The operands that name something, which must be there.
    struct Checked: OptionSet {
        let rawValue: UInt8

        static let a = Checked(rawValue: 1)
        static let b = Checked(rawValue: 2)
        static let c = Checked(rawValue: 4)
        static let x = Checked(rawValue: 8)
        static let wide = Checked(rawValue: 16)
    }

    let a: Role
    let b: Role
    let c: Role
    let x: Role
    /// B and C as one number; then `b` and `c` are unused.
    let wide: Role
    /// C and X are a jump; then they are unused.
    let isJump: Bool
    private let checked: Checked

    init(
        a: Role = .unused, b: Role = .unused, c: Role = .unused, x: Role = .unused, wide: Role = .unused,
        isJump: Bool = false
    ) {
        (self.a, self.b, self.c, self.x, self.wide, self.isJump) = (a, b, c, x, wide, isJump)
        var checked: Checked = []
        for (role, operand) in [(a, Checked.a), (b, .b), (c, .c), (x, .x), (wide, .wide)] where role.isChecked {
            checked.insert(operand)
        }
        self.checked = checked
    }

    @inline(__always) func isChecked(_ operand: Checked) -> Bool { checked.contains(operand) }
}

extension OperandForm {
    /// By the raw value of the opcode.
    static let byOpcode = Opcode.allCases.map(\.form)
}

extension Opcode {
    var form: OperandForm {
        switch self {
        case .loadConstant: OperandForm(a: .register, wide: .constant)
        case .loadInteger, .loadIntegerThenRemainder, .loadIntegerThenSetItem, .loadIntegerThenJump:
            OperandForm(a: .register, wide: .integer)
        case .loadNull, .loadTrue, .loadFalse, .clear, .makeCell, .return, .listToTuple, .reraise,
            .closeIteration:
            OperandForm(a: .register)
        case .move, .take, .negate, .plus, .invert, .not, .truth, .listAppend, .listExtend, .setAdd, .setUpdate,
            .dictUpdate, .matchMapping, .typeOf, .yield, .setCell, .enter, .deleteItem:
            OperandForm(a: .register, b: .register)
        case .checkLocal: OperandForm(a: .register, wide: .name)
        case .getGlobal, .setGlobal: OperandForm(a: .register, wide: .global)
        case .deleteGlobal: OperandForm(wide: .global)
        case .getScope, .setScope: OperandForm(a: .register, b: .name, x: .scope)
        case .deleteScope: OperandForm(b: .name, x: .scope)
        case .getCell: OperandForm(a: .register, b: .register, c: .name)
        case .getCapture: OperandForm(a: .register, b: .capture, c: .name)
        case .setCapture: OperandForm(a: .capture, b: .register)
        case .makeFunction: OperandForm(a: .register, b: .code, c: .register)
        case .call: OperandForm(a: .registers(.b, adding: 1), b: .count)
        case .callKeywords: OperandForm(a: .registers(.b, adding: 1), b: .count, c: .keywords)
        case .callSpread: OperandForm(a: .fixedRegisters(3))
        case .callMethod, .callMethodKeywords: OperandForm(a: .registers(.b, adding: 1), b: .count, c: .site)
        case .returnNull: OperandForm()
        case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power, .shiftLeft, .shiftRight, .and,
            .pipe, .exclusiveOr, .addThenRemainder:
            OperandForm(a: .register, b: .register, c: .register, x: .count)
        case .addInteger, .subtractInteger, .multiplyInteger, .floorDivideInteger, .remainderInteger, .andInteger,
            .shiftLeftInteger, .shiftRightInteger, .multiplyIntegerThenAdd:
            OperandForm(a: .register, b: .register, c: .integer, x: .count)
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual, .identical, .notIdentical, .contains,
            .containsNot, .getItem, .setItem, .dictSet, .dictMerge, .matchException, .matchKeys, .matchRest,
            .matchType:
            OperandForm(a: .register, b: .register, c: .register)
        case .jump: OperandForm(wide: .jump)
        case .jumpIfTrue, .jumpIfFalse, .jumpIfNull, .jumpIfUndefined: OperandForm(a: .register, wide: .jump)
        case .jumpIfLess, .jumpIfLessOrEqual, .jumpIfGreater, .jumpIfGreaterOrEqual, .jumpIfEqual, .jumpIfNotEqual,
            .jumpIfNotLess, .jumpIfNotLessOrEqual, .jumpIfNotGreater, .jumpIfNotGreaterOrEqual:
            OperandForm(a: .register, b: .register, isJump: true)
        case .jumpIfLessInteger, .jumpIfLessOrEqualInteger, .jumpIfGreaterInteger, .jumpIfGreaterOrEqualInteger,
            .jumpIfEqualInteger, .jumpIfNotEqualInteger, .jumpIfNotLessInteger, .jumpIfNotLessOrEqualInteger,
            .jumpIfNotGreaterInteger, .jumpIfNotGreaterOrEqualInteger:
            OperandForm(a: .register, b: .integer, isJump: true)
        case .getIterator: OperandForm(a: .fixedRegisters(3), b: .register)
        case .forNext, .throwInto: OperandForm(a: .fixedRegisters(3), b: .register, isJump: true)
        case .sendTo: OperandForm(a: .fixedRegisters(3), b: .register)
        case .unpack: OperandForm(a: .registers(.b), b: .count, c: .register)
        case .unpackStar: OperandForm(a: .registers(.b, adding: 1), b: .count, c: .register, x: .count)
        case .getItemInteger: OperandForm(a: .register, b: .register, c: .integer)
        case .makeSlice: OperandForm(a: .register, b: .fixedRegisters(3))
        case .getAttribute, .setAttribute, .matchAttribute: OperandForm(a: .register, b: .register, c: .site)
        case .deleteAttribute, .requireAttribute: OperandForm(a: .register, c: .site)
        case .makeList, .makeTuple, .makeSet, .joinStrings: OperandForm(a: .register, b: .registers(.c), c: .count)
        case .makeDict: OperandForm(a: .register, b: .registers(.c), c: .count)
        case .formatValue: OperandForm(a: .register, b: .register, c: .optionalRegister, x: .conversion)
        case .raise: OperandForm(a: .register, b: .optionalRegister)
        case .assertFailed: OperandForm(a: .optionalRegister)
        case .shown: OperandForm(a: .register, b: .register, x: .count)
        case .testFailed: OperandForm(a: .register, b: .register, x: .count)
        case .leave: OperandForm(a: .fixedRegisters(4), b: .register, c: .optionalRegister)
        case .stageFunction: OperandForm(a: .register, b: .register)
        case .lacksArguments: OperandForm(a: .register, b: .register, c: .count)
        case .matchSequence: OperandForm(a: .register, b: .register, c: .count, x: .count)
        case .matchPositional: OperandForm(a: .register, b: .register, c: .count)
        case .checkType: OperandForm(a: .register, b: .register, c: .name, x: .count)
        case .makeStruct: OperandForm(a: .register, b: .structure)
        case .makeEnum: OperandForm(a: .register, b: .enumeration)
        case .makeInterface: OperandForm(a: .register, b: .interface)
        case .defineMethod: OperandForm(a: .register, b: .name, c: .register)
        case .importModule: OperandForm(a: .register, wide: .module)
        case .importName: OperandForm(a: .register, b: .register, c: .name)
        case .importAll: OperandForm(a: .register, x: .count)
        case .exportName: OperandForm(wide: .name)
        }
    }
}
