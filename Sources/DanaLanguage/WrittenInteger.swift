import DanaData

/// The text of an integer as Python's `int(text, base)` reads it: white space around it, a sign, a prefix such as "0x",
/// underscores between digits, digits of any script.
struct WrittenInteger {
    /// How many digits a number may have whose base is not a power of two, when nothing else is said.
    static let standardDigitsLimit = 4300

    let isNegative: Bool
    let base: Int
    /// ASCII digits without underscores and leading zeros; none for zero.
    let digits: [UInt8]

    /// Reads a text; base 0 takes the base from the prefix. What is no integer has its error. A tick is charged for 64
    /// bytes, twice.
    static func read<Failure: Error>(
        _ text: ByteView, base: Int, digitsLimit: Int = standardDigitsLimit, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Result<WrittenInteger, TextError> {
        guard base == 0 || (2...36).contains(base) else {
            return .failure(TextError(.value, "int() base must be >= 2 and <= 36, or 0"))
        }
        let invalid = { Result<WrittenInteger, TextError>.failure(WrittenInteger.invalid(text, base: base)) }
        guard let characters = try ascii(text[TextTrim.space(around: text)], charge: charge) else { return invalid() }
        var index = 0
        let isNegative = characters.first == UInt8(ascii: "-")
        if isNegative || characters.first == UInt8(ascii: "+") { index = 1 }
        var actual = base == 0 ? 10 : base
        if index + 1 < characters.count, characters[index] == 48,
            let named = WrittenInteger.base(prefix: characters[index + 1]), base == 0 || base == named
        {
            actual = named
            index += 2
            if index < characters.count, characters[index] == UInt8(ascii: "_") { index += 1 }
        }
        let start = index
        var digits: [UInt8] = []
        digits.reserveCapacity(characters.count)
        var count = 0
        var previous = UInt8(ascii: "_")
        while index < characters.count {
            if index & portion == portion { try charge(portion >> 6) }
            let byte = characters[index]
            if byte == UInt8(ascii: "_") {
                guard previous != byte else { return invalid() }
            } else {
                guard WrittenInteger.value(byte) < actual else { break }
                count += 1
                if byte != 48 || !digits.isEmpty { digits.append(byte) }
            }
            previous = byte
            index += 1
        }
        if previous != UInt8(ascii: "_"), actual & (actual - 1) != 0, count > digitsLimit {
            return .failure(
                TextError(
                    .value,
                    "Exceeds the limit (\(digitsLimit) digits) for integer string conversion: value has \(count) digits"
                ))
        }
        // Without a base, a zero before other digits would be the octal numbers of old.
        let isOldOctal = base == 0 && actual == 10 && !digits.isEmpty && characters[start] == 48
        guard index == characters.count, previous != UInt8(ascii: "_"), !isOldOctal else { return invalid() }
        return .success(WrittenInteger(isNegative: isNegative, base: actual, digits: digits))
    }

    private static let portion = 0xFFF

    /// The text with the digits of all scripts as those of ASCII; nil when it holds anything else that is not ASCII.
    private static func ascii<Failure: Error>(
        _ text: ByteView, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8]? {
        var characters: [UInt8] = []
        characters.reserveCapacity(text.count)
        for scalar in text.scalars {
            if characters.count & portion == portion { try charge(portion >> 6) }
            let byte = scalar.isASCII ? UInt8(truncatingIfNeeded: scalar.value) : scalar.decimalValue.map { $0 + 48 }
            guard let byte else { return nil }
            characters.append(byte)
        }
        return characters
    }

    /// The value when it fits an `Int`.
    var small: Int? {
        var value = 0
        for byte in digits {
            let (product, overflow) = value.multipliedReportingOverflow(by: base)
            let (sum, overflowOfSum) = product.subtractingReportingOverflow(WrittenInteger.value(byte))
            guard !overflow, !overflowOfSum else { return nil }
            value = sum
        }
        if isNegative { return value }
        let (positive, overflow) = (0).subtractingReportingOverflow(value)
        return overflow ? nil : positive
    }

    /// The value, of any size.
    func value<Failure: Error>(charge: (Int) throws(Failure) -> Void) throws(Failure) -> BigInteger {
        let size = try BigInteger(digits: digits, base: base, charge: charge) ?? BigInteger(0)
        return isNegative ? -size : size
    }

    /// Refuses to write more decimal digits than a limit, as Python does.
    static func checkDigits(_ value: BigInteger, limit: Int = standardDigitsLimit) throws(TextError) {
        // The bound may be two too high; only then the number itself is looked at.
        let bound = value.decimalDigitsBound
        guard bound > limit else { return }
        if bound - 2 > limit || value.absolute >= BigInteger(10).power(limit, charge: { (_) throws(Never) in }) {
            throw TextError(.value, "Exceeds the limit (\(limit) digits) for integer string conversion")
        }
    }

    private static func base(prefix: UInt8) -> Int? {
        switch prefix | 0x20 {
        case UInt8(ascii: "x"): 16
        case UInt8(ascii: "o"): 8
        case UInt8(ascii: "b"): 2
        default: nil
        }
    }

    private static func value(_ byte: UInt8) -> Int {
        if byte &- 48 < 10 { return Int(byte) - 48 }
        let letter = byte | 0x20
        return letter &- 97 < 26 ? Int(letter) - 87 : 255
    }

    private static func invalid(_ text: ByteView, base: Int) -> TextError {
        var shown: [UInt8] = []
        let start = text[0..<TextScalars.offset(text, after: 0, scalars: 200)]
        TextRepr.write(text: start, into: &shown)
        let repr = shown.withView { String($0[0..<TextScalars.offset($0, after: 0, scalars: 200)]) }
        return TextError(.value, "invalid literal for int() with base \(base): \(repr)")
    }
}
