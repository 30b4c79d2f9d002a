/// The operators of expressions and of augmented assignments.
public enum SyntaxOperator: UInt8, Sendable, CaseIterable {
    case add, subtract, multiply, divide, floorDivide, modulo, power
    case leftShift, rightShift, bitAnd, bitOr, bitXor
    case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
    case `in`, notIn, `is`, isNot
    case plus, minus, invert, not

    public var spelling: String {
        switch self {
        case .add, .plus: "+"
        case .subtract, .minus: "-"
        case .multiply: "*"
        case .divide: "/"
        case .floorDivide: "//"
        case .modulo: "%"
        case .power: "**"
        case .leftShift: "<<"
        case .rightShift: ">>"
        case .bitAnd: "&"
        case .bitOr: "|"
        case .bitXor: "^"
        case .equal: "=="
        case .notEqual: "!="
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        case .in: "in"
        case .notIn: "not in"
        case .is: "is"
        case .isNot: "is not"
        case .invert: "~"
        case .not: "not"
        }
    }
}
