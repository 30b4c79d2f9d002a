/// The matches in a text, one after the other, as `finditer`, `findall`, `split` and `sub` go through them: none
/// overlaps another, and an empty one is not found twice.
struct RegexMatches {
    private let searcher: RegexSearcher
    private var start: Int
    private let end: Int
    private var mustAdvance = false

    init(_ searcher: RegexSearcher, _ range: Range<Int>) {
        self.searcher = searcher
        start = range.lowerBound
        end = range.upperBound
    }

    /// The slots of the next match (`RegexMachine.run`), nil after the last one.
    mutating func next<Failure: Error>(
        in text: ByteView, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> [Int]? {
        guard start <= end,
            let slots = try searcher.run(text, start..<end, .search, mustAdvance: mustAdvance, charge: charge)
        else {
            start = end + 1
            return nil
        }
        mustAdvance = slots[0] == slots[1]
        start = slots[1]
        return slots
    }
}
