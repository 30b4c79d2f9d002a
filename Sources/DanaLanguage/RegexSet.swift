/// A set of scalars in a regular expression: `[...]`, `\d`, `\w`, `\s` and their opposites.
struct RegexSet: Sendable {
    enum Category: UInt8 {
        case digit, word, space

        func contains(_ scalar: Unicode.Scalar, isASCII: Bool) -> Bool {
            if isASCII, scalar.value >= 0x80 { return false }
            return switch self {
            case .digit: scalar.isDecimal
            case .word: scalar.isWord
            // CPython counts the separators U+001C to U+001F as white space of text, but not of ASCII.
            case .space: isASCII ? scalar == " " || scalar.value &- 9 < 5 : scalar.isSpace
            }
        }
    }

    private var ranges: [ClosedRange<UInt32>] = []
    private var categories: [(category: Category, isNegated: Bool)] = []
    private let flags: RegexFlags
    private var isNegated = false
    /// The members below U+0080, decided once.
    private(set) var asciiMembers: (low: UInt64, high: UInt64) = (0, 0)

    init(flags: RegexFlags) {
        self.flags = flags
    }

    mutating func add(_ range: ClosedRange<UInt32>) {
        ranges.append(range)
        guard flags.contains(.ignoreCase), range.count == 1, let scalar = Unicode.Scalar(range.lowerBound) else {
            return
        }
        let folded = RegexFold.fold(scalar, isASCII: flags.contains(.ascii)).value
        ranges.append(folded...folded)
    }

    mutating func add(_ category: Category, isNegated: Bool) {
        categories.append((category, isNegated))
    }

    /// Ends the building of the set.
    mutating func finish(isNegated: Bool) {
        self.isNegated = isNegated
        ranges.sort { $0.lowerBound < $1.lowerBound }
        var merged: [ClosedRange<UInt32>] = []
        for range in ranges {
            if let last = merged.last, range.lowerBound <= last.upperBound &+ 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        ranges = merged
        for value in UInt8(0)..<64 {
            if decide(Unicode.Scalar(value)) { asciiMembers.low |= 1 << UInt64(value) }
            if decide(Unicode.Scalar(value + 64)) { asciiMembers.high |= 1 << UInt64(value) }
        }
    }

    @inline(__always) func contains(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<64: asciiMembers.low >> UInt64(scalar.value) & 1 == 1
        case 64..<128: asciiMembers.high >> UInt64(scalar.value &- 64) & 1 == 1
        default: decide(scalar)
        }
    }

    private func decide(_ scalar: Unicode.Scalar) -> Bool {
        let isASCII = flags.contains(.ascii)
        var found =
            has(scalar) || categories.contains { $0.category.contains(scalar, isASCII: isASCII) != $0.isNegated }
        if !found, flags.contains(.ignoreCase) {
            let folded = RegexFold.fold(scalar, isASCII: isASCII)
            found =
                has(folded) || has(RegexFold.lower(folded, isASCII: isASCII))
                || has(RegexFold.lower(scalar, isASCII: isASCII))
        }
        return found != isNegated
    }

    private func has(_ scalar: Unicode.Scalar) -> Bool {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar.value { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(scalar.value)
    }
}
