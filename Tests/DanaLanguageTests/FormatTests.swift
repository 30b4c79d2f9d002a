import DanaData
import Testing
import ValueGenerator

@testable import DanaLanguage

/// The text of numbers, formats and what they refuse, against what CPython answered.
@Suite struct FormatTests {
    @Test func formatsAnswerAsPython() throws {
        var seen: [String: Int] = [:]
        for line in try Expectations.cases("formats") {
            let operation = try #require(line[0].string)
            let value = try #require(line[1].string)
            let expected = try #require(line.last)
            seen[operation, default: 0] += 1
            let answer = try answer(operation, value, Array(line[2...].dropLast()))
            let wanted = expected.string ?? expected["raises"]?.string.map { "raises " + $0 }
            #expect(answer == wanted, "\(line.dropLast())")
        }
        #expect(seen.keys.sorted() == ["float", "int", "integer", "parse", "repr", "round", "str"])
    }

    private func answer(_ operation: String, _ value: String, _ arguments: [TapeValue]) throws -> String {
        let specification = arguments.first?.string ?? ""
        switch operation {
        case "repr":
            let number = try number(value)
            return written {
                FloatText.write(number, into: &$0)
            } counted: {
                FloatText.write(number, into: &$0)
            }
        case "round":
            let places = Int(try #require(arguments.first?.int))
            let rounded = try FloatRounding.round(number(value), places: places)
            return rounded.map(name) ?? "raises rounded value too large to represent"
        case "parse":
            guard let number = value.withView(FloatParser.parse) else {
                let shown = written { sink in
                    value.withView { TextRepr.write(text: $0, into: &sink) }
                } counted: { sink in
                    value.withView { TextRepr.write(text: $0, into: &sink) }
                }
                return "raises could not convert string to float: " + shown
            }
            return number.isNaN ? "nan" : name(number)
        case "integer":
            let base = Int(try #require(arguments.first?.int))
            do throws(TextError) {
                let literal = try value.withView { text in
                    WrittenInteger.read(text, base: base) { (_) throws(Never) in }
                }.get()
                let number = literal.value { (_) throws(Never) in }
                #expect(literal.small == Int(exactly: number))
                let digits = number.digits(base: 16) { (_) throws(Never) in }
                return (number.isNegative ? "-0x" : "0x") + String(decoding: digits, as: UTF8.self)
            } catch {
                #expect(error.kind == .value)
                return "raises " + error.message
            }
        case "float":
            let number = try number(value)
            return format(specification, "float") { specification, sink throws(TextError) in
                try FormatFloat.write(number, specification, into: &sink)
            }
        case "int":
            let number = try #require(Int(value))
            return format(specification, "int") { specification, sink throws(TextError) in
                try FormatInteger.write(number, specification, into: &sink)
            }
        default:
            return value.withView { text in
                format(specification, "str") { specification, sink throws(TextError) in
                    try FormatText.write(text, specification, into: &sink)
                }
            }
        }
    }

    private func format(
        _ text: String, _ typeName: String, _ write: (FormatSpecification, inout [UInt8]) throws(TextError) -> Void
    ) -> String {
        var bytes: [UInt8] = []
        do {
            let specification = try text.withView {
                try FormatSpecification($0, typeName: typeName, isNumber: typeName != "str")
            }
            try write(specification, &bytes)
        } catch let error as TextError {
            return "raises " + error.message
        } catch {
            return "\(error)"
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A float by the name that the script gives it, and back.
    private func number(_ name: String) throws -> Double {
        Double(bitPattern: try #require(UInt64(name, radix: 16)))
    }

    private func name(_ value: Double) -> String {
        let digits = String(value.bitPattern, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    @Test func digitsBeyondTheLimitAreRefused() throws {
        let limit = WrittenInteger.standardDigitsLimit
        let least = BigInteger(10).power(limit) { (_) throws(Never) in }
        try WrittenInteger.checkDigits(least - BigInteger(1))
        for value in [least, -least, least.shiftedLeft(by: 3000)] {
            #expect(throws: TextError.self) { try WrittenInteger.checkDigits(value) }
        }
    }

    @Test func reprReadsBackAsTheSameFloat() {
        var generator = Generator(seed: 5)
        for _ in 0..<2000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            var text: [UInt8] = []
            FloatText.write(value, into: &text)
            #expect(text.withView(FloatParser.parse) == value)
            #expect(text.count <= FloatText.greatestSize)
            #expect(DecimalDigits(exact: value).nearest == value.magnitude)
        }
    }

    @Test func hugeWidthsAreCountedNotMade() throws {
        for text in ["999999999999999999", "9223372036854775807", "020000000000,", "é^9000000000000000000"] {
            let specification = try text.withView { try FormatSpecification($0, typeName: "float", isNumber: true) }
            var counter = ByteCounter()
            try FormatFloat.write(1.5, specification, into: &counter)
            #expect(counter.bytes >= 20_000_000_000)
        }
        let precise = try ".2147483647f".withView {
            try FormatSpecification($0, typeName: "float", isNumber: true)
        }
        var counter = ByteCounter()
        try FormatFloat.write(1.5, precise, into: &counter)
        #expect(counter.bytes == 2_147_483_649)
    }
}
