/// Values by key, up to a weight in all: the least recently used go when there are too many.
struct RecentlyUsed<Key: Hashable, Value> {
    private struct Entry {
        let value: Value
        let weight: Int
        var lastUse: UInt64
    }

    private var entries: [Key: Entry] = [:]
    private var uses: UInt64 = 0
    private var weight = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var count: Int { entries.count }

    /// The value of a key, which is used by this.
    mutating func value(for key: Key) -> Value? {
        uses += 1
        guard let index = entries.index(forKey: key) else { return nil }
        entries.values[index].lastUse = uses
        return entries.values[index].value
    }

    mutating func set(_ value: Value, for key: Key, weight added: Int) {
        uses += 1
        if let old = entries.updateValue(Entry(value: value, weight: added, lastUse: uses), forKey: key) {
            weight -= old.weight
        }
        weight += added
        while weight > limit, entries.count > 1, let oldest = entries.min(by: { $0.value.lastUse < $1.value.lastUse }) {
            entries[oldest.key] = nil
            weight -= oldest.value.weight
        }
    }
}
