/// Questions on a whole text, as the methods of `str` named `is...` answer them. An empty text answers no, but for
/// `isASCII` and `isPrintable`.
enum TextPredicates {
    static func isAlpha(_ text: ByteView) -> Bool { all(text, ascii: isASCIILetter) { $0.isLetter } }
    static func isDecimal(_ text: ByteView) -> Bool { all(text, ascii: isASCIIDigit) { $0.isDecimal } }
    static func isDigit(_ text: ByteView) -> Bool { all(text, ascii: isASCIIDigit) { $0.isDigit } }
    static func isNumeric(_ text: ByteView) -> Bool { all(text, ascii: isASCIIDigit) { $0.isNumeric } }
    static func isAlphanumeric(_ text: ByteView) -> Bool {
        all(text, ascii: { isASCIILetter($0) || isASCIIDigit($0) }, { $0.isAlphanumeric })
    }

    static func isSpace(_ text: ByteView) -> Bool {
        all(text, ascii: { $0 == 0x20 || $0 &- 9 < 5 || $0 &- 0x1C < 4 }, { $0.isSpace })
    }

    static func isPrintable(_ text: ByteView) -> Bool {
        text.count == 0 || all(text, ascii: { $0 &- 0x20 < 0x5F }, { $0.isPrintable })
    }

    static func isIdentifier(_ text: ByteView) -> Bool {
        var reader = text.scalars
        guard let first = reader.next(), first.startsIdentifier else { return false }
        while let scalar = reader.next() {
            guard scalar.continuesIdentifier else { return false }
        }
        return true
    }

    /// At least one capital, and no letter of another case.
    static func isUpper(_ text: ByteView) -> Bool {
        var found = false
        for scalar in text.scalars {
            if scalar.isLower || scalar.isTitle { return false }
            found = found || scalar.isUpper
        }
        return found
    }

    /// At least one small letter, and no letter of another case.
    static func isLower(_ text: ByteView) -> Bool {
        var found = false
        for scalar in text.scalars {
            if scalar.isUpper || scalar.isTitle { return false }
            found = found || scalar.isLower
        }
        return found
    }

    /// Whether every word begins with a capital and goes on with small letters.
    static func isTitle(_ text: ByteView) -> Bool {
        var found = false
        var previousIsCased = false
        for scalar in text.scalars {
            let startsWord = scalar.isUpper || scalar.isTitle
            let isCased = startsWord || scalar.isLower
            if isCased, startsWord == previousIsCased { return false }
            found = found || isCased
            previousIsCased = isCased
        }
        return found
    }

    /// Whether all scalars are what is asked; ASCII is asked by its bytes.
    @inline(__always)
    private static func all(
        _ text: ByteView, ascii: (UInt8) -> Bool, _ holds: (Unicode.Scalar) -> Bool
    ) -> Bool {
        guard text.count > 0 else { return false }
        for (offset, byte) in text.buffer.enumerated() {
            if byte >= 0x80 { return allScalars(text.from(offset), holds) }
            if !ascii(byte) { return false }
        }
        return true
    }

    @inline(never) private static func allScalars(_ text: ByteView, _ holds: (Unicode.Scalar) -> Bool) -> Bool {
        for scalar in text.scalars where !holds(scalar) { return false }
        return true
    }

    @inline(__always) private static func isASCIILetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    @inline(__always) private static func isASCIIDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
}
