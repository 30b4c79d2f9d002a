import DanaData

/// Integers of any size, with Python's meaning. Room and work are granted before they are used.
struct IntegerArithmetic {
    let heap: Heap

    /// An owned result.
    func calculate(_ operation: BinaryOperator, _ left: BigInteger, _ right: BigInteger) throws(DanaError) -> Value {
        let longest = max(left.magnitude.count, right.magnitude.count)
        switch operation {
        case .add, .subtract, .and, .or, .exclusiveOr:
            try heap.charge(steps: longest)
            try heap.reserve((longest + 1) * 8)
            return try heap.integer(linear(operation, left, right))
        case .multiply:
            try heap.reserve((left.magnitude.count + right.magnitude.count) * 32)
            return try heap.integer(
                try left.multiplied(by: right) { steps throws(DanaError) in try heap.charge(steps: steps) })
        case .divide: return try heap.float(try quotientAsFloat(left, right))
        case .floorDivide: return try heap.integer(try division(left, right, "division or modulo").quotient)
        case .remainder: return try heap.integer(try division(left, right, "modulo").remainder)
        case .power: return try power(left, right)
        case .shiftLeft: return try heap.integer(try shiftedLeft(left, try shiftCount(right)))
        case .shiftRight:
            try heap.charge(steps: left.magnitude.count)
            return try heap.integer(left.shiftedRight(by: try shiftCount(right)))
        }
    }

    private func linear(_ operation: BinaryOperator, _ left: BigInteger, _ right: BigInteger) -> BigInteger {
        switch operation {
        case .add: left + right
        case .subtract: left - right
        case .and: left & right
        case .or: left | right
        default: left ^ right
        }
    }

    /// Python's `divmod`.
    private func division(_ left: BigInteger, _ right: BigInteger, _ what: String) throws(DanaError)
        -> (quotient: BigInteger, remainder: BigInteger)
    {
        try heap.reserve((left.magnitude.count + right.magnitude.count) * 32)
        guard
            let result = try left.divided(
                by: right, charge: { steps throws(DanaError) in try heap.charge(steps: steps) })
        else { throw heap.error(.zeroDivisionError, "integer \(what) by zero") }
        return result
    }

    /// True division: correctly rounded, as Python's.
    private func quotientAsFloat(_ left: BigInteger, _ right: BigInteger) throws(DanaError) -> Double {
        guard !right.isZero else { throw heap.error(.zeroDivisionError, "division by zero") }
        if left.isZero { return right.isNegative ? -0.0 : 0 }
        try heap.reserve((left.magnitude.count + right.magnitude.count) * 32)
        guard
            let float = try left.quotient(
                right, charge: { steps throws(DanaError) in try heap.charge(steps: steps) })
        else { throw heap.overflowError("integer division result too large for a float") }
        return float
    }

    // MARK: Powers and shifts

    private func power(_ base: BigInteger, _ exponent: BigInteger) throws(DanaError) -> Value {
        if exponent.isNegative {
            guard let float = base.nearestDouble, let power = exponent.nearestDouble else {
                throw heap.overflowError("int too large to convert to float")
            }
            return try Arithmetic(heap: heap).calculate(.power, try heap.float(float), try heap.float(power))
        }
        if base.isZero { return Value(small: exponent.isZero ? 1 : 0) }
        if base.magnitude == [1] {
            let isOdd = !exponent.isZero && exponent.magnitude[0] & 1 == 1
            return Value(small: base.isNegative && isOdd ? -1 : 1)
        }
        guard let exponent = Int(exactly: exponent), let bits = base.powerBits(exponent), bits < 1 << 40 else {
            throw .limit(.memory)
        }
        try heap.reserve(bits / 2)
        return try heap.integer(
            try base.power(exponent) { steps throws(DanaError) in try heap.charge(steps: steps) })
    }

    private func shiftCount(_ value: BigInteger) throws(DanaError) -> Int {
        guard !value.isNegative else { throw heap.valueError("negative shift count") }
        return Int(exactly: value) ?? .max
    }

    private func shiftedLeft(_ value: BigInteger, _ count: Int) throws(DanaError) -> BigInteger {
        if value.isZero { return value }
        guard count < 1 << 40 else { throw .limit(.memory) }
        try heap.reserve((value.magnitude.count + count / 64 + 1) * 8)
        try heap.charge(steps: count / 64)
        return try value.shiftedLeft(by: count) { steps throws(DanaError) in try heap.charge(steps: steps) }
    }
}
