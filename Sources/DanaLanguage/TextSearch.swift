/// Where a text stands in another: `find`, `rfind`, `count`, `in`, in time linear in both. Of `str` and `bytes` alike.
///
/// A search takes the needle once; `next` then finds it in any part of a haystack. It looks for the needle's first
/// byte and compares, as long as that advances well; when comparisons go on in vain it changes to the two-way
/// algorithm, whose steps are at most two a byte. `steps` tells how many bytes were looked at.
///
/// An empty needle is found at once where the search begins; `count`, `replace` and `split` have rules of their own
/// for it.
struct TextSearch {
    let needle: ByteView
    let isReversed: Bool
    private(set) var steps = 0
    private var factors: Factors?
    /// Bytes looked at that are not charged yet.
    private var uncharged = 0

    private static let portion = 1 << 16

    /// `isReversed` finds the last place instead of the first.
    init(_ needle: ByteView, isReversed: Bool = false) {
        self.needle = needle
        self.isReversed = isReversed
    }

    /// As `next`, with work charged before it goes on for long: a tick for 64 bytes.
    mutating func next<Failure: Error>(
        in haystack: ByteView, _ range: Range<Int>, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Int? {
        let overlap = max(needle.count - 1, 0)
        let portion = max(TextSearch.portion, 4 * overlap)
        var rest = range
        while true {
            let part: Range<Int>
            if isReversed {
                part = max(rest.lowerBound, rest.upperBound - portion - overlap)..<rest.upperBound
            } else {
                part = rest.lowerBound..<min(rest.upperBound, rest.lowerBound + portion + overlap)
            }
            let found = next(in: haystack, part)
            uncharged += found.map { isReversed ? part.upperBound - $0 : $0 - part.lowerBound } ?? part.count
            uncharged += 8
            if uncharged >= TextSearch.portion {
                try charge(uncharged >> 6)
                uncharged = 0
            }
            if let found { return found }
            if part.count == rest.count { return nil }
            rest =
                isReversed
                ? rest.lowerBound..<(part.lowerBound + overlap) : (part.upperBound - overlap)..<rest.upperBound
        }
    }

    /// The first place of the needle in the range, or the last when reversed; it must fit in whole.
    mutating func next(in haystack: ByteView, _ range: Range<Int>) -> Int? {
        let room = range.count - needle.count
        guard room >= 0 else { return nil }
        guard needle.count > 0 else { return isReversed ? range.upperBound : range.lowerBound }
        if factors != nil { return twoWay(haystack, range) }
        // A comparison in vain is paid for by the bytes skipped so far, and by a small loan.
        var budget = 64
        let part = haystack[range]
        let edge = needle[isReversed ? needle.count - 1 : 0]
        // Forward, where the search goes on; reversed, before which place the needle's last byte is looked for.
        var place = isReversed ? part.count : 0
        while budget >= 0 {
            let start = place
            if isReversed {
                guard let last = part.last(edge, before: place), last + 1 >= needle.count else { return nil }
                if part.has(needle, at: last + 1 - needle.count) { return range.lowerBound + last + 1 - needle.count }
                place = last
            } else {
                guard let first = part.first(edge, from: place), first <= room else { return nil }
                if part.has(needle, at: first) { return range.lowerBound + first }
                place = first + 1
            }
            let advance = abs(place - start)
            steps += advance + needle.count
            budget += advance - needle.count / 4
        }
        factors = Factors(needle, isReversed: isReversed)
        steps += 2 * needle.count
        let middle = range.lowerBound + place
        return twoWay(haystack, isReversed ? range.lowerBound..<middle : middle..<range.upperBound)
    }

    private mutating func twoWay(_ haystack: ByteView, _ range: Range<Int>) -> Int? {
        guard let factors, range.count >= needle.count else { return nil }
        let size = needle.count
        func wanted(_ index: Int) -> UInt8 { needle[isReversed ? size - 1 - index : index] }
        func found(_ index: Int) -> UInt8 {
            haystack[isReversed ? range.upperBound - 1 - index : range.lowerBound + index]
        }
        var place = 0
        // How much of the needle's beginning is known to match, when the needle is periodic.
        var memory = 0
        while place + size <= range.count {
            var index = max(factors.cut, memory)
            while index < size, wanted(index) == found(place + index) { index += 1 }
            steps += index - max(factors.cut, memory) + 1
            guard index == size else {
                place += index - factors.cut + 1
                memory = 0
                continue
            }
            index = factors.cut
            while index > memory, wanted(index - 1) == found(place + index - 1) { index -= 1 }
            steps += factors.cut - index + 1
            if index <= memory { return isReversed ? range.upperBound - place - size : range.lowerBound + place }
            place += factors.period
            memory = factors.isPeriodic ? size - factors.period : 0
        }
        return nil
    }

    /// The critical cut of a needle, and its period or a shift that is safe.
    private struct Factors {
        let cut: Int
        let period: Int
        let isPeriodic: Bool

        init(_ needle: ByteView, isReversed: Bool) {
            let size = needle.count
            func byte(_ index: Int) -> UInt8 { needle[isReversed ? size - 1 - index : index] }
            /// The greatest suffix by one order of the bytes, and its period.
            func greatestSuffix(_ isGreater: (UInt8, UInt8) -> Bool) -> (start: Int, period: Int) {
                var (start, candidate, offset, period) = (0, 1, 0, 1)
                while candidate + offset < size {
                    let (left, right) = (byte(candidate + offset), byte(start + offset))
                    if isGreater(right, left) {
                        candidate += offset + 1
                        offset = 0
                        period = candidate - start
                    } else if left == right {
                        offset += 1
                        if offset == period {
                            candidate += period
                            offset = 0
                        }
                    } else {
                        start = candidate
                        candidate += 1
                        (offset, period) = (0, 1)
                    }
                }
                return (start, period)
            }
            let up = greatestSuffix { $0 > $1 }
            let down = greatestSuffix { $0 < $1 }
            let best = up.start >= down.start ? up : down
            cut = best.start
            var matches = best.start + best.period <= size
            var index = 0
            while matches, index < best.start {
                matches = byte(index) == byte(index + best.period)
                index += 1
            }
            isPeriodic = matches
            period = matches ? best.period : max(best.start, size - best.start) + 1
        }
    }

    // MARK: Whole searches

    /// Where the needle first stands in a part of the haystack.
    static func first<Failure: Error>(
        _ needle: ByteView, in haystack: ByteView, _ range: Range<Int>, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Int? {
        var search = TextSearch(needle)
        return try search.next(in: haystack, range, charge: charge)
    }

    /// Where the needle last stands in a part of the haystack.
    static func last<Failure: Error>(
        _ needle: ByteView, in haystack: ByteView, _ range: Range<Int>, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Int? {
        var search = TextSearch(needle, isReversed: true)
        return try search.next(in: haystack, range, charge: charge)
    }

    /// How often the needle stands in a part of the haystack, side by side. An empty needle stands before every unit
    /// (a scalar of text, a byte of bytes) and at the end.
    static func count<Failure: Error>(
        _ needle: ByteView, in haystack: ByteView, _ range: Range<Int>, isText: Bool,
        charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        guard needle.count > 0 else {
            return (isText ? TextScalars.count(haystack[range]) : range.count) + 1
        }
        var search = TextSearch(needle)
        var count = 0
        var start = range.lowerBound
        while let place = try search.next(in: haystack, start..<range.upperBound, charge: charge) {
            count += 1
            start = place + needle.count
        }
        return count
    }
}
