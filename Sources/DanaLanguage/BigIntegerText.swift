import DanaData

/// The digits of big integers in any base, and integers read from digits, within the limits of Python.
struct BigIntegerText {
    let heap: Heap

    /// Decimal digits beyond which Python refuses to convert, for the time it takes.
    static let mostDigits = 4300

    static let tooLong =
        "Exceeds the limit (\(mostDigits) digits) for integer string conversion; "
        + "use sys.set_int_max_str_digits() to increase the limit"

    /// The digits without a sign, in lower case.
    func digits(of integer: BigIntObject, radix: Int) throws(DanaError) -> [UInt8] {
        if radix.nonzeroBitCount == 1 { return try digits(of: integer, bitsPerDigit: radix.trailingZeroBitCount) }
        // A word holds more than 19 digits.
        guard integer.count <= BigIntegerText.mostDigits / 19 + 1 else { throw heap.valueError(BigIntegerText.tooLong) }
        try heap.charge(integer.count * integer.count >> 6)
        let digits = Array(
            BigInteger(isNegative: false, magnitude: Array(integer.magnitude)).description.utf8)
        guard digits.count <= BigIntegerText.mostDigits else { throw heap.valueError(BigIntegerText.tooLong) }
        return digits
    }

    private func digits(of integer: BigIntObject, bitsPerDigit: Int) throws(DanaError) -> [UInt8] {
        let magnitude = integer.magnitude
        let bits = magnitude.count * 64 - (magnitude.last?.leadingZeroBitCount ?? 0)
        let count = (bits + bitsPerDigit - 1) / bitsPerDigit
        try heap.reserve(count)
        try heap.charge(count >> 6)
        var digits: [UInt8] = []
        digits.reserveCapacity(count)
        for place in stride(from: count - 1, through: 0, by: -1) {
            let bit = place * bitsPerDigit
            var digit = magnitude[bit / 64] >> UInt64(bit % 64)
            if bit % 64 + bitsPerDigit > 64, bit / 64 + 1 < magnitude.count {
                digit |= magnitude[bit / 64 + 1] << UInt64(64 - bit % 64)
            }
            let value = UInt8(truncatingIfNeeded: digit) & UInt8(truncatingIfNeeded: 1 << bitsPerDigit - 1)
            digits.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
        }
        return digits
    }

    // MARK: Reading

    /// What `int(text, base)` gives, owned; nil for what is no integer of that base. Base 0 reads prefixes.
    func integer(from text: ByteView, base: Int) throws(DanaError) -> Value? {
        let trimmed = text[TextTrim.range(text, characters: nil, leading: true, trailing: true, isText: true)]
        guard let plain = BigIntegerText.asciiDigits(trimmed) else { return nil }
        try heap.charge(plain.count >> 6)
        var digits = plain[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        guard let radix = BigIntegerText.takePrefix(&digits, base: base) else { return nil }
        guard let values = BigIntegerText.values(digits, radix: radix) else { return nil }
        if base == 0, radix == 10, values.count > 1, values.first == 0, values.contains(where: { $0 != 0 }) {
            return nil
        }
        return try integer(values, radix: radix, isNegative: isNegative)
    }

    /// The text with the decimal digits of other scripts as ASCII; nil for anything else that is not ASCII.
    private static func asciiDigits(_ text: ByteView) -> [UInt8]? {
        if text.isASCII { return Array(text.buffer) }
        var plain: [UInt8] = []
        for scalar in text.scalars {
            if scalar.isASCII {
                plain.append(UInt8(truncatingIfNeeded: scalar.value))
            } else if let digit = scalar.decimalValue {
                plain.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
            } else {
                return nil
            }
        }
        return plain
    }

    /// The base to read in, after a prefix that belongs to it is taken away.
    private static func takePrefix(_ digits: inout ArraySlice<UInt8>, base: Int) -> Int? {
        let start = digits.startIndex
        guard digits.count > 1, digits[start] == UInt8(ascii: "0") else { return base == 0 ? 10 : base }
        let prefixed =
            switch digits[start + 1] | 0x20 {
            case UInt8(ascii: "x"): 16
            case UInt8(ascii: "o"): 8
            case UInt8(ascii: "b"): 2
            default: 0
            }
        guard prefixed != 0, base == 0 || base == prefixed else { return base == 0 ? 10 : base }
        digits = digits.dropFirst(2)
        // One underscore may stand between the prefix and the digits.
        if digits.first == UInt8(ascii: "_") { digits = digits.dropFirst() }
        return digits.isEmpty ? nil : prefixed
    }

    /// The digits' values; nil when one is none of the base or an underscore stands where it must not.
    private static func values(_ digits: ArraySlice<UInt8>, radix: Int) -> [UInt8]? {
        var values: [UInt8] = []
        values.reserveCapacity(digits.count)
        var previousIsDigit = false
        for byte in digits {
            if byte == UInt8(ascii: "_") {
                guard previousIsDigit else { return nil }
                previousIsDigit = false
                continue
            }
            let value: UInt8
            switch byte {
            case 0x30...0x39: value = byte - 0x30
            case 0x41...0x5A: value = byte - 0x41 + 10
            case 0x61...0x7A: value = byte - 0x61 + 10
            default: return nil
            }
            guard value < radix else { return nil }
            values.append(value)
            previousIsDigit = true
        }
        return previousIsDigit ? values : nil
    }

    private func integer(_ values: [UInt8], radix: Int, isNegative: Bool) throws(DanaError) -> Value {
        if radix.nonzeroBitCount != 1, values.count > BigIntegerText.mostDigits {
            throw heap.valueError(
                "Exceeds the limit (\(BigIntegerText.mostDigits) digits) for integer string conversion: value has "
                    + "\(values.count) digits; use sys.set_int_max_str_digits() to increase the limit")
        }
        var small = 0
        var fits = true
        for value in values {
            let (product, overflow) = small.multipliedReportingOverflow(by: radix)
            let (sum, overflowOfSum) = product.addingReportingOverflow(Int(value))
            if overflow || overflowOfSum {
                fits = false
                break
            }
            small = sum
        }
        if fits { return try heap.integer(isNegative ? 0 - small : small) }
        let magnitude =
            radix.nonzeroBitCount == 1
            ? try words(values, bitsPerDigit: radix.trailingZeroBitCount) : try words(values, radix: radix)
        return try heap.integer(IntegerWords(isNegative: isNegative, magnitude: magnitude))
    }

    private func words(_ values: [UInt8], bitsPerDigit: Int) throws(DanaError) -> [UInt64] {
        let count = (values.count * bitsPerDigit + 63) / 64
        try heap.reserve(count * 8)
        var words = [UInt64](repeating: 0, count: count)
        for (index, value) in values.reversed().enumerated() {
            let bit = index * bitsPerDigit
            words[bit / 64] |= UInt64(value) << UInt64(bit % 64)
            if bit % 64 + bitsPerDigit > 64, bit / 64 + 1 < count {
                words[bit / 64 + 1] |= UInt64(value) >> UInt64(64 - bit % 64)
            }
        }
        return words
    }

    private func words(_ values: [UInt8], radix: Int) throws(DanaError) -> [UInt64] {
        var words: [UInt64] = []
        for value in values {
            var carry = UInt64(value)
            for index in words.indices {
                let product = words[index].multipliedFullWidth(by: UInt64(radix))
                let (low, overflow) = product.low.addingReportingOverflow(carry)
                words[index] = low
                carry = product.high &+ (overflow ? 1 : 0)
            }
            if carry > 0 { words.append(carry) }
        }
        try heap.charge(values.count * words.count >> 6)
        return words
    }
}

extension BigIntObject {
    /// The nearest float, a tie to the even one; nil when it is beyond the floats.
    var float: Double? {
        let top = count - 1
        let bits = count * 64 - start[top].leadingZeroBitCount
        if bits > 1024 { return nil }
        // The highest 64 bits decide, with a lowest bit that tells whether anything follows.
        let shift = bits - 64
        var mantissa = start[top]
        var rest = false
        if shift > 0 {
            let (word, bit) = (shift / 64, UInt64(shift % 64))
            mantissa = start[word] >> bit
            if bit > 0, word < top { mantissa |= start[word + 1] << (64 - bit) }
            rest = bit > 0 && start[word] << (64 - bit) != 0
            var index = 0
            while !rest, index < word {
                rest = start[index] != 0
                index += 1
            }
        }
        // Double rounding cannot happen: the sticky bit lies far below the 53 that count.
        if rest { mantissa |= 1 }
        let size = Double(mantissa) * Double(sign: .plus, exponent: Swift.max(shift, 0), significand: 1)
        guard size.isFinite else { return nil }
        return isNegative ? -size : size
    }
}

extension Heap {
    /// An int, bool or float as a float; an `OverflowError` for an int beyond the floats, nil for other values.
    @inline(__always) func float(from value: Value) throws(DanaError) -> Double? {
        if value.isInlineFloat { return value.inlineFloat }
        if value.isSmallInteger { return Double(value.smallInteger) }
        return try rareFloat(from: value)
    }

    private func rareFloat(from value: Value) throws(DanaError) -> Double? {
        switch Numbers.number(value) {
        case .small(let integer): return Double(integer)
        case .float(let float): return float
        case .big(let big):
            guard let float = big.float else { throw overflowError("int too large to convert to float") }
            return float
        case nil: return nil
        }
    }

    /// A float without its fraction as an integer, owned.
    func integer(truncating float: Double) throws(DanaError) -> Value {
        if let integer = Int(exactly: float.rounded(.towardZero)) { return try self.integer(integer) }
        if float.isNaN { throw valueError("cannot convert float NaN to integer") }
        if float.isInfinite { throw overflowError("cannot convert float infinity to integer") }
        return try integer(IntegerWords(integral: float.rounded(.towardZero)))
    }
}
