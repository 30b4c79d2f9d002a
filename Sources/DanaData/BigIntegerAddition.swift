/// Sums and differences of integers of any size.
extension BigInteger {
    public static func + (left: BigInteger, right: BigInteger) -> BigInteger {
        guard left.isNegative != right.isNegative else {
            return BigInteger(isNegative: left.isNegative, magnitude: Words.sum(left.magnitude, right.magnitude))
        }
        if Words.compare(left.magnitude, right.magnitude) >= 0 {
            return BigInteger(isNegative: left.isNegative, magnitude: Words.difference(left.magnitude, right.magnitude))
        }
        return BigInteger(isNegative: right.isNegative, magnitude: Words.difference(right.magnitude, left.magnitude))
    }

    public static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + -right }

    public static prefix func - (value: BigInteger) -> BigInteger {
        BigInteger(isNegative: !value.isNegative, magnitude: value.magnitude)
    }

    public var absolute: BigInteger { isNegative ? -self : self }
}
