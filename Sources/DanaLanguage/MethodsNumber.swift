import DanaData

/// The methods of ints and floats.
enum MethodsNumber {
    static let integers = NativeCatalogue.Member.table(
        methods: [
            NativeFunction(
                "int.bit_length", [.receiver], "How many bits the absolute value has.",
                body: { call throws(DanaError) in
                    Value(small: try integer(call).bitCount)
                }),
            NativeFunction(
                "int.bit_count", [.receiver], "How many bits of the absolute value are set.",
                body: { call throws(DanaError) in
                    Value(small: try integer(call).onesCount)
                }),
            NativeFunction(
                "int.conjugate", [.receiver], "The integer.",
                body: { call throws(DanaError) in
                    try Arithmetic(heap: call.heap).plus(call[0])
                }),
            NativeFunction("int.is_integer", [.receiver], "True.", body: { _ throws(DanaError) in .true }),
            NativeFunction(
                "int.as_integer_ratio", [.receiver], "The pair of the integer and 1.",
                body: { call throws(DanaError) in
                    let integer = call.heap.owned(try Arithmetic(heap: call.heap).plus(call[0]))
                    return try call.heap.pair(integer.value, Value(small: 1))
                }),
            NativeFunction(
                "int.to_bytes",
                [
                    .receiver, NativeParameter("length", .either, default: .integer(1)),
                    NativeParameter("byteorder", .either, default: .absent),
                    NativeParameter("signed", .keyword, default: .bool(false)),
                ], "The integer as so many bytes.", body: toBytes),
        ],
        properties: [
            NativeFunction(
                "int.numerator", [.receiver], "The integer.",
                body: { call throws(DanaError) in
                    try Arithmetic(heap: call.heap).plus(call[0])
                }),
            NativeFunction(
                "int.real", [.receiver], "The integer.",
                body: { call throws(DanaError) in
                    try Arithmetic(heap: call.heap).plus(call[0])
                }),
            NativeFunction("int.imag", [.receiver], "0.", body: { _ throws(DanaError) in Value(small: 0) }),
            NativeFunction("int.denominator", [.receiver], "1.", body: { _ throws(DanaError) in Value(small: 1) }),
        ])

    static let floats = NativeCatalogue.Member.table(
        methods: floatMethods,
        properties: [
            NativeFunction(
                "float.real", [.receiver], "The float.",
                body: { call throws(DanaError) in call.heap.retained(call[0]) }),
            NativeFunction(
                "float.imag", [.receiver], "0.0.", body: { call throws(DanaError) in try call.heap.float(0) }),
        ])

    private static let floatMethods = [
        NativeFunction(
            "float.conjugate", [.receiver], "The float.",
            body: { call throws(DanaError) in call.heap.retained(call[0]) }),
        NativeFunction(
            "float.is_integer", [.receiver], "Whether it has no fraction.",
            body: { call throws(DanaError) in
                let float = try call.float(0)
                return Value(float.isFinite && float.rounded(.towardZero) == float)
            }),
        NativeFunction(
            "float.as_integer_ratio", [.receiver], "The pair of integers whose quotient it is.", body: ratio),
        NativeFunction(
            "float.hex", [.receiver], "The exact value in hexadecimal.",
            body: { call throws(DanaError) in
                try call.heap.string(hexadecimal(try call.float(0))).value
            }),
    ]

    static let fromBytes = NativeFunction(
        "int.from_bytes",
        [
            NativeParameter("bytes", .either, drains: true), NativeParameter("byteorder", .either, default: .absent),
            NativeParameter("signed", .keyword, default: .bool(false)),
        ], "An integer from bytes.", body: readBytes)

    private static func integer(_ call: NativeCall) throws(DanaError) -> BigInteger {
        guard let integer = BigInteger(call[0]) else { throw call.expects("int", at: 0) }
        return integer
    }

    private static func isLittleEndian(_ call: NativeCall, _ index: Int) throws(DanaError) -> Bool {
        if call.isAbsent(index) { return false }
        switch try call.string(index).text {
        case "little": return true
        case "big": return false
        default: throw call.heap.valueError("byteorder must be either 'little' or 'big'")
        }
    }

    private static func toBytes(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let integer = try integer(call)
        let length = try call.integer(1)
        if length < 0 { throw heap.valueError("length argument must be non-negative") }
        try call.reserve(length)
        let isLittle = try isLittleEndian(call, 2)
        let isSigned = try call.flag(3)
        if integer.isNegative && !isSigned { throw heap.overflowError("can't convert negative int to unsigned") }
        let bits = integer.bitCount
        // The least negative number of a length has a sign bit of its own among its bits.
        let isPowerOfTwo = integer.onesCount == 1
        let hasSignBit = isSigned && !integer.isZero && !(integer.isNegative && isPowerOfTwo)
        let needed = hasSignBit ? bits + 1 : bits
        guard (needed + 7) / 8 <= length else {
            throw heap.overflowError("int too big to convert")
        }
        try call.charge(visiting: length)
        let digits = integer.twosComplementLittleEndian
        let filling: UInt8 = integer.isNegative ? 0xFF : 0
        return try heap.bytes(count: length) { start in
            for index in 0..<length {
                start[isLittle ? index : length - 1 - index] = index < digits.count ? digits[index] : filling
            }
        }.value
    }

    private static func readBytes(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let held = heap.owned(try BuiltinsConversions.byteValue(of: call[0], heap) { call.expects("bytes", at: 0) })
        let bytes = BytesObject(known: held.value)
        let isLittle = try isLittleEndian(call, 1)
        let isSigned = try call.flag(2)
        try call.charge(visiting: bytes.count)
        // The bytes in order, and the number of them before it is the program's.
        try call.reserve(2 * bytes.count + 64)
        var ordered: [UInt8] = []
        ordered.reserveCapacity(bytes.count + 1)
        ordered.append(contentsOf: bytes.bytes)
        if !isLittle { ordered.reverse() }
        // What is not signed gets the sign of a number that is not negative.
        if !isSigned { ordered.append(0) }
        return try heap.integer(BigInteger(twosComplementLittleEndian: ordered))
    }

    static let fromHex = NativeFunction(
        "float.fromhex", [NativeParameter("string")], "A float from its hexadecimal form.",
        body: { call throws(DanaError) in
            let string = try call.string(0)
            let text = ByteView(string.bytes)[TextTrim.space(around: ByteView(string.bytes))]
            var digits = String(text).lowercased()
            let isNegative = digits.hasPrefix("-")
            if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
            let isSpecial = ["inf", "infinity", "nan"].contains(digits)
            let whole = isSpecial || digits.hasPrefix("0x") ? digits : "0x" + digits
            guard let value = Double(whole) else {
                throw call.heap.valueError("invalid hexadecimal floating-point string")
            }
            if value.isInfinite && !isSpecial {
                throw call.heap.overflowError("hexadecimal value too large to represent as a float")
            }
            return try call.heap.float(isNegative ? -value : value)
        })

    private static func hexadecimal(_ value: Double) -> String {
        if !value.isFinite { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        let sign = value.sign == .minus ? "-" : ""
        if value == 0 { return sign + "0x0.0p+0" }
        let digits = String(value.significandBitPattern, radix: 16)
        let padded = String(repeating: "0", count: 13 - digits.utf8.count) + digits
        let exponent = value.isNormal ? Int(value.exponent) : -1022
        return "\(sign)0x\(value.isNormal ? 1 : 0).\(padded)p\(exponent < 0 ? "-" : "+")\(exponent.magnitude)"
    }

    private static func ratio(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let float = try call.float(0)
        if float.isNaN { throw heap.valueError("cannot convert NaN to integer ratio") }
        if float.isInfinite { throw heap.overflowError("cannot convert Infinity to integer ratio") }
        // The significand as an odd integer, and the power of two it is multiplied by.
        var exponent = 0
        var numerator = float
        while numerator.rounded(.towardZero) != numerator {
            numerator *= 2
            exponent += 1
        }
        let top = heap.owned(try heap.integer(truncating: numerator))
        let bottom = heap.owned(
            try Arithmetic(heap: heap).calculate(.shiftLeft, Value(small: 1), Value(small: exponent)))
        return try heap.pair(top.value, bottom.value)
    }
}
