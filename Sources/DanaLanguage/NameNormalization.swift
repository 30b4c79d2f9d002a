/// Names in the one form that counts, NFKC: compatible characters as their plain ones, letters and their
/// marks together.
struct NameNormalization: Sendable {
    static let shared = NameNormalization()

    /// The parts of a character, by its value.
    private var parts: [UInt32: [UInt32]] = [:]
    /// The character that two others make, by their values.
    private var compositions: [UInt64: UInt32] = [:]

    private init() {
        var digits = NormalizationTable.digits.withUTF8Buffer { Array($0) }[...]
        var code: UInt32 = 0x80
        var part: Int64 = 0
        while !digits.isEmpty {
            code &+= UInt32(truncatingIfNeeded: NameNormalization.number(&digits))
            let head = NameNormalization.number(&digits)
            var all: [UInt32] = []
            for _ in 0..<(head >> 1) {
                let distance = NameNormalization.number(&digits)
                part += Int64(distance >> 1) ^ -Int64(distance & 1)
                all.append(UInt32(truncatingIfNeeded: part))
            }
            parts[code] = all
            if head & 1 == 1 { compositions[NameNormalization.pair(all[0], all[1])] = code }
        }
    }

    /// Takes a number off the front of the table's digits.
    private static func number(_ digits: inout ArraySlice<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let digit = digits.popFirst() {
            let bits: UInt8 =
                switch digit {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - 65
                case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - 71
                case UInt8(ascii: "0")...UInt8(ascii: "9"): digit + 4
                case UInt8(ascii: "-"): 62
                default: 63
                }
            value |= UInt64(bits & 31) << shift
            shift += 5
            if bits < 32 { break }
        }
        return value
    }

    private static func pair(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

    // MARK: Normalising

    func normalized(_ name: String) -> String {
        var scalars: [UInt32] = []
        for scalar in name.unicodeScalars { decompose(scalar.value, into: &scalars) }
        order(&scalars)
        var view = String.UnicodeScalarView()
        for value in composed(scalars) { view.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
        return String(view)
    }

    private enum Hangul {
        static let syllables: UInt32 = 0xAC00
        static let syllableCount: UInt32 = 11172
        static let leads: UInt32 = 0x1100
        static let vowels: UInt32 = 0x1161
        static let trails: UInt32 = 0x11A7
        static let vowelCount: UInt32 = 21
        static let trailCount: UInt32 = 28
    }

    /// A part of a character has parts of its own at most a few times over.
    private func decompose(_ value: UInt32, into output: inout [UInt32]) {
        if value &- Hangul.syllables < Hangul.syllableCount {
            let index = value - Hangul.syllables
            output.append(Hangul.leads + index / (Hangul.vowelCount * Hangul.trailCount))
            output.append(Hangul.vowels + index % (Hangul.vowelCount * Hangul.trailCount) / Hangul.trailCount)
            let trail = index % Hangul.trailCount
            if trail > 0 { output.append(Hangul.trails + trail) }
        } else if let parts = parts[value] {
            for part in parts { decompose(part, into: &output) }
        } else {
            output.append(value)
        }
    }

    private static func combiningClass(_ value: UInt32) -> UInt8 {
        Unicode.Scalar(value)?.properties.canonicalCombiningClass.rawValue ?? 0
    }

    /// Puts the marks after each letter into their order.
    private func order(_ scalars: inout [UInt32]) {
        var start = 0
        while start < scalars.count {
            var end = start
            while end < scalars.count, NameNormalization.combiningClass(scalars[end]) != 0 { end += 1 }
            if end - start > 1 {
                let marks = scalars[start..<end].map { (rank: NameNormalization.combiningClass($0), value: $0) }
                let sorted = marks.enumerated().sorted {
                    ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
                }
                scalars.replaceSubrange(start..<end, with: sorted.map(\.element.value))
            }
            start = max(end, start) + 1
        }
    }

    private func composed(_ scalars: [UInt32]) -> [UInt32] {
        var output: [UInt32] = []
        var starter: Int?
        var lastClass: UInt8 = 0
        for value in scalars {
            let rank = NameNormalization.combiningClass(value)
            if let place = starter, output.count == place + 1 || lastClass < rank,
                let whole = composition(output[place], value)
            {
                output[place] = whole
                continue
            }
            if rank == 0 { starter = output.count }
            lastClass = rank
            output.append(value)
        }
        return output
    }

    private func composition(_ first: UInt32, _ second: UInt32) -> UInt32? {
        let vowel = second &- Hangul.vowels
        if first &- Hangul.leads < 19, vowel < Hangul.vowelCount {
            return Hangul.syllables + ((first - Hangul.leads) * Hangul.vowelCount + vowel) * Hangul.trailCount
        }
        let syllable = first &- Hangul.syllables
        if syllable < Hangul.syllableCount, syllable % Hangul.trailCount == 0, second > Hangul.trails,
            second - Hangul.trails < Hangul.trailCount
        {
            return first + second - Hangul.trails
        }
        return compositions[NameNormalization.pair(first, second)]
    }
}
