/// Letters without regard to case, one scalar for one scalar, as regular expressions compare them.
enum RegexFold {
    /// The same for all scalars that differ in case alone: the capital, where there is one.
    static func fold(_ scalar: Unicode.Scalar, isASCII: Bool) -> Unicode.Scalar {
        if scalar.value < 0x80 || isASCII {
            return scalar.value &- 0x61 < 26 ? Unicode.Scalar(UInt8(scalar.value) - 32) : scalar
        }
        let lower = lower(scalar, isASCII: false)
        switch lower {
        // These pairs have the same capitals, of several scalars.
        case "\u{1FD3}": return "\u{390}"
        case "\u{1FE3}": return "\u{3B0}"
        case "\u{FB05}": return "\u{FB06}"
        default:
            let upper = lower.upperMapping.unicodeScalars
            return upper.count == 1 ? upper.first ?? lower : lower
        }
    }

    /// The small letter, of which only the first scalar counts.
    static func lower(_ scalar: Unicode.Scalar, isASCII: Bool) -> Unicode.Scalar {
        if scalar.value < 0x80 || isASCII {
            return scalar.value &- 0x41 < 26 ? Unicode.Scalar(UInt8(scalar.value) + 32) : scalar
        }
        return scalar.lowerMapping.unicodeScalars.first ?? scalar
    }
}
