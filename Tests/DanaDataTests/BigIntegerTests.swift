import DanaData
import Testing
import ValueGenerator

/// Integers of any size: text, bytes, ranges, order.
struct BigIntegerTests {
    @Test func textAndBytes() {
        let cases: [(String, [UInt8])] = [
            ("0", [0]), ("1", [1]), ("-1", [0xff]), ("127", [0x7f]), ("128", [0x80, 0]), ("-128", [0x80]),
            ("-129", [0x7f, 0xff]), ("255", [0xff, 0]), ("256", [0, 1]), ("-256", [0, 0xff]),
            ("18446744073709551615", [UInt8](repeating: 0xff, count: 8) + [0]),
            ("18446744073709551616", [UInt8](repeating: 0, count: 8) + [1]),
            ("-18446744073709551616", [UInt8](repeating: 0, count: 8) + [0xff]),
            ("-9223372036854775808", [UInt8](repeating: 0, count: 7) + [0x80]),
            ("9223372036854775808", [UInt8](repeating: 0, count: 7) + [0x80, 0]),
        ]
        for (text, bytes) in cases {
            let value = BigInteger(text)
            #expect(value?.description == text)
            #expect(value?.twosComplementLittleEndian == bytes)
            #expect(BigInteger(twosComplementLittleEndian: bytes) == value)
        }
        #expect(BigInteger(twosComplementLittleEndian: []) == BigInteger(0))
        #expect(BigInteger(twosComplementLittleEndian: [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]) == BigInteger(1))
        #expect(BigInteger(twosComplementLittleEndian: [UInt8](repeating: 0xff, count: 20)) == BigInteger(-1))
    }

    @Test(arguments: ["", "-", "+", "1a", " 1", "1 ", "--1", "1_000", "٣"])
    func textThatIsNoInteger(_ text: String) {
        #expect(BigInteger(text) == nil)
    }

    @Test func textIsNormalised() {
        #expect(BigInteger("+007")?.description == "7")
        #expect(BigInteger("-0") == BigInteger(0))
        #expect(BigInteger(isNegative: true, magnitude: [0, 0]).isNegative == false)
        #expect(BigInteger("000000000000000000000000000000000000001")?.magnitude == [1])
    }

    @Test func fixedWidthIntegers() {
        #expect(Int(exactly: BigInteger(Int.min)) == .min)
        #expect(Int(exactly: BigInteger(Int.max)) == .max)
        #expect(BigInteger("9223372036854775808").flatMap { Int(exactly: $0) } == nil)
        #expect(BigInteger("-9223372036854775809").flatMap { Int(exactly: $0) } == nil)
        #expect(BigInteger("9223372036854775808").flatMap { UInt64(exactly: $0) } == 1 << 63)
        #expect(UInt64(exactly: BigInteger(-1)) == nil)
        #expect(UInt8(exactly: BigInteger(255)) == 255)
        #expect(UInt8(exactly: BigInteger(256)) == nil)
        #expect(Int8(exactly: BigInteger(-128)) == -128)
        #expect(Int8(exactly: BigInteger(128)) == nil)
        #expect(Int128(exactly: BigInteger(Int128.min)) == .min)
        #expect(Int128(exactly: BigInteger(Int128.max)) == .max)
        #expect(Int128(exactly: BigInteger(isNegative: false, magnitude: [0, 1 << 63])) == nil)
        #expect(Int128(exactly: BigInteger(isNegative: false, magnitude: [0, 0, 1])) == nil)
    }

    @Test func tenThousandDigits() {
        let text = "7" + String(repeating: "0123456789", count: 1000)
        #expect(BigInteger(text)?.description == text)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func roundTripsAndOrder(seed: UInt64) {
        var generator = Generator(seed: seed)
        var previous = BigInteger(0)
        for round in 0..<100 {
            let value = generator.integer()
            let note: Comment = "seed \(seed), round \(round): \(value)"
            #expect(BigInteger(value.description) == value, note)
            #expect(BigInteger(twosComplementLittleEndian: value.twosComplementLittleEndian) == value, note)
            var builder = TapeBuilder()
            builder.append(value)
            let tape = builder.finish()
            #expect(tape.root.bigInteger == value, note)
            #expect((tape.root.kind == .int) == (Int64(exactly: value) != nil), note)
            if let small = Int128(exactly: value), let other = Int128(exactly: previous) {
                #expect((value < previous) == (small < other), note)
                #expect(BigInteger(small) == value, note)
            }
            #expect([value < previous, value == previous, value > previous].count { $0 } == 1, note)
            previous = value
        }
    }
}
