import DanaData
import Testing

/// Decimal numbers as Python writes and reads them.
struct DecimalTests {
    /// Texts that Python's `str(Decimal(text))` gives back unchanged.
    @Test(arguments: [
        "0", "-0", "1", "1.0", "1.00", "-1.5", "0.000001", "1E-7", "1.23E+5", "1E+1", "0E+3", "0.00", "0E-7",
        "123456789012345678901234567890.12345", "NaN", "-NaN", "NaN123", "sNaN", "-sNaN7", "Infinity", "-Infinity",
        "1E+999999999999999999", "1E-1999999999999999997",
    ])
    func textIsKept(_ text: String) throws {
        let value = try #require(Decimal(text))
        #expect(value.description == text)
        var builder = TapeBuilder()
        builder.append(value)
        #expect(builder.finish().root.decimal == value)
    }

    @Test func otherFormsOfText() {
        let forms = [
            ("007", "7"), ("+1", "1"), (".5", "0.5"), ("5.", "5"), ("1e3", "1E+3"), ("00.10", "0.10"),
            ("inf", "Infinity"),
            ("-INFINITY", "-Infinity"), ("nan007", "NaN7"), ("SNAN", "sNaN"), ("000", "0"), ("12E-1", "1.2"),
        ]
        for (text, written) in forms { #expect(Decimal(text)?.description == written, "\(text)") }
    }

    @Test(arguments: [
        "", "-", ".", "e5", "1e", "1e+", "1.2.3", "1x", "nanx", "infi", "1 ", "--1", "1E+1000000000000000000",
        "1E-1999999999999999998", "1E99999999999999999999", "10E+999999999999999999", "1..2", "+-1", "1e5.0",
    ])
    func textThatIsNoDecimal(_ text: String) {
        #expect(Decimal(text) == nil)
    }

    @Test func parts() {
        let value = Decimal(isNegative: true, digits: "00120", exponent: -2)
        #expect(value?.description == "-1.20")
        #expect(value?.digits == "120")
        #expect(Decimal(digits: "") == nil)
        #expect(Decimal(digits: "1a") == nil)
        #expect(Decimal(digits: "1", exponent: .max) == nil)
        #expect(Decimal(digits: "1", exponent: .min) == nil)
        #expect(Decimal.nan(payload: "x") == nil)
        #expect(Decimal("1.0") != Decimal("1.00"))
    }
}
