/// The text of integers of any size in bases from 2 to 36. Long numbers are parted at powers of the base, so that
/// their text is made in less than quadratic time.
extension BigInteger {
    /// From decimal digits with an optional sign; nil for any other text.
    public init?(_ text: some StringProtocol) {
        var digits = Array(text.utf8)[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let size = BigInteger.value(digits, Chunk(base: 10)) { (_) throws(Never) in }
        self.init(isNegative: isNegative, magnitude: size.magnitude)
    }

    /// From digits of a base, letters in either case; nil when there is none, or another character.
    public init?<Failure: Error>(
        digits: [UInt8], base: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) {
        guard !digits.isEmpty else { return nil }
        for start in stride(from: 0, to: digits.count, by: BigInteger.portion) {
            let part = digits[start..<min(start + BigInteger.portion, digits.count)]
            try charge(part.count)
            guard part.allSatisfy({ Chunk.value($0) < base }) else { return nil }
        }
        if base & (base - 1) == 0 {
            self = try BigInteger.value(digits, bits: base.trailingZeroBitCount, charge: charge)
        } else {
            self = try BigInteger.value(digits[...], Chunk(base: base), charge: charge)
        }
    }

    /// At least as many as the decimal digits of the absolute value, and at most two more.
    public var decimalDigitsBound: Int { bitCount / 100_000 * 30_103 + (bitCount % 100_000) * 30_103 / 100_000 + 1 }

    /// The digits of the absolute value in a base, in lower case.
    public func digits<Failure: Error>(
        base: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        guard !isZero else { return [UInt8(ascii: "0")] }
        if base & (base - 1) == 0 { return try digits(bits: base.trailingZeroBitCount, charge: charge) }
        let chunk = Chunk(base: base)
        var result: [UInt8] = []
        result.reserveCapacity(magnitude.count * (chunk.digits + 2))
        guard magnitude.count > BigInteger.partedWords else {
            try charge(magnitude.count &* magnitude.count)
            BigInteger.append(magnitude, chunk, width: 0, to: &result)
            return result
        }
        // The powers are the base to 2, 4, 8, ... chunks, up to half of the number's length.
        var powers = [BigInteger(chunk.power)]
        while let last = powers.last, last.magnitude.count * 2 <= magnitude.count + 1 {
            powers.append(try last.multiplied(by: last, charge: charge))
        }
        var open: [(value: BigInteger, level: Int, width: Int)] = [(absolute, powers.count, 0)]
        while let (value, level, width) = open.popLast() {
            guard level > 0, value.magnitude.count > BigInteger.partedWords else {
                try charge(value.magnitude.count &* value.magnitude.count + width)
                BigInteger.append(value.magnitude, chunk, width: width, to: &result)
                continue
            }
            guard let (high, low) = try value.divided(by: powers[level - 1], charge: charge) else { continue }
            let lowWidth = chunk.digits << (level - 1)
            if high.isZero, width == 0 {
                open.append((low, level - 1, 0))
            } else {
                open.append((low, level - 1, lowWidth))
                open.append((high, level - 1, max(0, width - lowWidth)))
            }
        }
        return result
    }

    /// Up to how many words digits are made, or read, one chunk after the other.
    private static let partedWords = 30

    /// As many digits as a word holds, and the base to their power.
    private struct Chunk {
        let base: UInt64
        let digits: Int
        let power: UInt64

        init(base: Int) {
            self.base = UInt64(base)
            var (count, power) = (1, UInt64(base))
            while case (let next, let overflow) = power.multipliedReportingOverflow(by: UInt64(base)), !overflow {
                (count, power) = (count + 1, next)
            }
            (digits, self.power) = (count, power)
        }

        /// A digit's value; 255 for what is none.
        static func value(_ byte: UInt8) -> Int {
            if byte &- 48 < 10 { return Int(byte) - 48 }
            let letter = byte | 0x20
            return letter &- 97 < 26 ? Int(letter) - 87 : 255
        }
    }

    /// Appends the digits of a magnitude, with zeros before them up to a width.
    private static func append(_ words: [UInt64], _ chunk: Chunk, width: Int, to result: inout [UInt8]) {
        var rest = words
        var reversed: [UInt8] = []
        reversed.reserveCapacity(max(width, words.count * (chunk.digits + 2)))
        while rest.last == 0 { rest.removeLast() }
        while !rest.isEmpty {
            var part = Words.divide(&rest, by: chunk.power)
            while rest.last == 0 { rest.removeLast() }
            for _ in 0..<chunk.digits where part > 0 || !rest.isEmpty {
                let digit = UInt8(part % chunk.base)
                reversed.append(digit < 10 ? 48 + digit : 87 + digit)
                part /= chunk.base
            }
        }
        result += repeatElement(48, count: max(0, width - reversed.count))
        result += reversed.reversed()
    }

    /// The digits in a base of two to the power of `bits`.
    private func digits<Failure: Error>(
        bits: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> [UInt8] {
        let count = (bitCount + bits - 1) / bits
        var result: [UInt8] = []
        result.reserveCapacity(count)
        let mask: UInt64 = 1 << UInt64(bits) - 1
        for place in (0..<count).reversed() {
            if place & (BigInteger.portion - 1) == 0 { try charge(BigInteger.portion) }
            let start = place * bits
            let (index, shift) = (start >> 6, UInt64(start & 63))
            var word = magnitude[index] >> shift
            if shift > 64 - UInt64(bits), index + 1 < magnitude.count { word |= magnitude[index + 1] << (64 - shift) }
            let digit = UInt8(truncatingIfNeeded: word & mask)
            result.append(digit < 10 ? 48 + digit : 87 + digit)
        }
        return result
    }

    /// The value of digits in a base of two to the power of `bits`.
    private static func value<Failure: Error>(
        _ digits: [UInt8], bits: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> BigInteger {
        var words = [UInt64](repeating: 0, count: digits.count * bits / 64 + 1)
        for place in digits.indices {
            if place & (portion - 1) == 0 { try charge(portion) }
            let (index, shift) = ((place * bits) >> 6, UInt64((place * bits) & 63))
            let digit = UInt64(Chunk.value(digits[digits.count - 1 - place]))
            words[index] |= digit << shift
            if shift > 64 - UInt64(bits), digit >> (64 - shift) > 0 { words[index + 1] |= digit >> (64 - shift) }
        }
        return BigInteger(isNegative: false, magnitude: words)
    }

    /// The value of digits that were looked at before.
    private static func value<Failure: Error>(
        _ digits: ArraySlice<UInt8>, _ chunk: Chunk, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> BigInteger {
        // Chunks become numbers, and pairs of neighbours are joined until one is left.
        let chunksAtOnce = digits.count > chunk.digits * partedWords ? 16 : digits.count / chunk.digits + 1
        let step = chunk.digits * chunksAtOnce
        var numbers: [BigInteger] = []
        var end = digits.endIndex
        while end > digits.startIndex {
            let start = max(digits.startIndex, end - step)
            try charge(chunksAtOnce &* chunksAtOnce)
            numbers.append(BigInteger(isNegative: false, magnitude: words(digits[start..<end], chunk)))
            end = start
        }
        var power = BigInteger(1)
        if numbers.count > 1 { power = try BigInteger(chunk.power).power(chunksAtOnce, charge: charge) }
        while numbers.count > 1 {
            var joined: [BigInteger] = []
            for index in stride(from: 0, to: numbers.count, by: 2) {
                guard index + 1 < numbers.count else {
                    joined.append(numbers[index])
                    break
                }
                joined.append(try numbers[index + 1].multiplied(by: power, charge: charge) + numbers[index])
            }
            numbers = joined
            if numbers.count > 1 { power = try power.multiplied(by: power, charge: charge) }
        }
        return numbers.first ?? BigInteger(0)
    }

    /// The magnitude of digits, one chunk after the other.
    private static func words(_ digits: ArraySlice<UInt8>, _ chunk: Chunk) -> [UInt64] {
        var result: [UInt64] = []
        result.reserveCapacity(digits.count / chunk.digits + 1)
        var start = digits.startIndex
        while start < digits.endIndex {
            // Only the first chunk may be short, and there is nothing to multiply before it.
            let length = (digits.endIndex - start - 1) % chunk.digits + 1
            var carry: UInt64 = 0
            for byte in digits[start..<start + length] { carry = carry * chunk.base + UInt64(Chunk.value(byte)) }
            for index in result.indices {
                let product = result[index].multipliedFullWidth(by: chunk.power)
                let (low, overflow) = product.low.addingReportingOverflow(carry)
                result[index] = low
                carry = product.high &+ (overflow ? 1 : 0)
            }
            if carry > 0 { result.append(carry) }
            start += length
        }
        return result
    }
}

extension BigInteger: CustomStringConvertible {
    /// Decimal digits, with a minus sign for a negative number.
    public var description: String {
        let digits = digits(base: 10) { (_) throws(Never) in }
        return (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
    }
}
