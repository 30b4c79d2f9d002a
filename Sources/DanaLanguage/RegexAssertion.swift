/// What a regular expression asks of a place in the text, without taking a scalar.
enum RegexAssertion: UInt8, Sendable {
    case textStart, textEnd
    /// The end, or before a newline that ends the text.
    case lastLineEnd
    case lineStart, lineEnd
    case wordBoundary, noWordBoundary, asciiWordBoundary, noASCIIWordBoundary

    /// Whether it holds between two scalars of a text, nil where it begins and ends. `isLast` tells whether the next
    /// scalar is the last one.
    func holds(_ previous: Unicode.Scalar?, _ next: Unicode.Scalar?, isLast: Bool) -> Bool {
        switch self {
        case .textStart: previous == nil
        case .textEnd: next == nil
        case .lastLineEnd: next == nil || (next == "\n" && isLast)
        case .lineStart: previous == nil || previous == "\n"
        case .lineEnd: next == nil || next == "\n"
        case .wordBoundary, .asciiWordBoundary: isBoundary(previous, next)
        // In an empty text no place is any boundary or none, as CPython has it.
        case .noWordBoundary, .noASCIIWordBoundary: !(previous == nil && next == nil) && !isBoundary(previous, next)
        }
    }

    private func isBoundary(_ previous: Unicode.Scalar?, _ next: Unicode.Scalar?) -> Bool {
        let isASCII = self == .asciiWordBoundary || self == .noASCIIWordBoundary
        func isWord(_ scalar: Unicode.Scalar?) -> Bool {
            scalar.map { RegexSet.Category.word.contains($0, isASCII: isASCII) } ?? false
        }
        return isWord(previous) != isWord(next)
    }
}
