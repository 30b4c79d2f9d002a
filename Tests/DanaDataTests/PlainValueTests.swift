import DanaData
import Testing

/// Complex numbers, fractions, identifiers and paths.
struct PlainValueTests {
    @Test func complexNumbersKeepTheirBits() {
        for (real, imaginary) in [(1.5, -2), (0, -0.0), (-0.0, .nan), (.infinity, -.infinity)] as [(Double, Double)] {
            let value = Complex(real: real, imaginary: imaginary)
            var builder = TapeBuilder()
            builder.append(value)
            #expect(builder.finish().root.complex == value)
        }
        #expect(Complex(real: 0, imaginary: 0) != Complex(real: -0.0, imaginary: 0))
        #expect("\(Complex(real: 1, imaginary: -2))" == "(1.0-2.0j)")
        #expect("\(Complex(real: 0, imaginary: .nan))" == "(0.0+nanj)")
    }

    @Test func fractions() throws {
        let large = try #require(BigInteger("-123456789012345678901234567890"))
        let value = try #require(Fraction(numerator: large, denominator: BigInteger(7)))
        var builder = TapeBuilder()
        builder.append(value)
        #expect(builder.finish().root.fraction == value)
        #expect("\(value)" == "-123456789012345678901234567890/7")
        #expect(Fraction(numerator: large, denominator: BigInteger(0)) == nil)
        #expect(Fraction(numerator: large, denominator: BigInteger(-1)) == nil)
    }

    @Test func identifiers() {
        let text = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
        let value = UniqueIdentifier(text)
        #expect(value?.description == text)
        #expect(UniqueIdentifier(text.uppercased()) == value)
        #expect(value.flatMap { UniqueIdentifier(bytes: $0.bytes) } == value)
        #expect(value?.bytes.first == 0x6b)
        #expect(value?.bytes.last == 0xc8)
        #expect(UniqueIdentifier(bytes: []) == nil)
        for text in [
            "", "6ba7b8109dad11d180b400c04fd430c8", text + "0", "x" + text.dropFirst(), text.replacing("-", with: "0"),
            "é" + text.dropFirst(2),
        ] {
            #expect(UniqueIdentifier(text) == nil, "\(text)")
        }
        var builder = TapeBuilder()
        builder.append(UniqueIdentifier(high: .max, low: 1))
        #expect(builder.finish().root.uniqueIdentifier == UniqueIdentifier(high: .max, low: 1))
    }

    @Test func paths() {
        for path in [PathText(""), PathText("/a/é"), PathText(wtf8: [0x2f, 0xed, 0xb2, 0x80])] {
            var builder = TapeBuilder()
            builder.append(path)
            #expect(builder.finish().root.path == path)
        }
        #expect(PathText("/퟿").hasSurrogates == false)
        #expect(PathText(wtf8: [0x2f, 0xed, 0xb2, 0x80]).hasSurrogates)
        #expect(PathText(wtf8: [0x2f, 0xed, 0xb2, 0x80]).string == nil)
        #expect(PathText("/a").string == "/a")
    }
}
