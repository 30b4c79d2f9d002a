import DanaData

/// The functions of `math` that give integers: rounding, divisors, counting.
enum ModulesMathIntegers {
    static let functions: [NativeFunction] = [
        rounding("floor", .down, "The greatest integer not above x."),
        rounding("ceil", .up, "The least integer not below x."),
        rounding("trunc", .towardZero, "x without its fraction."),
        NativeFunction(
            "math.factorial", [NativeParameter("n")], "The product of the integers up to n.", body: factorial),
        NativeFunction(
            "math.gcd", [NativeParameter("integers", .rest)], "The greatest common divisor.",
            body: { call throws(DanaError) in
                let heap = call.heap
                var result = Owned(retaining: Value(small: 0), heap: heap)
                for integer in call.rest(0) {
                    result = heap.owned(try divisor(result.value, try absolute(integer, "gcd", heap).take(), heap))
                }
                return result.take()
            }),
        NativeFunction(
            "math.lcm", [NativeParameter("integers", .rest)], "The least common multiple.", body: leastMultiple),
        NativeFunction(
            "math.comb", [NativeParameter("n"), NativeParameter("k")], "The ways to choose k of n.",
            body: { call throws(DanaError) in try selections(call, isOrdered: false) }),
        NativeFunction(
            "math.perm", [NativeParameter("n"), NativeParameter("k", default: .null)], "The ways to line up k of n.",
            body: { call throws(DanaError) in
                if call[1].isNull { return try factorial(call) }
                return try selections(call, isOrdered: true)
            }),
        NativeFunction(
            "math.isqrt", [NativeParameter("n")], "The whole part of the square root.", body: integerRoot),
    ]

    private static func rounding(_ name: String, _ rule: FloatingPointRoundingRule, _ documentation: String)
        -> NativeFunction
    {
        NativeFunction("math." + name, [NativeParameter("x")], documentation) { call throws(DanaError) in
            if let float = call[0].float { return try call.heap.integer(truncating: float.rounded(rule)) }
            guard call[0].builtInType == .int || call[0].isBool else { throw call.expects("int or float", at: 0) }
            return try Arithmetic(heap: call.heap).plus(call[0])
        }
    }

    /// An integer argument, as `operator.index` takes it.
    private static func integer(_ value: Value, _ heap: Heap) throws(DanaError) -> Owned {
        guard value.builtInType == .int || value.isBool else {
            throw heap.typeError("'\(value.typeName)' object cannot be interpreted as an integer")
        }
        return heap.owned(try Arithmetic(heap: heap).plus(value))
    }

    private static func absolute(_ value: Value, _ name: String, _ heap: Heap) throws(DanaError) -> Owned {
        let integer = try integer(value, heap)
        guard BigInteger(integer.value)?.isNegative == true else { return integer }
        return heap.owned(try Arithmetic(heap: heap).negated(integer.value))
    }

    /// The product of `first...last`, each added to a base; halved again and again so that the factors stay of one
    /// size.
    private static func product(_ first: Int, _ last: Int, above base: Value = Value(small: 0), _ heap: Heap)
        throws(DanaError) -> Value
    {
        let arithmetic = Arithmetic(heap: heap)
        if first > last { return Value(small: 1) }
        if last - first < 8 {
            var result = heap.owned(Value(small: 1))
            for addend in first...last {
                try heap.charge(1)
                let factor = heap.owned(try arithmetic.calculate(.add, base, Value(small: addend)))
                result = heap.owned(try arithmetic.calculate(.multiply, result.value, factor.value))
            }
            return result.take()
        }
        let middle = first + (last - first) / 2
        let left = heap.owned(try product(first, middle, above: base, heap))
        let right = heap.owned(try product(middle + 1, last, above: base, heap))
        return try arithmetic.calculate(.multiply, left.value, right.value)
    }

    private static func factorial(_ call: NativeCall) throws(DanaError) -> Value {
        let integer = try integer(call[0], call.heap)
        guard integer.value.isSmallInteger else {
            throw BigInteger(integer.value)?.isNegative == true
                ? call.heap.valueError("factorial() not defined for negative values")
                : call.heap.overflowError("factorial() argument should not exceed 9223372036854775807")
        }
        let n = integer.value.smallInteger
        if n < 0 { throw call.heap.valueError("factorial() not defined for negative values") }
        // The result has about n * log2(n) bits.
        let (bytes, overflow) = (n / 8).multipliedReportingOverflow(by: max(1, 64 - n.leadingZeroBitCount) / 2 + 1)
        try call.reserve(overflow ? .max : bytes)
        return try product(2, n, call.heap)
    }

    private static func selections(_ call: NativeCall, isOrdered: Bool) throws(DanaError) -> Value {
        let heap = call.heap
        let (first, second) = (try integer(call[0], heap).take(), try integer(call[1], heap).take())
        let heldFirst = heap.owned(first)
        let heldSecond = heap.owned(second)
        for (value, name) in [(heldFirst.value, "n"), (heldSecond.value, "k")]
        where BigInteger(value)?.isNegative == true {
            throw heap.valueError("\(name) must be a non-negative integer")
        }
        if Numbers.compare(heldSecond.value, heldFirst.value) == .greater { return Value(small: 0) }
        let arithmetic = Arithmetic(heap: heap)
        var left = heap.owned(try arithmetic.calculate(.subtract, heldFirst.value, heldSecond.value))
        var chosen = heldSecond
        if !isOrdered, Numbers.compare(left.value, chosen.value) == .less { swap(&left, &chosen) }
        guard chosen.value.isSmallInteger else {
            throw heap.overflowError("\(isOrdered ? "k" : "min(n - k, k)") must not exceed 9223372036854775807")
        }
        let k = chosen.value.smallInteger
        let above = heap.owned(try product(1, k, above: left.value, heap))
        if isOrdered { return above.take() }
        let below = heap.owned(try product(2, k, heap))
        return try arithmetic.calculate(.floorDivide, above.value, below.value)
    }

    /// The greatest common divisor; takes over the second reference.
    private static func divisor(_ first: Value, _ second: Value, _ heap: Heap) throws(DanaError) -> Value {
        let held = heap.owned(second)
        guard let left = BigInteger(first), let right = BigInteger(held.value) else { return .null }
        try heap.reserve((left.magnitude.count + right.magnitude.count) * 32)
        return try heap.integer(
            try left.greatestCommonDivisor(right) { steps throws(DanaError) in try heap.charge(steps: steps) })
    }

    private static func leastMultiple(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        var result = heap.owned(Value(small: 1))
        for value in call.rest(0) {
            let integer = try absolute(value, "lcm", heap)
            guard try heap.isTrue(integer.value) else {
                result = heap.owned(Value(small: 0))
                continue
            }
            guard try heap.isTrue(result.value) else { continue }
            let common = heap.owned(try divisor(result.value, heap.retained(integer.value), heap))
            let part = heap.owned(try Arithmetic(heap: heap).calculate(.floorDivide, integer.value, common.value))
            result = heap.owned(try Arithmetic(heap: heap).calculate(.multiply, result.value, part.value))
        }
        return result.take()
    }

    private static func integerRoot(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let integer = try integer(call[0], heap)
        guard let number = BigInteger(integer.value) else { return .null }
        try heap.reserve(number.magnitude.count * 64)
        let root = try number.squareRoot { steps throws(DanaError) in try heap.charge(steps: steps) }
        guard let root else { throw heap.valueError("isqrt() argument must be nonnegative") }
        return try heap.integer(root)
    }
}
