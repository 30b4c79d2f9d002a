/// Integers of any size formatted by a specification: `b c d n o x X`; the float types are left to `FormatFloat`.
enum FormatInteger {
    /// The base that a type writes digits in.
    enum Base: Int {
        case binary = 2
        case octal = 8
        case decimal = 10
        case hexadecimal = 16
    }

    /// Whether the specification asks for a float's form, for which the integer must be converted.
    static func wantsFloat(_ specification: FormatSpecification) -> Bool {
        switch specification.type {
        case "e", "E", "f", "F", "g", "G", "%": true
        default: false
        }
    }

    /// The base of the digits that `write` is to be given; nil for `c`, which takes a scalar. It refuses what no
    /// integer knows.
    static func base(_ specification: FormatSpecification) throws(TextError) -> Base? {
        let base: Base? =
            switch specification.type {
            case nil, "d", "n": .decimal
            case "b": .binary
            case "o": .octal
            case "x", "X": .hexadecimal
            case "c": nil
            case let type?: throw specification.unknownType(type)
            }
        if specification.precision != nil {
            throw TextError(.value, "Precision not allowed in integer format specifier")
        }
        if specification.dropsNegativeZero {
            throw TextError(.value, "Negative zero coercion (z) not allowed in integer format specifier")
        }
        if base == nil {
            if specification.sign != nil {
                throw TextError(.value, "Sign not allowed with integer format specifier 'c'")
            }
            if specification.isAlternate {
                throw TextError(.value, "Alternate form (#) not allowed with integer format specifier 'c'")
            }
        }
        return base
    }

    /// Writes an integer whose digits, in the base that `base` tells and in lower case, are made already.
    static func write(
        digits: ByteView, isNegative: Bool, _ specification: FormatSpecification, into sink: inout some ByteSink
    ) {
        var upper: [UInt8] = []
        if specification.type == "X" { TextCase.writeASCII(digits, .upper, into: &upper) }
        let prefix: StaticString =
            switch specification.type {
            case "b" where specification.isAlternate: "0b"
            case "o" where specification.isAlternate: "0o"
            case "x" where specification.isAlternate: "0x"
            case "X" where specification.isAlternate: "0X"
            default: ""
            }
        func write(_ digits: ByteView) {
            let number = FormatNumber(
                specification: specification, isNegative: isNegative, prefix: prefix, digits: digits, restLength: 0)
            number.write(into: &sink) { _ in }
        }
        if upper.isEmpty { write(digits) } else { upper.withView(write) }
    }

    /// Writes a scalar, as `c` does. A value that is no scalar is refused.
    static func write(scalar value: Int?, _ specification: FormatSpecification, into sink: inout some ByteSink)
        throws(TextError)
    {
        guard let value, (0...0x10FFFF).contains(value) else {
            throw TextError(.overflow, "%c arg not in range(0x110000)")
        }
        guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init) else {
            throw TextError(
                .value, "a text cannot hold the lone surrogate U+" + String(value, radix: 16, uppercase: true))
        }
        let number = FormatNumber(
            specification: specification, isNegative: false, digits: .empty, restLength: 1)
        number.write(into: &sink) { $0.append(scalar: scalar) }
    }

    /// Writes an integer of the small kind whole: digits, scalar or float form.
    static func write(_ value: Int, _ specification: FormatSpecification, into sink: inout some ByteSink)
        throws(TextError)
    {
        if wantsFloat(specification) { return try FormatFloat.write(Double(value), specification, into: &sink) }
        guard let base = try base(specification) else {
            return try write(scalar: value, specification, into: &sink)
        }
        Array(String(value.magnitude, radix: base.rawValue).utf8).withView {
            write(digits: $0, isNegative: value < 0, specification, into: &sink)
        }
    }
}
