import Testing

@testable import DanaData

/// Sums, differences and products that go to a place made before, against those of integers of their own.
@Suite struct IntegerViewTests {
    /// No limit on the steps.
    private func free(_ steps: Int) {}

    private enum Operation: CaseIterable { case sum, difference, product }

    private func calculated(_ operation: Operation, _ left: BigInteger, _ right: BigInteger) -> BigInteger {
        left.magnitude.withUnsafeBufferPointer { leftWords in
            right.magnitude.withUnsafeBufferPointer { rightWords in
                let left = IntegerView(isNegative: left.isNegative, magnitude: leftWords)
                let right = IntegerView(isNegative: right.isNegative, magnitude: rightWords)
                let capacity = operation == .product ? left.productCapacity(right) : left.sumCapacity(right)
                var written: IntegerView.Written = (false, 0)
                // What the place held before must not matter.
                var words = [UInt64](repeating: 0xDEAD_BEEF, count: capacity)
                words.withUnsafeMutableBufferPointer { place in
                    switch operation {
                    case .sum: written = left.sum(right, into: place)
                    case .difference: written = left.sum(right, changingSign: true, into: place)
                    case .product: written = left.product(right, into: place, charge: free)
                    }
                }
                #expect(written.count == 0 ? !written.isNegative : words[written.count - 1] != 0)
                return BigInteger(isNegative: written.isNegative, magnitude: Array(words[..<written.count]))
            }
        }
    }

    private static let samples: [BigInteger] = {
        var samples = [BigInteger(0), BigInteger(1), BigInteger(-1), BigInteger(Int.max), BigInteger(Int.min)]
        for count in [1, 2, 3, 39, 40, 41, 100] {
            samples.append(BigInteger(isNegative: false, magnitude: Array(repeating: .max, count: count)))
            samples.append(BigInteger(isNegative: true, magnitude: Array(repeating: .max, count: count)))
            samples.append(BigInteger(isNegative: false, magnitude: Array(repeating: 0, count: count) + [1]))
            samples.append(BigInteger(isNegative: true, magnitude: (1...count).map { UInt64($0) << 60 | 7 }))
        }
        return samples
    }()

    @Test func answersAsIntegersDo() {
        for left in Self.samples {
            for right in Self.samples {
                #expect(calculated(.sum, left, right) == left + right)
                #expect(calculated(.difference, left, right) == left - right)
                #expect(calculated(.product, left, right) == left.multiplied(by: right, charge: free))
            }
        }
    }

    /// Products and quotients that are made in several portions, against the same in two parts.
    @Test func portionsMeet() throws {
        let low = BigInteger(isNegative: false, magnitude: Array(repeating: .max, count: 5000))
        let high = BigInteger(isNegative: false, magnitude: (0..<5000).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 | 1 })
        let long = high.shiftedLeft(by: 64 * 5000) + low
        for count in [1, 2, 39] {
            let short = BigInteger(isNegative: false, magnitude: Array(repeating: .max - 3, count: count))
            let parts =
                high.multiplied(by: short, charge: free).shiftedLeft(by: 64 * 5000)
                + low.multiplied(by: short, charge: free)
            #expect(calculated(.product, long, short) == parts)
            #expect(long.multiplied(by: short, charge: free) == parts)
            let divided = try #require(long.divided(by: short, charge: free))
            #expect(divided.quotient.multiplied(by: short, charge: free) + divided.remainder == long)
            #expect(divided.remainder < short)
        }
    }

    /// Long work asks portion by portion, and stops where it is refused.
    @Test func portionsAreCharged() {
        struct Enough: Error {}
        let long = BigInteger(isNegative: false, magnitude: Array(repeating: .max, count: 100_000))
        for short in [BigInteger(3), BigInteger(isNegative: false, magnitude: [1, 2, 3])] {
            var charged: [Int] = []
            _ = long.multiplied(by: short) { charged.append($0) }
            #expect(charged.count > 20)
            #expect(charged.reduce(0, +) == 100_000 * short.magnitude.count)
            var asked = 0
            #expect(throws: Enough.self) {
                try long.multiplied(by: short) { _ throws(Enough) in
                    asked += 1
                    if asked == 3 { throw Enough() }
                }
            }
            #expect(asked == 3)
        }
        var asked = 0
        _ = long.divided(by: BigInteger(3)) { _ in asked += 1 }
        #expect(asked > 20)
    }
}
