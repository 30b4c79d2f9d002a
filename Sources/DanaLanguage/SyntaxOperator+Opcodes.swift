// The instructions that operators stand for.

extension SyntaxOperator {
    /// The instruction for two registers, or for one where the operator has one operand.
    var opcode: Opcode {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .floorDivide: .floorDivide
        case .modulo: .remainder
        case .power: .power
        case .leftShift: .shiftLeft
        case .rightShift: .shiftRight
        case .bitAnd: .and
        case .bitOr: .pipe
        case .bitXor: .exclusiveOr
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .in: .contains
        case .notIn: .containsNot
        case .is: .identical
        case .isNot: .notIdentical
        case .plus: .plus
        case .minus: .negate
        case .invert: .invert
        case .not: .not
        }
    }

    /// The instruction for a register and a signed number of 16 bits, if there is one.
    var integerOpcode: Opcode? {
        switch self {
        case .add: .addInteger
        case .subtract: .subtractInteger
        case .multiply: .multiplyInteger
        case .floorDivide: .floorDivideInteger
        case .modulo: .remainderInteger
        case .bitAnd: .andInteger
        case .leftShift: .shiftLeftInteger
        case .rightShift: .shiftRightInteger
        default: nil
        }
    }

    /// The jump that is taken when a comparison's answer is `sense`, if comparing and jumping is one instruction.
    func jump(when sense: Bool, withInteger: Bool) -> Opcode? {
        switch self {
        case .less:
            sense
                ? (withInteger ? .jumpIfLessInteger : .jumpIfLess)
                : (withInteger ? .jumpIfNotLessInteger : .jumpIfNotLess)
        case .lessOrEqual:
            sense
                ? (withInteger ? .jumpIfLessOrEqualInteger : .jumpIfLessOrEqual)
                : (withInteger ? .jumpIfNotLessOrEqualInteger : .jumpIfNotLessOrEqual)
        case .greater:
            sense
                ? (withInteger ? .jumpIfGreaterInteger : .jumpIfGreater)
                : (withInteger ? .jumpIfNotGreaterInteger : .jumpIfNotGreater)
        case .greaterOrEqual:
            sense
                ? (withInteger ? .jumpIfGreaterOrEqualInteger : .jumpIfGreaterOrEqual)
                : (withInteger ? .jumpIfNotGreaterOrEqualInteger : .jumpIfNotGreaterOrEqual)
        case .equal, .notEqual:
            (self == .equal) == sense
                ? (withInteger ? .jumpIfEqualInteger : .jumpIfEqual)
                : (withInteger ? .jumpIfNotEqualInteger : .jumpIfNotEqual)
        default: nil
        }
    }
}
