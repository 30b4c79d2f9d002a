import DanaData
import Glibc

/// An operator between two values.
public enum BinaryOperator: UInt8, Sendable {
    case add, subtract, multiply, divide, floorDivide, remainder, power, shiftLeft, shiftRight, and, or, exclusiveOr

    public var symbol: String {
        switch self {
        case .add: "+"
        case .subtract: "-"
        case .multiply: "*"
        case .divide: "/"
        case .floorDivide: "//"
        case .remainder: "%"
        case .power: "**"
        case .shiftLeft: "<<"
        case .shiftRight: ">>"
        case .and: "&"
        case .or: "|"
        case .exclusiveOr: "^"
        }
    }
}

extension Machine {
    /// `add` beyond small integers and floats: strings are lengthened in place when their register holds the only
    /// reference.
    @inline(never) func add(_ i: Instruction, _ base: UnsafeMutablePointer<Value>) throws(DanaError) {
        if i.a == i.b, base[i.b].isObject(.string), let right = StringObject(base[i.c]), i.b != i.c {
            let left = base[i.b]
            base[i.b] = .undefined
            try heap.charge(right.byteCount >> 10)
            base[i.a] = try heap.concatenation(heap.owned(left), right)
            return
        }
        try calculate(.add, i, base)
    }

    @inline(never) func calculate(_ operation: BinaryOperator, _ i: Instruction, _ base: UnsafeMutablePointer<Value>)
        throws(DanaError)
    {
        let arithmetic = Arithmetic(heap: heap)
        if i.x == 1, let result = try arithmetic.changedInPlace(operation, base[i.b], base[i.c]) {
            heap.store(result, in: base + i.a)
            return
        }
        heap.store(try arithmetic.calculate(operation, base[i.b], base[i.c], isAugmented: i.x == 1), in: base + i.a)
    }

    @inline(never)
    func calculateWithInteger(_ operation: BinaryOperator, _ i: Instruction, _ base: UnsafeMutablePointer<Value>)
        throws(DanaError)
    {
        let left = base[i.b]
        if left.isInlineFloat {
            let right = Double(i.integer)
            switch operation {
            case .add: return heap.store(try heap.float(left.inlineFloat + right), in: base + i.a)
            case .subtract: return heap.store(try heap.float(left.inlineFloat - right), in: base + i.a)
            case .multiply: return heap.store(try heap.float(left.inlineFloat * right), in: base + i.a)
            default: break
            }
        }
        let arithmetic = Arithmetic(heap: heap)
        let right = Value(small: i.integer)
        if i.x == 1, let result = try arithmetic.changedInPlace(operation, left, right) {
            heap.store(result, in: base + i.a)
            return
        }
        heap.store(try arithmetic.calculate(operation, left, right, isAugmented: i.x == 1), in: base + i.a)
    }
}

/// Python's operators on any values, beyond the loop's own cases.
struct Arithmetic {
    let heap: Heap

    /// An owned result.
    func calculate(_ operation: BinaryOperator, _ left: Value, _ right: Value, isAugmented: Bool = false)
        throws(DanaError) -> Value
    {
        if let leftNumber = Numbers.number(left), let rightNumber = Numbers.number(right) {
            return try numbers(operation, left, right, leftNumber, rightNumber)
        }
        if left.isObject(.hostHandle) || right.isObject(.hostHandle) { throw .handle }
        if let result = try containers(operation, left, right) { return result }
        let symbol = operation == .power ? "** or pow()" : operation.symbol
        let shown = isAugmented ? operation.symbol + "=" : symbol
        throw heap.typeError(
            "unsupported operand type(s) for \(shown): '\(left.typeName)' and '\(right.typeName)'")
    }

    // MARK: Numbers

    private func numbers(
        _ operation: BinaryOperator, _ left: Value, _ right: Value, _ leftNumber: Numbers.Number,
        _ rightNumber: Numbers.Number
    ) throws(DanaError) -> Value {
        switch (leftNumber, rightNumber) {
        case (.small(let leftInteger), .small(let rightInteger)):
            if let result = try small(operation, leftInteger, rightInteger) {
                if left.isBool && right.isBool, operation == .and || operation == .or || operation == .exclusiveOr {
                    return Value(result.smallInteger != 0)
                }
                return result
            }
            if let result = try LongArithmetic(heap: heap).calculate(operation, leftNumber, rightNumber) {
                return result
            }
            return try IntegerArithmetic(heap: heap).calculate(
                operation, BigInteger(leftInteger), BigInteger(rightInteger))
        case (.float, _), (_, .float):
            return try floats(operation, left, right, try float(leftNumber), try float(rightNumber))
        default:
            if let result = try LongArithmetic(heap: heap).calculate(operation, leftNumber, rightNumber) {
                return result
            }
            guard let left = BigInteger(left), let right = BigInteger(right) else { return .null }
            return try IntegerArithmetic(heap: heap).calculate(operation, left, right)
        }
    }

    /// Nil when the result needs more than a word.
    private func small(_ operation: BinaryOperator, _ left: Int, _ right: Int) throws(DanaError) -> Value? {
        switch operation {
        case .add:
            let (result, overflow) = left.addingReportingOverflow(right)
            return overflow ? nil : try heap.integer(result)
        case .subtract:
            let (result, overflow) = left.subtractingReportingOverflow(right)
            return overflow ? nil : try heap.integer(result)
        case .multiply:
            let (result, overflow) = left.multipliedReportingOverflow(by: right)
            return overflow ? nil : try heap.integer(result)
        case .divide:
            guard right != 0 else { throw heap.error(.zeroDivisionError, "division by zero") }
            // Python's zero has the divisor's sign, however large that is.
            if left == 0 { return try heap.float(right < 0 ? -0.0 : 0) }
            let exact = 1 << 53
            if left.magnitude <= exact && right.magnitude <= exact {
                return try heap.float(Double(left) / Double(right))
            }
            return nil
        case .floorDivide:
            guard right != 0 else { throw heap.error(.zeroDivisionError, "integer division or modulo by zero") }
            let (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
            return try heap.integer(remainder != 0 && (remainder < 0) != (right < 0) ? quotient - 1 : quotient)
        case .remainder:
            guard right != 0 else { throw heap.error(.zeroDivisionError, "integer modulo by zero") }
            let remainder = right == -1 ? 0 : left % right
            return try heap.integer(remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder)
        case .power:
            if right < 0 {
                guard left != 0 else {
                    throw heap.error(.zeroDivisionError, "0.0 cannot be raised to a negative power")
                }
                return try heap.float(pow(Double(left), Double(right)))
            }
            return smallPower(left, right).flatMap { Value(fitting: $0) }
        case .shiftLeft:
            guard right >= 0 else { throw heap.valueError("negative shift count") }
            if left == 0 { return Value(small: 0) }
            guard right < 62 else { return nil }
            let result = left << right
            return result >> right == left ? try heap.integer(result) : nil
        case .shiftRight:
            guard right >= 0 else { throw heap.valueError("negative shift count") }
            return try heap.integer(left >> min(right, 63))
        case .and: return try heap.integer(left & right)
        case .or: return try heap.integer(left | right)
        case .exclusiveOr: return try heap.integer(left ^ right)
        }
    }

    private func smallPower(_ base: Int, _ exponent: Int) -> Int? {
        var (result, factor, left) = (1, base, exponent)
        while true {
            if left & 1 == 1 {
                let (product, overflow) = result.multipliedReportingOverflow(by: factor)
                if overflow { return nil }
                result = product
            }
            left >>= 1
            if left == 0 { return result }
            let (square, overflow) = factor.multipliedReportingOverflow(by: factor)
            if overflow { return nil }
            factor = square
        }
    }

    /// A number as a float; OverflowError for an integer beyond all floats.
    func float(_ number: Numbers.Number) throws(DanaError) -> Double {
        switch number {
        case .small(let integer): return Double(integer)
        case .float(let float): return float
        case .big(let object):
            guard let float = object.float else { throw heap.overflowError("int too large to convert to float") }
            return float
        }
    }

    private func floats(_ operation: BinaryOperator, _ left: Value, _ right: Value, _ x: Double, _ y: Double)
        throws(DanaError) -> Value
    {
        switch operation {
        case .add: return try heap.float(x + y)
        case .subtract: return try heap.float(x - y)
        case .multiply: return try heap.float(x * y)
        case .divide:
            guard y != 0 else { throw heap.error(.zeroDivisionError, "float division by zero") }
            return try heap.float(x / y)
        case .floorDivide:
            guard y != 0 else { throw heap.error(.zeroDivisionError, "float floor division by zero") }
            return try heap.float(Arithmetic.floorQuotientAndRemainder(x, y).quotient)
        case .remainder:
            guard y != 0 else { throw heap.error(.zeroDivisionError, "float modulo") }
            return try heap.float(Arithmetic.floorQuotientAndRemainder(x, y).remainder)
        case .power: return try heap.float(try power(x, y))
        case .shiftLeft, .shiftRight, .and, .or, .exclusiveOr:
            throw heap.typeError(
                "unsupported operand type(s) for \(operation.symbol): '\(left.typeName)' and '\(right.typeName)'")
        }
    }

    private func power(_ x: Double, _ y: Double) throws(DanaError) -> Double {
        if x == 0 && y < 0 && y.isFinite {
            throw heap.error(.zeroDivisionError, "0.0 cannot be raised to a negative power")
        }
        if x < 0 && x.isFinite && y.isFinite && y.rounded(.towardZero) != y {
            throw heap.valueError("a negative number to a fractional power is complex, which Dana does not have")
        }
        let result = pow(x, y)
        if result.isInfinite && x.isFinite && y.isFinite {
            throw heap.rangeError()
        }
        return result
    }

    /// Python's `divmod` of floats, the divisor not zero.
    static func floorQuotientAndRemainder(_ x: Double, _ y: Double) -> (quotient: Double, remainder: Double) {
        var remainder = fmod(x, y)
        var division = (x - remainder) / y
        if remainder != 0 {
            if (y < 0) != (remainder < 0) {
                remainder += y
                division -= 1
            }
        } else {
            remainder = Double(signOf: y, magnitudeOf: 0)
        }
        guard division != 0 else { return (Double(signOf: x / y, magnitudeOf: 0), remainder) }
        let floor = division.rounded(.down)
        return (division - floor > 0.5 ? floor + 1 : floor, remainder)
    }

    // MARK: One operand

    /// `-value`, owned.
    func negated(_ value: Value) throws(DanaError) -> Value {
        switch Numbers.number(value) {
        case .small(let integer): return try heap.integer(0 - integer)
        case .float(let float): return try heap.float(-float)
        case .big(let object):
            return try heap.integer(-BigInteger(object))
        case nil: throw badOperand("-", value)
        }
    }

    /// `+value`, owned.
    func plus(_ value: Value) throws(DanaError) -> Value {
        guard let number = Numbers.number(value) else { throw badOperand("+", value) }
        if case .small(let integer) = number { return try heap.integer(integer) }
        return heap.retained(value)
    }

    /// `~value`, owned.
    func inverted(_ value: Value) throws(DanaError) -> Value {
        switch Numbers.number(value) {
        case .small(let integer): return try heap.integer(~integer)
        case .big(let object):
            return try IntegerArithmetic(heap: heap).calculate(.subtract, BigInteger(-1), BigInteger(object))
        case .float, nil: throw badOperand("~", value)
        }
    }

    private func badOperand(_ symbol: String, _ value: Value) -> DanaError {
        if value.isObject(.hostHandle) { return .handle }
        return heap.typeError("bad operand type for unary \(symbol): '\(value.typeName)'")
    }
}
