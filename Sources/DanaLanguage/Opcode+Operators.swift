/// How the instructions that work on values ask the host when one of these is a handle.
extension Opcode {
    /// The operator of an instruction with two operands, and whether the right one is in the instruction.
    var binaryOperator: (operation: BinaryOperator, hasInteger: Bool)? {
        switch self {
        case .add: (.add, false)
        case .subtract: (.subtract, false)
        case .multiply: (.multiply, false)
        case .divide: (.divide, false)
        case .floorDivide: (.floorDivide, false)
        case .remainder: (.remainder, false)
        case .power: (.power, false)
        case .shiftLeft: (.shiftLeft, false)
        case .shiftRight: (.shiftRight, false)
        case .and: (.and, false)
        case .pipe: (.or, false)
        case .exclusiveOr: (.exclusiveOr, false)
        case .addInteger: (.add, true)
        case .subtractInteger: (.subtract, true)
        case .multiplyInteger: (.multiply, true)
        case .floorDivideInteger: (.floorDivide, true)
        case .remainderInteger: (.remainder, true)
        case .andInteger: (.and, true)
        case .shiftLeftInteger: (.shiftLeft, true)
        case .shiftRightInteger: (.shiftRight, true)
        default: nil
        }
    }

    var unaryOperator: UnaryOperator? {
        switch self {
        case .negate: .negate
        case .plus: .plus
        case .invert: .invert
        default: nil
        }
    }

    /// The operator of a comparison whose value is the result.
    var comparison: ComparisonOperator? {
        switch self {
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .equal: .equal
        case .notEqual: .notEqual
        default: nil
        }
    }

    /// What a jump compares, whether it is taken when that is true, and whether the right operand is in the
    /// instruction.
    var comparingJump: (comparison: ComparisonOperator, isTakenWhen: Bool, hasInteger: Bool)? {
        switch self {
        case .jumpIfLess: (.less, true, false)
        case .jumpIfLessOrEqual: (.lessOrEqual, true, false)
        case .jumpIfGreater: (.greater, true, false)
        case .jumpIfGreaterOrEqual: (.greaterOrEqual, true, false)
        case .jumpIfEqual: (.equal, true, false)
        case .jumpIfNotEqual: (.notEqual, true, false)
        case .jumpIfNotLess: (.less, false, false)
        case .jumpIfNotLessOrEqual: (.lessOrEqual, false, false)
        case .jumpIfNotGreater: (.greater, false, false)
        case .jumpIfNotGreaterOrEqual: (.greaterOrEqual, false, false)
        case .jumpIfLessInteger: (.less, true, true)
        case .jumpIfLessOrEqualInteger: (.lessOrEqual, true, true)
        case .jumpIfGreaterInteger: (.greater, true, true)
        case .jumpIfGreaterOrEqualInteger: (.greaterOrEqual, true, true)
        case .jumpIfEqualInteger: (.equal, true, true)
        case .jumpIfNotEqualInteger: (.notEqual, true, true)
        case .jumpIfNotLessInteger: (.less, false, true)
        case .jumpIfNotLessOrEqualInteger: (.lessOrEqual, false, true)
        case .jumpIfNotGreaterInteger: (.greater, false, true)
        case .jumpIfNotGreaterOrEqualInteger: (.greaterOrEqual, false, true)
        default: nil
        }
    }
}
