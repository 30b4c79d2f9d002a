/// A rational number as numerator and denominator, as they were given: it is not reduced, and two
/// fractions are equal when both parts are.
public struct Fraction: Hashable, Sendable, CustomStringConvertible {
    public let numerator: BigInteger
    /// Greater than zero.
    public let denominator: BigInteger

    /// Nil when the denominator is not greater than zero.
    public init?(numerator: BigInteger, denominator: BigInteger) {
        guard !denominator.isZero, !denominator.isNegative else { return nil }
        self.init(checked: numerator, denominator)
    }

    fileprivate init(checked numerator: BigInteger, _ denominator: BigInteger) {
        self.numerator = numerator
        self.denominator = denominator
    }

    public var description: String { "\(numerator)/\(denominator)" }
}

extension TapeBuilder {
    public mutating func append(_ value: Fraction) {
        begin(.fraction)
        append(value.numerator)
        append(value.denominator)
        end()
    }
}

extension TapeCursor {
    public mutating func readFraction() -> Fraction {
        _ = take(.fraction)
        position &+= 2
        let numerator = readBigInteger()
        return Fraction(checked: numerator, readBigInteger())
    }
}

extension TapeValue {
    public var fraction: Fraction? { read(.fraction) { $0.readFraction() } }
}
