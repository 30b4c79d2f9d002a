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
        guard text.count > 0 else { return false }
        let (first, length) = TextScalars.decode(text, at: 0)
        return first.startsIdentifier && continuesIdentifier(text.from(length))
    }

    /// Whether a text could stand behind the begin of a name.
    static func continuesIdentifier(_ text: ByteView) -> Bool {
        for scalar in text.scalars where !scalar.continuesIdentifier { return false }
        return true
    }

    static func isUpper(_ text: ByteView) -> Bool { holds(.upper, text) }
    static func isLower(_ text: ByteView) -> Bool { holds(.lower, text) }
    static func isTitle(_ text: ByteView) -> Bool { holds(.title, text) }

    private static func holds(_ wanted: LetterCase.Wanted, _ text: ByteView) -> Bool {
        var letters = LetterCase(wanted)
        return letters.accepts(text) && letters.isFound
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
