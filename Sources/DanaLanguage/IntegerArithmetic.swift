/// Integers of any size, with Python's meaning. Work is charged by the word before it is done.
struct IntegerArithmetic {
    let heap: Heap

    /// An owned result.
    func calculate(_ operation: BinaryOperator, _ left: IntegerWords, _ right: IntegerWords) throws(DanaError) -> Value
    {
        switch operation {
        case .add: return try heap.integer(try sum(left, right))
        case .subtract: return try heap.integer(try sum(left, right.negated))
        case .multiply: return try heap.integer(try product(left, right))
        case .divide: return try heap.float(try quotientAsFloat(left, right))
        case .floorDivide: return try heap.integer(try floorDivision(left, right).quotient)
        case .remainder:
            guard !right.isZero else { throw heap.error(.zeroDivisionError, "integer modulo by zero") }
            return try heap.integer(try floorDivision(left, right).remainder)
        case .power: return try power(left, right)
        case .shiftLeft: return try heap.integer(try shiftedLeft(left, try shiftCount(right)))
        case .shiftRight: return try heap.integer(try shiftedRight(left, try shiftCount(right)))
        case .and: return try heap.integer(try bits(left, right, &))
        case .or: return try heap.integer(try bits(left, right, |))
        case .exclusiveOr: return try heap.integer(try bits(left, right, ^))
        }
    }

    // MARK: Sum and product

    func sum(_ left: IntegerWords, _ right: IntegerWords) throws(DanaError) -> IntegerWords {
        try charge(max(left.magnitude.count, right.magnitude.count))
        if left.isNegative == right.isNegative {
            return IntegerWords(
                isNegative: left.isNegative, magnitude: Magnitude.sum(left.magnitude, right.magnitude))
        }
        switch Magnitude.compare(left.magnitude, right.magnitude) {
        case .less:
            return IntegerWords(
                isNegative: right.isNegative, magnitude: Magnitude.difference(right.magnitude, left.magnitude))
        case .greater:
            return IntegerWords(
                isNegative: left.isNegative, magnitude: Magnitude.difference(left.magnitude, right.magnitude))
        case .same, .unordered: return IntegerWords(0)
        }
    }

    func product(_ left: IntegerWords, _ right: IntegerWords) throws(DanaError) -> IntegerWords {
        try heap.reserve((left.magnitude.count + right.magnitude.count) * 8)
        return IntegerWords(
            isNegative: left.isNegative != right.isNegative,
            magnitude: try magnitudeProduct(left.magnitude[...], right.magnitude[...]))
    }

    private static let karatsubaCount = 40

    /// Schoolbook for short factors, Karatsuba's way for long ones.
    private func magnitudeProduct(_ left: ArraySlice<UInt64>, _ right: ArraySlice<UInt64>) throws(DanaError) -> [UInt64]
    {
        if left.count < right.count { return try magnitudeProduct(right, left) }
        if right.count < IntegerArithmetic.karatsubaCount {
            try charge(left.count * right.count / 4)
            return Magnitude.schoolbookProduct(left, right)
        }
        let half = (left.count + 1) / 2
        if right.count <= half {
            // Too uneven for three halves: the long factor in pieces as long as the short one.
            var result = [UInt64](repeating: 0, count: left.count + right.count + 1)
            var start = left.startIndex
            while start < left.endIndex {
                let end = min(start + right.count, left.endIndex)
                let piece = try magnitudeProduct(left[start..<end], right)
                Magnitude.add(piece, to: &result, at: start - left.startIndex)
                start = end
            }
            return result
        }
        let (low, high) = (left.prefix(half), left.dropFirst(half))
        let (otherLow, otherHigh) = (right.prefix(half), right.dropFirst(half))
        let lowProduct = try magnitudeProduct(low, otherLow)
        let highProduct = try magnitudeProduct(high, otherHigh)
        let sums = (Magnitude.sum(Array(low), Array(high)), Magnitude.sum(Array(otherLow), Array(otherHigh)))
        var middle = try magnitudeProduct(sums.0[...], sums.1[...])
        Magnitude.subtract(lowProduct, from: &middle)
        Magnitude.subtract(highProduct, from: &middle)
        var result = [UInt64](repeating: 0, count: left.count + right.count + 1)
        Magnitude.add(lowProduct, to: &result, at: 0)
        Magnitude.add(middle, to: &result, at: half)
        Magnitude.add(highProduct, to: &result, at: 2 * half)
        return result
    }

    // MARK: Division

    /// Python's `divmod`.
    func floorDivision(_ left: IntegerWords, _ right: IntegerWords) throws(DanaError)
        -> (quotient: IntegerWords, remainder: IntegerWords)
    {
        guard !right.isZero else { throw heap.error(.zeroDivisionError, "integer division or modulo by zero") }
        try charge(max(left.magnitude.count - right.magnitude.count, 1) * right.magnitude.count / 4)
        let (magnitude, rest) = Magnitude.division(left.magnitude, right.magnitude)
        let quotient = IntegerWords(isNegative: left.isNegative != right.isNegative, magnitude: magnitude)
        let remainder = IntegerWords(isNegative: left.isNegative, magnitude: rest)
        if remainder.isZero || remainder.isNegative == right.isNegative { return (quotient, remainder) }
        return (try sum(quotient, IntegerWords(-1)), try sum(remainder, right))
    }

    /// True division: correctly rounded, as Python's.
    private func quotientAsFloat(_ left: IntegerWords, _ right: IntegerWords) throws(DanaError) -> Double {
        guard !right.isZero else { throw heap.error(.zeroDivisionError, "division by zero") }
        if left.isZero { return 0 }
        // Scaled so that the quotient has 66 bits or more; a remainder makes the lowest bit sticky.
        let shift = 66 - (left.bitWidth - right.bitWidth)
        let numerator = shift > 0 ? try shiftedLeft(left.absolute, shift) : left.absolute
        let denominator = shift < 0 ? try shiftedLeft(right.absolute, -shift) : right.absolute
        try charge(numerator.magnitude.count * denominator.magnitude.count / 4)
        var (quotient, rest) = Magnitude.division(numerator.magnitude, denominator.magnitude)
        if !rest.isEmpty { quotient[0] |= 1 }
        let float = IntegerWords(isNegative: false, magnitude: quotient).scaledFloat(exponent: -shift)
        guard float.isFinite else { throw heap.overflowError("integer division result too large for a float") }
        return left.isNegative != right.isNegative ? -float : float
    }

    // MARK: Powers and bits

    private func power(_ base: IntegerWords, _ exponent: IntegerWords) throws(DanaError) -> Value {
        if exponent.isNegative {
            let float = base.float
            guard float.isFinite else { throw heap.overflowError("int too large to convert to float") }
            return try Arithmetic(heap: heap).calculate(
                .power, try heap.float(float), try heap.float(exponent.float))
        }
        if base.magnitude.isEmpty || base.magnitude == [1] {
            let isOdd = !exponent.isZero && exponent.magnitude[0] & 1 == 1
            if base.isZero { return Value(small: exponent.isZero ? 1 : 0) }
            return Value(small: base.isNegative && isOdd ? -1 : 1)
        }
        guard exponent.magnitude.count <= 1 else { throw .limit(.memory) }
        var left = exponent.magnitude.first ?? 0
        let (bits, overflow) = UInt64(base.bitWidth).multipliedReportingOverflow(by: left)
        guard !overflow, bits < 1 << 40 else { throw .limit(.memory) }
        try heap.reserve(Int(bits / 8))
        var result = IntegerWords(1)
        var factor = base
        while true {
            if left & 1 == 1 { result = try product(result, factor) }
            left >>= 1
            if left == 0 { return try heap.integer(result) }
            factor = try product(factor, factor)
        }
    }

    private func shiftCount(_ value: IntegerWords) throws(DanaError) -> Int {
        guard !value.isNegative else { throw heap.valueError("negative shift count") }
        guard value.magnitude.count <= 1 else { return Int.max }
        return Int(clamping: value.magnitude.first ?? 0)
    }

    func shiftedLeft(_ value: IntegerWords, _ count: Int) throws(DanaError) -> IntegerWords {
        if value.isZero { return value }
        guard count < 1 << 40 else { throw .limit(.memory) }
        try heap.reserve((value.magnitude.count + count / 64 + 1) * 8)
        try charge(value.magnitude.count + count / 64)
        return IntegerWords(isNegative: value.isNegative, magnitude: Magnitude.shiftedLeft(value.magnitude, count))
    }

    /// Rounds towards negative infinity.
    func shiftedRight(_ value: IntegerWords, _ count: Int) throws(DanaError) -> IntegerWords {
        try charge(value.magnitude.count)
        if count >= value.bitWidth { return IntegerWords(value.isNegative ? -1 : 0) }
        let (magnitude, lost) = Magnitude.shiftedRight(value.magnitude, count)
        let result = IntegerWords(isNegative: value.isNegative, magnitude: magnitude)
        return lost && value.isNegative ? try sum(result, IntegerWords(-1)) : result
    }

    /// Bitwise operators see two's complement without end.
    private func bits(_ left: IntegerWords, _ right: IntegerWords, _ operation: (UInt64, UInt64) -> UInt64)
        throws(DanaError) -> IntegerWords
    {
        let count = max(left.magnitude.count, right.magnitude.count) + 1
        try charge(count)
        let (x, y) = (left.twosComplement(count), right.twosComplement(count))
        return IntegerWords(twosComplement: (0..<count).map { operation(x[$0], y[$0]) })
    }

    private func charge(_ words: Int) throws(DanaError) { try heap.charge(words >> 6) }
}
