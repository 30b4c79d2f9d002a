/// The patterns an interpreter compiled last with what it learned of them, so that a loop compiles its pattern once.
struct RegexCache {
    struct Key: Hashable {
        let pattern: String
        let flags: UInt8
    }

    private static let capacity = 32
    /// Patterns longer than this are compiled each time.
    private static let longestPattern = 4096

    private var searchers: [Key: RegexSearcher] = [:]

    func searcher(for key: Key) -> RegexSearcher? { searchers[key] }

    mutating func keep(_ searcher: RegexSearcher, for key: Key) {
        guard key.pattern.utf8.count <= RegexCache.longestPattern else { return }
        if searchers.count == RegexCache.capacity { searchers.removeAll(keepingCapacity: true) }
        searchers[key] = searcher
    }
}
