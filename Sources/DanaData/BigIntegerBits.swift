/// Bits of integers of any size: length, shifts and logic, negative numbers as endless two's complement.
extension BigInteger {
    /// How many bits the absolute value has; 0 for zero.
    public var bitCount: Int {
        guard let top = magnitude.last else { return 0 }
        return magnitude.count * 64 - top.leadingZeroBitCount
    }

    /// How many words, or digits of a base that is a power of two, are done at a time where each takes little.
    static let portion = 4096

    /// How many ones the absolute value has.
    public var onesCount: Int { magnitude.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Times two to the power of `bits`, which is not negative. The result has `bits / 64 + 1` words more.
    public func shiftedLeft(by bits: Int) -> BigInteger {
        shiftedLeft(by: bits) { (_) throws(Never) in }
    }

    /// Times two to the power of `bits`, which is not negative.
    public func shiftedLeft<Failure: Error>(
        by bits: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> BigInteger {
        guard bits > 0, !isZero else { return self }
        let (words, shift) = (bits / 64, UInt64(bits % 64))
        var result = [UInt64](repeating: 0, count: words)
        result.reserveCapacity(words + magnitude.count + 1)
        guard shift > 0 else { return BigInteger(isNegative: isNegative, magnitude: result + magnitude) }
        var carry: UInt64 = 0
        for start in stride(from: 0, to: magnitude.count, by: BigInteger.portion) {
            let part = magnitude[start..<min(start + BigInteger.portion, magnitude.count)]
            try charge(part.count)
            for word in part {
                result.append(word << shift | carry)
                carry = word >> (64 - shift)
            }
        }
        if carry > 0 { result.append(carry) }
        return BigInteger(isNegative: isNegative, magnitude: result)
    }

    /// Divided by two to the power of `bits`, which is not negative, and rounded down.
    public func shiftedRight(by bits: Int) -> BigInteger {
        guard bits > 0, !isZero else { return self }
        let (words, shift) = (bits / 64, UInt64(bits % 64))
        guard words < magnitude.count else { return BigInteger(isNegative ? -1 : 0) }
        let lost =
            isNegative && (magnitude[..<words].contains { $0 != 0 } || magnitude[words] & ((1 << shift) - 1) != 0)
        var result: [UInt64] = []
        result.reserveCapacity(magnitude.count - words)
        for index in words..<magnitude.count {
            let above = shift > 0 && index + 1 < magnitude.count ? magnitude[index + 1] << (64 - shift) : 0
            result.append(magnitude[index] >> shift | above)
        }
        let rounded = BigInteger(isNegative: isNegative, magnitude: result)
        return lost ? rounded - BigInteger(1) : rounded
    }

    public static func & (left: BigInteger, right: BigInteger) -> BigInteger { combine(left, right) { $0 & $1 } }

    public static func | (left: BigInteger, right: BigInteger) -> BigInteger { combine(left, right) { $0 | $1 } }

    public static func ^ (left: BigInteger, right: BigInteger) -> BigInteger { combine(left, right) { $0 ^ $1 } }

    public static prefix func ~ (value: BigInteger) -> BigInteger { -value - BigInteger(1) }

    @inline(__always) private static func combine(
        _ left: BigInteger, _ right: BigInteger, _ operation: (UInt64, UInt64) -> UInt64
    ) -> BigInteger {
        let isNegative = operation(left.isNegative ? 1 : 0, right.isNegative ? 1 : 0) == 1
        let count = max(left.magnitude.count, right.magnitude.count)
        var (carryLeft, carryRight, carry) = (true, true, true)
        var result: [UInt64] = []
        result.reserveCapacity(count + 1)
        for index in 0..<count {
            let word = operation(
                left.complementWord(index, &carryLeft), right.complementWord(index, &carryRight))
            result.append(isNegative ? negated(word, &carry) : word)
        }
        // The words above are all ones for a negative number; its magnitude may need one more.
        if isNegative, carry { result.append(1) }
        return BigInteger(isNegative: isNegative, magnitude: result)
    }

    /// A word of the two's complement; the words must be asked for in order.
    @inline(__always) private func complementWord(_ index: Int, _ carry: inout Bool) -> UInt64 {
        let word = index < magnitude.count ? magnitude[index] : 0
        return isNegative ? BigInteger.negated(word, &carry) : word
    }

    @inline(__always) private static func negated(_ word: UInt64, _ carry: inout Bool) -> UInt64 {
        guard carry else { return ~word }
        let (sum, overflow) = (~word).addingReportingOverflow(1)
        carry = overflow
        return sum
    }
}
