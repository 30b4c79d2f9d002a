import DanaData

/// Built-in functions on numbers: `abs`, `round`, `divmod`, `pow`, `hex` and their kin.
enum BuiltinsNumbers {
    static let functions: [NativeFunction] = [
        NativeFunction("abs", [NativeParameter("x")], "The absolute value.", body: abs),
        NativeFunction(
            "round", [NativeParameter("number", .either), NativeParameter("ndigits", .either, default: .null)],
            "The nearest integer, or the nearest number of so many decimal places; ties go to the even one.",
            body: round),
        NativeFunction(
            "divmod", [NativeParameter("x"), NativeParameter("y")], "The pair of x // y and x % y.", body: divmod),
        NativeFunction(
            "pow",
            [
                NativeParameter("base", .either), NativeParameter("exp", .either),
                NativeParameter("mod", .either, default: .null),
            ], "base ** exp, or that modulo mod.", body: pow),
        inBase("hex", 16, "0x"), inBase("oct", 8, "0o"), inBase("bin", 2, "0b"),
    ]

    private static func abs(_ call: NativeCall) throws(DanaError) -> Value {
        switch Numbers.number(call[0]) {
        case .small(let integer): return try call.heap.integer(integer.magnitude == 0 ? 0 : Swift.abs(integer))
        case .float(let float): return try call.heap.float(float.magnitude)
        case .big(let big):
            if !big.isNegative { return call.heap.retained(call[0]) }
            return try call.heap.integer(BigInteger(big).absolute)
        case nil: throw call.expects("int or float", at: 0)
        }
    }

    private static func round(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        guard let number = Numbers.number(call[0]) else { throw call.expects("int or float", at: 0) }
        let places = try call.optionalInteger(1)
        if case .float(let float) = number {
            guard let places else { return try heap.integer(truncating: float.rounded(.toNearestOrEven)) }
            let bounded = max(-400, min(places, 400))
            guard let rounded = FloatRounding.round(float, places: bounded) else {
                throw heap.overflowError("rounded value too large to represent")
            }
            return try heap.float(rounded)
        }
        guard let places, places < 0 else {
            return call[0].isBool ? Value(small: call[0].isIdentical(to: .true) ? 1 : 0) : heap.retained(call[0])
        }
        return try roundInteger(call[0], places: places == .min ? .max : -places, heap)
    }

    /// An integer to the nearest multiple of a power of ten, owned; a tie goes to the even multiple.
    private static func roundInteger(_ value: Value, places: Int, _ heap: Heap) throws(DanaError) -> Value {
        let bits = BigInteger(value)?.magnitude.count ?? 1
        // A power of ten far beyond the integer rounds it to zero.
        if places / 19 > bits { return Value(small: 0) }
        let exponent = try heap.integer(places)
        let unit = heap.owned(try Arithmetic(heap: heap).calculate(.power, Value(small: 10), exponent))
        let quotient = heap.owned(try Arithmetic(heap: heap).calculate(.floorDivide, value, unit.value))
        let remainder = heap.owned(try Arithmetic(heap: heap).calculate(.remainder, value, unit.value))
        let doubled = heap.owned(try Arithmetic(heap: heap).calculate(.multiply, remainder.value, Value(small: 2)))
        let isOdd = BigInteger(quotient.value).map { ($0.magnitude.first ?? 0) & 1 == 1 } ?? false
        let goesUp =
            switch Numbers.compare(doubled.value, unit.value) {
            case .greater: true
            case .same: isOdd
            default: false
            }
        let multiple = heap.owned(try Arithmetic(heap: heap).calculate(.multiply, quotient.value, unit.value))
        return goesUp ? try Arithmetic(heap: heap).calculate(.add, multiple.value, unit.value) : multiple.take()
    }

    private static func divmod(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        guard Numbers.number(call[0]) != nil, Numbers.number(call[1]) != nil else {
            throw heap.typeError(
                "unsupported operand type(s) for divmod(): '\(call[0].typeName)' and '\(call[1].typeName)'")
        }
        let quotient = heap.owned(try Arithmetic(heap: heap).calculate(.floorDivide, call[0], call[1]))
        let remainder = heap.owned(try Arithmetic(heap: heap).calculate(.remainder, call[0], call[1]))
        return try heap.pair(quotient.value, remainder.value)
    }

    private static func pow(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        if call[2].isNull {
            guard Numbers.number(call[0]) != nil, Numbers.number(call[1]) != nil else {
                throw heap.typeError(
                    "unsupported operand type(s) for ** or pow(): '\(call[0].typeName)' and '\(call[1].typeName)'")
            }
            return try Arithmetic(heap: heap).calculate(.power, call[0], call[1])
        }
        guard let base = BigInteger(call[0]), let exponent = BigInteger(call[1]), let modulus = BigInteger(call[2])
        else {
            throw heap.typeError("pow() 3rd argument not allowed unless all arguments are integers")
        }
        return try pow(base, exponent, modulo: modulus, heap)
    }

    private static func pow(_ base: BigInteger, _ exponent: BigInteger, modulo modulus: BigInteger, _ heap: Heap)
        throws(DanaError) -> Value
    {
        if modulus.isZero { throw heap.valueError("pow() 3rd argument cannot be 0") }
        try heap.reserve((base.magnitude.count + 4 * modulus.magnitude.count) * 32)
        guard
            let power = try base.power(
                exponent, modulo: modulus, charge: { steps throws(DanaError) in try heap.charge(steps: steps) })
        else { throw heap.valueError("base is not invertible for the given modulus") }
        return try heap.integer(power)
    }

    private static func inBase(_ name: String, _ radix: Int, _ prefix: String) -> NativeFunction {
        NativeFunction(name, [NativeParameter("number")], "The integer in base \(radix).") { call throws(DanaError) in
            var output = TextOutput(heap: call.heap)
            switch Numbers.number(call[0]) {
            case .small(let integer):
                if integer < 0 { output.append(UInt8(ascii: "-")) }
                output.append(text: prefix)
                output.append(text: String(integer.magnitude, radix: radix))
            case .big(let big):
                let digits = try IntegerConversion(heap: call.heap).digits(of: big, radix: radix)
                if big.isNegative { output.append(UInt8(ascii: "-")) }
                output.append(text: prefix)
                digits.withView { output.append($0) }
            case .float, nil: throw call.expects("int", at: 0)
            }
            return try output.string()
        }
    }
}
