import Testing
import ValueGenerator

@testable import DanaData

/// Arithmetic on integers of any size, against what CPython answered, and against itself for long numbers.
@Suite struct BigIntegerArithmeticTests {
    /// No limit on the steps.
    private func free(_ steps: Int) {}

    @Test func arithmeticAnswersAsPython() throws {
        var seen: Set<String> = []
        for line in try Expectations.cases("integers") {
            let operation = try #require(line[0].string)
            let expected = try #require(line.last)
            let names = line[1...].dropLast().compactMap { $0.string }
            seen.insert(operation)
            let answer = try answer(operation, names)
            let wanted = expected.string ?? expected["raises"]?.string.map { _ in "beyond" } ?? "\(expected)"
            #expect(answer == wanted, "\(operation) \(names)")
        }
        #expect(seen.count == 20)
    }

    private func answer(_ operation: String, _ names: [String]) throws -> String {
        let left = try integer(names[0])
        switch operation {
        case "invert": return name(~left)
        case "bit_length": return name(BigInteger(left.bitCount))
        case "bit_count": return name(BigInteger(left.onesCount))
        case "isqrt": return left.squareRoot(charge: free).map(name) ?? "negative"
        case "str":
            #expect((left.decimalDigitsBound - 2...left.decimalDigitsBound).contains(left.absolute.description.count))
            return left.description
        case "float": return left.nearestDouble.map(name) ?? "beyond"
        case "compare":
            let number = Double(bitPattern: try #require(UInt64(names[1], radix: 16)))
            return left.compare(number).map(String.init) ?? "None"
        default: break
        }
        let right = try integer(names[1])
        switch operation {
        case "add": return name(left + right)
        case "sub": return name(left - right)
        case "mul": return name(left.multiplied(by: right, charge: free))
        case "and_": return name(left & right)
        case "or_": return name(left | right)
        case "xor": return name(left ^ right)
        case "gcd": return name(left.greatestCommonDivisor(right, charge: free))
        case "lshift": return name(left.shiftedLeft(by: try #require(Int(exactly: right))))
        case "rshift": return name(left.shiftedRight(by: try #require(Int(exactly: right))))
        case "divmod":
            let (quotient, remainder) = try #require(left.divided(by: right, charge: free))
            return "[\"\(name(quotient))\", \"\(name(remainder))\"]"
        case "truediv": return left.quotient(right, charge: free).map(name) ?? "beyond"
        case "pow":
            let exponent = try #require(Int(exactly: right))
            let power = left.power(exponent, charge: free)
            #expect(power.bitCount <= (left.powerBits(exponent) ?? 0))
            return name(power)
        default:
            return left.power(right, modulo: try integer(names[2]), charge: free).map(name) ?? "None"
        }
    }

    private func integer(_ name: String) throws -> BigInteger {
        let isNegative = name.hasPrefix("-")
        let digits = Array(name.utf8.dropFirst(isNegative ? 3 : 2))
        let size = try #require(BigInteger(digits: digits, base: 16, charge: free))
        return isNegative ? -size : size
    }

    private func name(_ value: BigInteger) -> String {
        (value.isNegative ? "-0x" : "0x") + String(decoding: value.digits(base: 16, charge: free), as: UTF8.self)
    }

    private func name(_ value: Double) -> String {
        let digits = String(value.bitPattern, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    // MARK: Long numbers

    private func long(_ count: Int, _ generator: inout Generator) -> BigInteger {
        let special: [UInt64] = [0, .max, 1 << 63]
        let words: [UInt64] = (0..<count).map { _ in
            let word = generator.next()
            return generator.chance(1, in: 4) ? special[Int(word % 3)] : word
        }
        return BigInteger(isNegative: generator.chance(1, in: 2), magnitude: words)
    }

    /// Products of halves are those of the words, for they distribute over sums of short factors.
    @Test(arguments: [(39, 40), (40, 40), (41, 97), (200, 201), (333, 40), (512, 90)])
    func longProductsAreSumsOfShortOnes(counts: (Int, Int)) {
        var generator = Generator(seed: UInt64(counts.0))
        let (left, right) = (long(counts.0, &generator), long(counts.1, &generator))
        var sum = BigInteger(0)
        for (place, word) in right.magnitude.enumerated() {
            let part = left.multiplied(by: BigInteger(word), charge: free)
            sum = sum + part.shiftedLeft(by: 64 * place)
        }
        #expect(left.multiplied(by: right, charge: free) == (right.isNegative ? -sum : sum))
    }

    @Test(arguments: [(2, 1), (60, 30), (200, 100), (400, 81), (1000, 170), (330, 160), (161, 160), (700, 350)])
    func divisionsAreUndoneByProducts(counts: (Int, Int)) throws {
        var generator = Generator(seed: UInt64(counts.0))
        for _ in 0..<6 {
            let (dividend, divisor) = (long(counts.0, &generator), long(counts.1, &generator))
            guard !divisor.isZero else { continue }
            let (quotient, remainder) = try #require(dividend.divided(by: divisor, charge: free))
            #expect(quotient.multiplied(by: divisor, charge: free) + remainder == dividend)
            #expect(remainder.isZero || remainder.isNegative == divisor.isNegative)
            #expect(remainder.absolute < divisor.absolute)
        }
    }

    @Test(arguments: [3, 10, 16, 36, 2], [1, 29, 31, 64, 200, 511])
    func textReadsBackInEveryBase(base: Int, count: Int) {
        var generator = Generator(seed: UInt64(base * 1000 + count))
        let value = long(count, &generator).absolute
        let digits = value.digits(base: base, charge: free)
        #expect(BigInteger(digits: digits, base: base, charge: free) == value)
        #expect(value.isZero || digits.first != UInt8(ascii: "0"))
        let zeros = BigInteger(1).shiftedLeft(by: 64 * count)
        #expect(BigInteger(digits: zeros.digits(base: base, charge: free), base: base, charge: free) == zeros)
    }

    @Test func rootsAreThoseOfLongSquares() throws {
        var generator = Generator(seed: 4)
        let root = long(90, &generator).absolute
        let square = root.multiplied(by: root, charge: free)
        #expect(square.squareRoot(charge: free) == root)
        #expect((square - BigInteger(1)).squareRoot(charge: free) == root - BigInteger(1))
        #expect((-root).squareRoot(charge: free) == nil)
    }

    // MARK: Charges

    private struct Stop: Error {}

    private enum Work: CaseIterable {
        case product, quotient, text, root, power, powerModulo
    }

    /// The steps that some work is charged; nil when it is stopped at a limit.
    private func steps(_ work: Work, limit: Int) -> Int? {
        var generator = Generator(seed: 9)
        let (large, half) = (long(4000, &generator).absolute, long(2000, &generator).absolute)
        let short = long(30, &generator).absolute
        var steps = 0
        func charge(_ count: Int) throws(Stop) {
            steps += count
            if steps > limit { throw Stop() }
        }
        do throws(Stop) {
            switch work {
            case .product: _ = try large.multiplied(by: large, charge: charge)
            case .quotient: _ = try large.divided(by: half, charge: charge)
            case .text: _ = try large.digits(base: 10, charge: charge)
            case .root: _ = try large.squareRoot(charge: charge)
            case .power: _ = try half.power(3, charge: charge)
            case .powerModulo: _ = try short.power(half, modulo: short + BigInteger(7), charge: charge)
            }
        } catch {
            return nil
        }
        return steps
    }

    @Test(arguments: Work.allCases)
    private func longWorkIsChargedAndStops(work: Work) throws {
        #expect(steps(work, limit: 50_000) == nil)
        guard work != .powerModulo else { return }
        let all = try #require(steps(work, limit: .max))
        #expect(all > 100_000)
        // Less than what each word by each word would take.
        #expect(all < 4000 * 4000)
    }
}
