/// What Unicode says of a scalar, as CPython 3.11 answers it: by Unicode 14, whichever version the standard library
/// has. A scalar that came later is unassigned; the few scalars whose properties changed since are named here.
extension Unicode.Scalar {
    /// Whether Unicode 14 has the scalar.
    private var isKnown: Bool {
        guard let age = properties.age else { return true }
        return age.major <= 14
    }

    /// The general category; unassigned for a scalar that came after Unicode 14.
    private var category: Unicode.GeneralCategory { isKnown ? properties.generalCategory : .unassigned }

    var isLetter: Bool {
        if value < 0x80 { return (value | 0x20) &- 0x61 < 26 }
        switch category {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    /// The value of a decimal digit of any script.
    var decimalValue: UInt8? {
        if value < 0x80 { return value &- 0x30 < 10 ? UInt8(truncatingIfNeeded: value &- 0x30) : nil }
        guard isKnown, properties.numericType == .decimal, let digit = properties.numericValue else { return nil }
        return UInt8(exactly: digit)
    }

    var isDecimal: Bool { decimalValue != nil }

    /// A decimal digit, or a digit in a special form such as a superscript.
    var isDigit: Bool {
        if value < 0x80 { return value &- 0x30 < 10 }
        guard isKnown, let type = properties.numericType else { return false }
        return type == .decimal || type == .digit
    }

    /// Whether the scalar stands for a number: a digit, a fraction, a number of many scripts.
    var isNumeric: Bool {
        if value < 0x80 { return value &- 0x30 < 10 }
        switch value {
        case 0x4E24, 0x4EAC, 0x4FE9, 0x5006, 0x62D0, 0x6D1E, 0x7695, 0x79ED, 0x920E, 0x94A9, 0x12038, 0x12039, 0x12079,
            0x12226, 0x1222B, 0x1230B, 0x1230D, 0x12399:
            return false
        default: return isKnown && properties.numericType != nil
        }
    }

    var isAlphanumeric: Bool { isLetter || isNumeric }

    var isSpace: Bool {
        if value < 0x80 { return value == 0x20 || value &- 9 < 5 || value &- 0x1C < 4 }
        return properties.isWhitespace
    }

    /// Whether `repr` shows the scalar as itself.
    var isPrintable: Bool {
        if value < 0x7F { return value >= 0x20 }
        switch category {
        case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
            .paragraphSeparator:
            return false
        default: return true
        }
    }

    var isUpper: Bool {
        if value < 0x80 { return value &- 0x41 < 26 }
        return isKnown && properties.isUppercase
    }

    var isLower: Bool {
        if value < 0x80 { return value &- 0x61 < 26 }
        switch value {
        case 0x295: return true
        case 0x10FC, 0xA7F2...0xA7F4, 0xAB69: return false
        default: return isKnown && properties.isLowercase
        }
    }

    /// Whether the scalar is a capital joined with a small letter, such as U+01C5.
    var isTitle: Bool { value >= 0x80 && properties.generalCategory == .titlecaseLetter }

    /// Whether the scalar has a case: upper, lower or title.
    var isCasedLetter: Bool { isUpper || isLower || isTitle }

    /// Whether the scalar, such as an apostrophe or an accent, does not part a word where its letters' case is
    /// considered.
    var isIgnoredByCase: Bool { value == 0x1171E || (isKnown && properties.isCaseIgnorable) }

    var startsIdentifier: Bool {
        if value < 0x80 { return isLetter || value == 0x5F }
        return isKnown && properties.isXIDStart
    }

    var continuesIdentifier: Bool {
        if value < 0x80 { return isLetter || value == 0x5F || value &- 0x30 < 10 }
        switch value {
        case 0x200C, 0x200D, 0x30FB, 0xFF65: return false
        default: return isKnown && properties.isXIDContinue
        }
    }

    /// A letter, digit or underscore, as regular expressions' `\w` has it.
    var isWord: Bool { value == 0x5F || isAlphanumeric }

    // MARK: Mappings

    /// Whether case mappings leave the scalar alone: it is unassigned in Unicode 14, or its capital is.
    private var hasNoMapping: Bool {
        switch value {
        case 0x19B, 0x264, 0xA7D3, 0xA7D5: return true
        default: return !isKnown
        }
    }

    var upperMapping: String { hasNoMapping ? String(self) : properties.uppercaseMapping }
    var lowerMapping: String { hasNoMapping ? String(self) : properties.lowercaseMapping }
    var titleMapping: String { hasNoMapping ? String(self) : properties.titlecaseMapping }

    /// The form for comparisons that ignore case: the small letters of the capitals, but capitals for Cherokee.
    var foldMapping: String {
        switch value {
        case 0x131: return String(self)
        case 0x1E9E: return "ss"
        case 0x13A0...0x13FD, 0xAB70...0xABBF: return upperMapping
        default: return upperMapping.unicodeScalars.reduce(into: "") { $0 += $1.lowerMapping }
        }
    }
}
