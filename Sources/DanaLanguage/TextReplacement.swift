/// `replace`: every place of a text, or the first few, changed for another text. Of `str` and `bytes` alike.
enum TextReplacement {
    /// Writes the haystack with at most `limit` places changed (all when nil), and tells how many were. An empty old
    /// text stands before every unit (a scalar of text, a byte of bytes) and at the end.
    @discardableResult
    static func write<Failure: Error>(
        _ haystack: ByteView, replacing old: ByteView, by new: ByteView, limit: Int?, isText: Bool,
        into sink: inout some ByteSink, charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        var left = limit ?? .max
        guard left > 0 else {
            sink.append(haystack)
            return 0
        }
        var count = 0
        var start = 0
        if old.count == 0 {
            while left > 0 {
                sink.append(new)
                count += 1
                left -= 1
                if count & 63 == 0 { try charge(1 + new.count) }
                guard start < haystack.count else { break }
                let length = isText ? TextScalars.decode(haystack, at: start).length : 1
                sink.append(haystack[start..<start + length])
                start += length
            }
        } else {
            var search = TextSearch(old)
            while left > 0, let place = try search.next(in: haystack, start..<haystack.count, charge: charge) {
                sink.append(haystack[start..<place])
                sink.append(new)
                start = place + old.count
                count += 1
                left -= 1
            }
        }
        sink.append(haystack.from(start))
        return count
    }

    /// How many places `write` changes; the result has `count * (new - old)` more bytes.
    static func count<Failure: Error>(
        _ haystack: ByteView, replacing old: ByteView, limit: Int?, isText: Bool,
        charge: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Int {
        let all = try TextSearch.count(old, in: haystack, 0..<haystack.count, isText: isText, charge: charge)
        return min(all, max(limit ?? .max, 0))
    }
}
