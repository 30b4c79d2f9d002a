/// An integer of any size that lies elsewhere, borrowed: what is calculated from it goes to a place that was made
/// before, without a `BigInteger` in between.
public struct IntegerView {
    public let isNegative: Bool
    /// The absolute value, least significant word first, without leading zero words; empty for zero.
    public let magnitude: UnsafeBufferPointer<UInt64>

    /// What was put in a place: how many of its words count, and the sign.
    public typealias Written = (isNegative: Bool, count: Int)

    public init(isNegative: Bool, magnitude: UnsafeBufferPointer<UInt64>) {
        self.isNegative = isNegative
        self.magnitude = magnitude
    }

    /// As many words as a sum or a difference may have.
    public func sumCapacity(_ other: IntegerView) -> Int { max(magnitude.count, other.magnitude.count) + 1 }

    /// As many words as a product may have.
    public func productCapacity(_ other: IntegerView) -> Int { magnitude.count + other.magnitude.count }

    /// Whether a product with this is best made word by word.
    public var isShortFactor: Bool { magnitude.count < Words.karatsubaWords }

    /// The sum, or with the other's sign changed the difference.
    public func sum(
        _ other: IntegerView, changingSign: Bool = false, into target: UnsafeMutableBufferPointer<UInt64>
    ) -> Written {
        precondition(target.count >= sumCapacity(other), "a sum needs a word more than the longer number")
        let otherIsNegative = other.isNegative != changingSign
        guard let place = target.baseAddress else { return (false, 0) }
        if isNegative == otherIsNegative {
            let (long, short) = magnitude.count >= other.magnitude.count ? (self, other) : (other, self)
            guard let source = long.magnitude.baseAddress, long.magnitude.count > 0 else { return (false, 0) }
            let count = long.magnitude.count
            // Safe because the target has a word more than the longer magnitude.
            let carry = Words.sum(source, count, short.magnitude, into: place)
            place[count] = carry
            return (isNegative, carry > 0 ? count + 1 : count)
        }
        let order = Words.compare(magnitude, other.magnitude)
        guard order != 0 else { return (false, 0) }
        let (greater, less) = order > 0 ? (self, other) : (other, self)
        guard let source = greater.magnitude.baseAddress else { return (false, 0) }
        // Safe because the target has more words than the greater magnitude.
        Words.difference(source, greater.magnitude.count, less.magnitude, into: place)
        return (order > 0 ? isNegative : otherIsNegative, used(place, greater.magnitude.count))
    }

    /// The product, each word by each word, with a charge for each portion.
    public func product<Failure: Error>(
        _ other: IntegerView, into target: UnsafeMutableBufferPointer<UInt64>, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Written {
        let (long, short) = magnitude.count >= other.magnitude.count ? (self, other) : (other, self)
        let (longCount, shortCount) = (long.magnitude.count, short.magnitude.count)
        precondition(target.count >= longCount + shortCount, "a product needs as many words as both factors")
        guard shortCount > 0, let left = long.magnitude.baseAddress, let right = short.magnitude.baseAddress,
            let place = target.baseAddress
        else { return (false, 0) }
        // Safe because the target has room for both counts together.
        try Words.multiplyInPortions(left, longCount, right, shortCount, into: place, charge: charge)
        return (isNegative != other.isNegative, used(place, longCount + shortCount))
    }

    /// How many words there are without leading zeros.
    private func used(_ place: UnsafeMutablePointer<UInt64>, _ count: Int) -> Int {
        var count = count
        while count > 0, place[count - 1] == 0 { count -= 1 }
        return count
    }
}
