import DanaData
import Glibc

/// The module `math`: the functions and constants of Python's, on floats.
enum ModulesMath {
    static let module = NativeCatalogue.Module(
        name: "math", functions: floatFunctions + ModulesMathIntegers.functions + ModulesMathSums.functions,
        constants: [
            (name: "pi", value: .float(.pi)), (name: "e", value: .float(M_E)), (name: "tau", value: .float(2 * .pi)),
            (name: "inf", value: .float(.infinity)), (name: "nan", value: .float(.nan)),
        ])

    private static let x = NativeParameter("x")

    private static let floatFunctions: [NativeFunction] =
        [
            function("sqrt", "The square root.", Glibc.sqrt), function("cbrt", "The cube root.", Glibc.cbrt),
            function("exp", "e to the power of x.", Glibc.exp), function("exp2", "2 to the power of x.", Glibc.exp2),
            function("expm1", "exp(x) - 1, exact near zero.", Glibc.expm1),
            function("log1p", "The logarithm of 1 + x, exact near zero.", Glibc.log1p),
            function("sin", "The sine.", Glibc.sin), function("cos", "The cosine.", Glibc.cos),
            function("tan", "The tangent.", Glibc.tan), function("asin", "The arc sine.", Glibc.asin),
            function("acos", "The arc cosine.", Glibc.acos), function("atan", "The arc tangent.", Glibc.atan),
            function("sinh", "The hyperbolic sine.", Glibc.sinh),
            function("cosh", "The hyperbolic cosine.", Glibc.cosh),
            function("tanh", "The hyperbolic tangent.", Glibc.tanh), function("asinh", "Its inverse.", Glibc.asinh),
            function("acosh", "The inverse of the hyperbolic cosine.", Glibc.acosh),
            function("atanh", "The inverse of the hyperbolic tangent.", Glibc.atanh),
            function("fabs", "The absolute value as a float.") { $0.magnitude },
            NativeFunction(
                "math.degrees", [x], "Radians as degrees.",
                body: { call throws(DanaError) in try call.heap.float(try call.float(0) * (180 / .pi)) }),
            function("radians", "Degrees as radians.") { $0 * (.pi / 180) },
            function("erf", "The error function.", Glibc.erf), function("erfc", "Its complement.", Glibc.erfc),
            function("gamma", "The gamma function.", Glibc.tgamma),
            function("lgamma", "The logarithm of the gamma function's size.", Glibc.lgamma),
            function("ulp", "The distance to the next float.") { $0.isFinite ? $0.magnitude.ulp : $0.magnitude },
            binary("atan2", "y", "x", "The angle of a point.", Glibc.atan2),
            binary("copysign", "x", "y", "The size of x with the sign of y.") { Double(signOf: $1, magnitudeOf: $0) },
            binary("fmod", "x", "y", "The rest of a division towards zero.", Glibc.fmod),
            binary("remainder", "x", "y", "The rest of a division to the nearest.", Glibc.remainder),
            binary("pow", "x", "y", "x to the power of y, as a float.", Glibc.pow),
            binary("nextafter", "x", "y", "The next float towards y.", Glibc.nextafter),
            NativeFunction(
                "math.log", [x, NativeParameter("base", default: .absent)], "The natural logarithm, or that to a base.",
                body: { call throws(DanaError) in
                    let logarithm = try logarithm(call, 0, Glibc.log)
                    if call.isAbsent(1) { return try call.heap.float(logarithm) }
                    let base = try ModulesMath.logarithm(call, 1, Glibc.log)
                    if base == 0 { throw call.heap.error(.zeroDivisionError, "float division by zero") }
                    return try call.heap.float(logarithm / base)
                }),
            NativeFunction(
                "math.log2", [x], "The logarithm to base 2.",
                body: { call throws(DanaError) in
                    try call.heap.float(try logarithm(call, 0, Glibc.log2))
                }),
            NativeFunction(
                "math.log10", [x], "The logarithm to base 10.",
                body: { call throws(DanaError) in
                    try call.heap.float(try logarithm(call, 0, Glibc.log10))
                }),
            question("isnan", "Whether it is NaN.") { $0.isNaN },
            question("isinf", "Whether it is infinite.") { $0.isInfinite },
            question("isfinite", "Whether it is neither infinite nor NaN.") { $0.isFinite },
            NativeFunction(
                "math.isclose",
                [
                    NativeParameter("a"), NativeParameter("b"), NativeParameter("rel_tol", .keyword, default: .absent),
                    NativeParameter("abs_tol", .keyword, default: .absent),
                ], "Whether two numbers are nearly equal.", body: isClose),
            NativeFunction(
                "math.modf", [x], "The fraction and the whole part.",
                body: { call throws(DanaError) in
                    let value = try call.float(0)
                    let whole = value.isInfinite ? value : value.rounded(.towardZero)
                    let fraction = value.isInfinite ? Double(signOf: value, magnitudeOf: 0) : value - whole
                    return try pair(Double(signOf: value, magnitudeOf: fraction.magnitude), whole, call.heap)
                }),
            NativeFunction(
                "math.frexp", [x], "The significand and the exponent.",
                body: { call throws(DanaError) in
                    var exponent: Int32 = 0
                    let significand = Glibc.frexp(try call.float(0), &exponent)
                    let value = call.heap.owned(try call.heap.float(significand))
                    return try call.heap.pair(value.value, Value(small: Int(exponent)))
                }),
            NativeFunction(
                "math.ldexp", [x, NativeParameter("i")], "x times 2 to the power of i.",
                body: { call throws(DanaError) in
                    let value = try call.float(0)
                    let exponent = max(-100_000, min(try call.clampedInteger(1), 100_000))
                    let result = Glibc.ldexp(value, Int32(exponent))
                    return try checked(result, value.isFinite, isNumber: !value.isNaN, call)
                }),
        ]

    // MARK: Errors

    /// A result that is infinite or NaN though the arguments were finite is an error of the domain or the range.
    private static func checked(_ result: Double, _ areFinite: Bool, isNumber: Bool = true, _ call: NativeCall)
        throws(DanaError) -> Value
    {
        if result.isNaN && isNumber { throw call.heap.valueError("math domain error") }
        if result.isInfinite && areFinite { throw call.heap.overflowError("math range error") }
        return try call.heap.float(result)
    }

    /// Arguments for which a function is infinite by its nature.
    private static let poles: [String: @Sendable (Double) -> Bool] = [
        "log1p": { $0 == -1 }, "atanh": { $0.magnitude == 1 },
        "gamma": { $0 <= 0 && $0.rounded(.down) == $0 && $0.isFinite },
        "lgamma": { $0 <= 0 && $0.rounded(.down) == $0 && $0.isFinite },
    ]

    private static func function(
        _ name: String, _ documentation: String, _ compute: @escaping @Sendable (Double) -> Double
    ) -> NativeFunction {
        let isPole = poles[name]
        return NativeFunction("math." + name, [x], documentation) { call throws(DanaError) in
            let value = try call.float(0)
            if let isPole, isPole(value) { throw call.heap.valueError("math domain error") }
            return try checked(compute(value), value.isFinite, isNumber: !value.isNaN, call)
        }
    }

    private static func binary(
        _ name: String, _ first: String, _ second: String, _ documentation: String,
        _ compute: @escaping @Sendable (Double, Double) -> Double
    ) -> NativeFunction {
        NativeFunction("math." + name, [NativeParameter(first), NativeParameter(second)], documentation) {
            call throws(DanaError) in
            let (left, right) = (try call.float(0), try call.float(1))
            if name == "pow", left == 0, right < 0, right.isFinite { throw call.heap.valueError("math domain error") }
            let areNumbers = !left.isNaN && !right.isNaN
            let mayBeInfinite = name == "nextafter" || name == "copysign"
            return try checked(
                compute(left, right), left.isFinite && right.isFinite && !mayBeInfinite, isNumber: areNumbers, call)
        }
    }

    private static func question(_ name: String, _ documentation: String, _ holds: @escaping @Sendable (Double) -> Bool)
        -> NativeFunction
    {
        NativeFunction("math." + name, [x], documentation) { call throws(DanaError) in Value(holds(try call.float(0))) }
    }

    /// The logarithm of an argument, which may be an integer beyond the floats.
    private static func logarithm(_ call: NativeCall, _ index: Int, _ compute: (Double) -> Double) throws(DanaError)
        -> Double
    {
        if let big = BigIntObject(call[index]), !big.isNegative, big.float == nil {
            let integer = BigInteger(big)
            let bits = integer.bitCount
            // The upper bits as a float between a half and one; as many as decide how it is rounded.
            let upper = integer.shiftedRight(by: bits - 1000).nearestDouble ?? 0
            return compute(Double(sign: .plus, exponent: -1000, significand: upper)) + compute(2) * Double(bits)
        }
        let value = try call.float(index)
        if value <= 0 { throw call.heap.valueError("math domain error") }
        return compute(value)
    }

    private static func pair(_ first: Double, _ second: Double, _ heap: Heap) throws(DanaError) -> Value {
        let first = heap.owned(try heap.float(first))
        let second = heap.owned(try heap.float(second))
        return try heap.pair(first.value, second.value)
    }

    private static func isClose(_ call: NativeCall) throws(DanaError) -> Value {
        let (a, b) = (try call.float(0), try call.float(1))
        let relative = call.isAbsent(2) ? 1e-9 : try call.float(2)
        let absolute = call.isAbsent(3) ? 0 : try call.float(3)
        if relative < 0 || absolute < 0 { throw call.heap.valueError("tolerances must be non-negative") }
        if a == b { return .true }
        if a.isInfinite || b.isInfinite { return .false }
        let difference = (a - b).magnitude
        return Value(difference <= relative * max(a.magnitude, b.magnitude) || difference <= absolute)
    }
}
