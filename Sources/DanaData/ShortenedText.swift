extension String {
    /// Its beginning of at most so many bytes, never a part of a code point; "..." stands for what was left out.
    public func shortened(toBytes limit: Int) -> String {
        guard var end = utf8.index(startIndex, offsetBy: max(0, limit), limitedBy: endIndex), end < endIndex else {
            return self
        }
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return "\(self[..<end])..."
    }
}
