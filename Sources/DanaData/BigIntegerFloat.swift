/// Between integers of any size and floats: exact or correctly rounded, never a detour that rounds twice.
extension BigInteger {
    /// A float's whole part, rounded towards zero; nil for infinities and NaN.
    public init?(truncating value: Double) {
        guard value.isFinite else { return nil }
        let whole = value.rounded(.towardZero)
        guard whole != 0 else {
            self.init(0)
            return
        }
        let exponent = Int(whole.exponent)
        let significand = whole.significandBitPattern | 1 << 52
        let magnitude = BigInteger(significand)
        let size = exponent >= 52 ? magnitude.shiftedLeft(by: exponent - 52) : magnitude.shiftedRight(by: 52 - exponent)
        self.init(isNegative: whole < 0, magnitude: size.magnitude)
    }

    /// The same value as a float that has no fraction; nil for any other float.
    public init?(exactly value: Double) {
        guard value.rounded(.towardZero) == value else { return nil }
        self.init(truncating: value)
    }

    /// The nearest float, a tie to the even one; nil beyond the range ("int too large to convert to float").
    public var nearestDouble: Double? {
        BigInteger.double(of: self, dividedBy: BigInteger(1)) { (_) throws(Never) in }
    }

    /// The float nearest to the quotient, a tie to the even one; nil beyond the range ("integer division result too
    /// large for a float"). The divisor is not zero.
    public func quotient<Failure: Error>(
        _ divisor: BigInteger, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Double? {
        try BigInteger.double(of: self, dividedBy: divisor, charge: charge)
    }

    private static func double<Failure: Error>(
        of dividend: BigInteger, dividedBy divisor: BigInteger, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Double? {
        let isNegative = dividend.isNegative != divisor.isNegative
        let difference = dividend.bitCount - divisor.bitCount
        guard !dividend.isZero, difference >= -1076 else { return isNegative && !dividend.isZero ? -0.0 : 0 }
        guard difference <= 1024 else { return nil }
        // A quotient of 55 or 56 bits, or as many as a subnormal result has and two more; the last tells whether
        // anything was lost.
        let shift = max(difference, -1021) - 55
        let numerator =
            shift > 0 ? dividend.absolute.shiftedRight(by: shift) : dividend.absolute.shiftedLeft(by: -shift)
        let isCut = shift > 0 && numerator.shiftedLeft(by: shift) != dividend.absolute
        guard let (quotient, remainder) = try numerator.divided(by: divisor.absolute, charge: charge) else {
            return nil
        }
        var bits = quotient.magnitude.first ?? 0
        if isCut || !remainder.isZero { bits |= 1 }
        let surplus = UInt64(max(64 - bits.leadingZeroBitCount, -1021 - shift) - 53)
        let half: UInt64 = 1 << (surplus - 1)
        if bits & half != 0, bits & (3 * half - 1) != 0 { bits += half }
        bits &= ~(2 * half - 1)
        // The significand is exact in 53 bits, so scaling does not round.
        let result = Double(sign: isNegative ? .minus : .plus, exponent: shift, significand: Double(bits))
        return result.isFinite ? result : nil
    }

    /// Below, at or above zero as this number is less than, equal to or greater than a float; nil for NaN.
    public func compare(_ value: Double) -> Int? {
        guard !value.isNaN else { return nil }
        guard let whole = BigInteger(truncating: value) else { return value > 0 ? -1 : 1 }
        if self != whole { return self < whole ? -1 : 1 }
        let fraction = value - value.rounded(.towardZero)
        return fraction > 0 ? -1 : fraction < 0 ? 1 : 0
    }
}
