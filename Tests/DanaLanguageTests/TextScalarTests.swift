import DanaData
import Testing
import ValueGenerator

@testable import DanaLanguage

/// What Unicode says of scalars, of all in the planes that have letters, against what CPython says.
@Suite struct TextScalarTests {
    @Test func propertiesAreThoseOfPython() throws {
        for line in try Expectations.cases("scalars") {
            let start = UInt32(try #require(line[0].int))
            let count = UInt32(try #require(line[1].int))
            let scalars = (start..<start + count).compactMap { Unicode.Scalar($0) }
            for (name, hash) in try #require(line[2].pairs) {
                let name = try #require(name.string)
                var actual = Hash()
                for scalar in scalars { try add(name, of: scalar, to: &actual) }
                #expect(actual.text == hash.string, "\(name) in the block at \(String(start, radix: 16))")
            }
        }
    }

    private func add(_ name: String, of scalar: Unicode.Scalar, to hash: inout Hash) throws {
        switch name {
        case "isalpha": hash.add(scalar.isLetter)
        case "isdecimal": hash.add(scalar.isDecimal)
        case "isdigit": hash.add(scalar.isDigit)
        case "isnumeric": hash.add(scalar.isNumeric)
        case "isalnum": hash.add(scalar.isAlphanumeric)
        case "isspace": hash.add(scalar.isSpace)
        case "isprintable": hash.add(scalar.isPrintable)
        case "isidentifier": hash.add(scalar.startsIdentifier)
        case "continues": hash.add(scalar.continuesIdentifier)
        case "isupper": hash.add(scalar.isUpper)
        case "islower": hash.add(scalar.isLower)
        case "istitle": hash.add(scalar.isUpper || scalar.isTitle)
        case "sigma":
            let endsWord = !(scalar.isIgnoredByCase || scalar.isCasedLetter)
            hash.add(!endsWord)
        case "upper": hash.add(scalar.upperMapping)
        case "lower": hash.add(scalar == "Σ" ? "σ" : scalar.lowerMapping)
        case "title": hash.add(scalar.titleMapping)
        case "casefold": hash.add(scalar.foldMapping)
        default: try #require(Bool(false), "no property \(name)")
        }
    }

    /// FNV-1a, as the script has it.
    private struct Hash {
        private var state: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
        mutating func add(_ flag: Bool) { add(flag ? 1 : 0) }
        mutating func add(_ text: String) { for byte in text.utf8 { add(byte) } }

        var text: String {
            let digits = String(state, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
    }

    @Test func scalarsAreCountedAndFound() {
        var generator = Generator(seed: 7)
        for _ in 0..<200 {
            let text = generator.text(upTo: 300)
            let scalars = Array(text.unicodeScalars)
            text.withView { view in
                #expect(TextScalars.count(view) == scalars.count)
                #expect(Array(view.scalars) == scalars)
                let marks = TextMarks(view)
                #expect(marks.offsets.count == TextMarks.count(scalars: scalars.count))
                var offset = 0
                for (index, scalar) in scalars.enumerated() {
                    #expect(marks.offset(of: index, in: view) == offset)
                    #expect(marks.index(of: offset, in: view) == index)
                    offset += UTF8.width(scalar)
                    let before = TextScalars.decode(view, before: offset)
                    #expect(before.scalar == scalar && before.length == UTF8.width(scalar))
                }
                #expect(marks.offset(of: scalars.count, in: view) == view.count)
                #expect(marks.offset(of: scalars.count + 100, in: view) == view.count)
                #expect(marks.index(of: view.count, in: view) == scalars.count)
            }
        }
    }

    @Test(arguments: [
        [0x80], [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98], [0xED, 0xA0, 0x80], [0xFF, 0x41], [0xC1, 0x81],
    ])
    func bytesThatAreNoTextDoNotTrap(bytes: [UInt8]) {
        bytes.withView { view in
            #expect(view.scalars.contains("\u{FFFD}"))
            #expect(TextScalars.decode(view, before: view.count).length >= 1)
        }
    }
}
