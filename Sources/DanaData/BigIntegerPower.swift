/// Powers, roots and common divisors of integers of any size.
extension BigInteger {
    /// An upper bound of the bits of a power, nil beyond the range of an `Int`.
    public func powerBits(_ exponent: Int) -> Int? {
        guard bitCount > 1, exponent > 0 else { return 1 }
        let (bits, overflow) = bitCount.multipliedReportingOverflow(by: exponent)
        return overflow ? nil : bits
    }

    /// To the power of an exponent that is not negative.
    public func power<Failure: Error>(
        _ exponent: Int, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> BigInteger {
        guard exponent > 0 else { return BigInteger(1) }
        // Powers of two are shifts: zeros at the end are put aside.
        let zeros = trailingZeroCount
        let odd = zeros > 0 ? shiftedRight(by: zeros) : self
        var result = odd
        if odd.magnitude != [1] {
            for bit in (0..<(Int.bitWidth - exponent.leadingZeroBitCount - 1)).reversed() {
                result = try result.multiplied(by: result, charge: charge)
                if exponent >> bit & 1 == 1 { result = try result.multiplied(by: odd, charge: charge) }
            }
        } else if exponent % 2 == 0 {
            result = BigInteger(1)
        }
        return zeros > 0 ? result.shiftedLeft(by: zeros &* exponent) : result
    }

    private var trailingZeroCount: Int {
        guard let index = magnitude.firstIndex(where: { $0 != 0 }) else { return 0 }
        return index * 64 + magnitude[index].trailingZeroBitCount
    }

    /// To the power of an exponent, modulo a number that is not zero, whose sign the result has. Nil when the exponent
    /// is negative and there is no inverse ("base is not invertible for the given modulus").
    public func power<Failure: Error>(
        _ exponent: BigInteger, modulo modulus: BigInteger, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> BigInteger? {
        let size = modulus.absolute
        guard var base = try divided(by: size, charge: charge)?.remainder else { return nil }
        if exponent.isNegative {
            guard let inverse = try base.inverse(modulo: size, charge: charge) else { return nil }
            base = inverse
        }
        var result = BigInteger(1)
        for index in (0..<exponent.bitCount).reversed() {
            try charge(64)
            result = try result.multiplied(by: result, charge: charge)
            if exponent.magnitude[index / 64] >> UInt64(index % 64) & 1 == 1 {
                result = try result.multiplied(by: base, charge: charge)
            }
            result = try result.divided(by: size, charge: charge)?.remainder ?? result
        }
        return try result.divided(by: modulus, charge: charge)?.remainder
    }

    /// What times this number is one modulo a positive number; nil when there is none.
    private func inverse<Failure: Error>(
        modulo modulus: BigInteger, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> BigInteger? {
        var (previous, current) = (modulus, self)
        var (previousFactor, factor) = (BigInteger(0), BigInteger(1))
        while let (quotient, remainder) = try previous.divided(by: current, charge: charge) {
            (previous, current) = (current, remainder)
            let product = try quotient.multiplied(by: factor, charge: charge)
            (previousFactor, factor) = (factor, previousFactor - product)
        }
        guard previous == BigInteger(1) else { return nil }
        return try previousFactor.divided(by: modulus, charge: charge)?.remainder
    }

    /// The greatest common divisor of the absolute values.
    public func greatestCommonDivisor<Failure: Error>(
        _ other: BigInteger, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> BigInteger {
        var (left, right) = (absolute, other.absolute)
        while let (_, remainder) = try left.divided(by: right, charge: charge) {
            try charge(16)
            (left, right) = (right, remainder)
        }
        return left
    }

    /// The greatest integer whose square is not above this one, nil for a negative number.
    public func squareRoot<Failure: Error>(charge: (Int) throws(Failure) -> Void) throws(Failure) -> BigInteger? {
        guard !isNegative else { return nil }
        guard !isZero else { return self }
        // Each round doubles the bits that are known: with the root of the upper bits as a first guess, one step of
        // Newton's method on twice as many bits.
        let half = (bitCount - 1) / 2
        var root = BigInteger(1)
        var known = 0
        for shift in (0..<(Int.bitWidth - half.leadingZeroBitCount)).reversed() {
            let before = known
            known = half >> shift
            let upper = shiftedRight(by: 2 * half - before - known + 1)
            let quotient = try upper.divided(by: root, charge: charge)?.quotient ?? BigInteger(0)
            root = root.shiftedLeft(by: known - before - 1) + quotient
        }
        let square = try root.multiplied(by: root, charge: charge)
        return square > self ? root - BigInteger(1) : root
    }
}
