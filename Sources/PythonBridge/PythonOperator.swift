import CPython

/// Python's binary operators.
public enum PythonOperator: Sendable {
    case add, subtract, multiply, matrixMultiply, divide, floorDivide, remainder, power
    case shiftLeft, shiftRight, and, or, xor

    func apply(_ left: PyRef, _ right: PyRef) -> PyRef? {
        switch self {
        case .add: PyNumber_Add(left, right)
        case .subtract: PyNumber_Subtract(left, right)
        case .multiply: PyNumber_Multiply(left, right)
        case .matrixMultiply: PyNumber_MatrixMultiply(left, right)
        case .divide: PyNumber_TrueDivide(left, right)
        case .floorDivide: PyNumber_FloorDivide(left, right)
        case .remainder: PyNumber_Remainder(left, right)
        case .power: PyNumber_Power(left, right, py_none())
        case .shiftLeft: PyNumber_Lshift(left, right)
        case .shiftRight: PyNumber_Rshift(left, right)
        case .and: PyNumber_And(left, right)
        case .or: PyNumber_Or(left, right)
        case .xor: PyNumber_Xor(left, right)
        }
    }
}

/// Python's rich comparisons.
public enum PythonComparison: Int32, Sendable {
    // The order is that of `py_compare_operator` in the shim.
    case less, lessOrEqual, equal, notEqual, greater, greaterOrEqual

    var code: Int32 { py_compare_operator(rawValue) }
}
