/// Finds the word that a misspelt one was meant to be.
public enum Spelling {
    /// The nearest of the candidates, if one is near enough: one slip in a short word, two in one of six letters or more.
    public static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let written = Array(word.utf8)
        guard written.count > 1, written.count < 40 else { return nil }
        let most = written.count < 6 ? 1 : 2
        var best: (slips: Int, word: String)?
        for candidate in candidates {
            let slips = distance(written, Array(candidate.utf8), atMost: most)
            if slips > 0, slips <= most, slips < best?.slips ?? .max { best = (slips, candidate) }
        }
        return best?.word
    }

    /// How many letters were changed, left out, put in or swapped with their neighbour; more than the
    /// most when there are more.
    private static func distance(_ a: [UInt8], _ b: [UInt8], atMost most: Int) -> Int {
        guard abs(a.count - b.count) <= most else { return most + 1 }
        var previous: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                let isSame = a[i] == b[j]
                var cost = min(last[j] + (isSame ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j], !previous.isEmpty {
                    cost = min(cost, previous[j - 1] + 1)
                }
                row.append(cost)
            }
            previous = last
            last = row
        }
        return last[b.count]
    }
}
