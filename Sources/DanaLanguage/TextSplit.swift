/// The parts of a text that `split` and `rsplit` give, one at a time as ranges of its bytes. Of `str` and `bytes` alike.
///
/// `rsplit` gives the last part first. `count` tells how many parts there are.
struct TextSplit: Sequence, IteratorProtocol {
    private enum Separator {
        case space
        case text(TextSearch)
    }

    private let text: ByteView
    private let isText: Bool
    private let fromRight: Bool
    private var separator: Separator
    /// What is not given yet; nil after the last part.
    private var rest: Range<Int>?
    private var left: Int

    /// Without a separator the text is split at runs of white space, and empty parts are left out. A separator must
    /// not be empty. `limit` is the greatest number of splits, all when nil.
    init(_ text: ByteView, separator: ByteView?, limit: Int?, fromRight: Bool = false, isText: Bool) {
        self.text = text
        self.isText = isText
        self.fromRight = fromRight
        self.separator = separator.map { .text(TextSearch($0, isReversed: fromRight)) } ?? .space
        rest = 0..<text.count
        left = Swift.max(limit ?? .max, 0)
    }

    static func count(
        _ text: ByteView, separator: ByteView?, limit: Int?, fromRight: Bool = false, isText: Bool
    ) -> Int {
        var parts = TextSplit(text, separator: separator, limit: limit, fromRight: fromRight, isText: isText)
        var count = 0
        while parts.next() != nil { count += 1 }
        return count
    }

    mutating func next() -> Range<Int>? {
        switch separator {
        case .space: return fromRight ? previousWord() : nextWord()
        case .text(var search):
            guard let range = rest else { return nil }
            guard left > 0, let place = search.next(in: text, range) else {
                rest = nil
                return range
            }
            left -= 1
            separator = .text(search)
            let end = place + search.needle.count
            rest = fromRight ? range.lowerBound..<place : end..<range.upperBound
            return fromRight ? end..<range.upperBound : range.lowerBound..<place
        }
    }

    private mutating func nextWord() -> Range<Int>? {
        guard let range = rest else { return nil }
        let start = TextTrim.start(text[range], isText: isText) + range.lowerBound
        guard start < range.upperBound else {
            rest = nil
            return nil
        }
        guard left > 0 else {
            rest = nil
            return start..<range.upperBound
        }
        left -= 1
        var end = start
        while end < range.upperBound {
            let (scalar, length) = unit(at: end)
            if TextTrim.isSpace(scalar, isText: isText) { break }
            end += length
        }
        rest = end..<range.upperBound
        return start..<end
    }

    private mutating func previousWord() -> Range<Int>? {
        guard let range = rest else { return nil }
        let end = TextTrim.end(text[range], isText: isText) + range.lowerBound
        guard end > range.lowerBound else {
            rest = nil
            return nil
        }
        guard left > 0 else {
            rest = nil
            return range.lowerBound..<end
        }
        left -= 1
        var start = end
        while start > range.lowerBound {
            let (scalar, length) = unit(before: start)
            if TextTrim.isSpace(scalar, isText: isText) { break }
            start -= length
        }
        rest = range.lowerBound..<start
        return start..<end
    }

    @inline(__always) private func unit(at offset: Int) -> (scalar: Unicode.Scalar, length: Int) {
        isText ? TextScalars.decode(text, at: offset) : (Unicode.Scalar(text[offset]), 1)
    }

    @inline(__always) private func unit(before offset: Int) -> (scalar: Unicode.Scalar, length: Int) {
        isText ? TextScalars.decode(text, before: offset) : (Unicode.Scalar(text[offset - 1]), 1)
    }
}
