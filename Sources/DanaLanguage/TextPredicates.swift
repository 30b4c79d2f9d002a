/// Questions on a whole text, as the methods of `str` named `is...` answer them. An empty text answers no, but for
/// `isASCII` and `isPrintable`.
enum TextPredicates {
    static func isAlpha(_ text: ByteView) -> Bool { all(text) { $0.isLetter } }
    static func isDecimal(_ text: ByteView) -> Bool { all(text) { $0.isDecimal } }
    static func isDigit(_ text: ByteView) -> Bool { all(text) { $0.isDigit } }
    static func isNumeric(_ text: ByteView) -> Bool { all(text) { $0.isNumeric } }
    static func isAlphanumeric(_ text: ByteView) -> Bool { all(text) { $0.isAlphanumeric } }
    static func isSpace(_ text: ByteView) -> Bool { all(text) { $0.isSpace } }
    static func isPrintable(_ text: ByteView) -> Bool { text.count == 0 || all(text) { $0.isPrintable } }

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

    private static func all(_ text: ByteView, _ holds: (Unicode.Scalar) -> Bool) -> Bool {
        guard text.count > 0 else { return false }
        for scalar in text.scalars where !holds(scalar) { return false }
        return true
    }
}
