/// Values by key, up to a weight in all: the least recently used go when there are too many. A use, an addition and an end
/// take the same time however many there are.
struct RecentlyUsed<Key: Hashable, Value> {
    /// One of the row from the least to the most recently used, which is linked by places.
    private struct Entry {
        let key: Key
        var value: Value
        var weight: Int
        var older: Int?
        var newer: Int?
    }

    private var places: [Key: Int] = [:]
    /// Nil where a place is free.
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var oldest: Int?
    private var newest: Int?
    private var weight = 0
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var count: Int { places.count }

    /// The value of a key, which is used by this.
    mutating func value(for key: Key) -> Value? {
        guard let place = places[key] else { return nil }
        if place != newest {
            unlink(place)
            link(place)
        }
        return entries[place]?.value
    }

    mutating func set(_ value: Value, for key: Key, weight added: Int) {
        if let known = places[key] { remove(known) }
        let place = free.popLast() ?? entries.count
        if place == entries.count { entries.append(nil) }
        entries[place] = Entry(key: key, value: value, weight: added)
        places[key] = place
        link(place)
        weight += added
        while weight > limit, let oldest, oldest != place { remove(oldest) }
    }

    private mutating func remove(_ place: Int) {
        guard let entry = entries[place] else { return }
        unlink(place)
        places[entry.key] = nil
        entries[place] = nil
        free.append(place)
        weight -= entry.weight
    }

    /// Makes one the newest that is in no row.
    private mutating func link(_ place: Int) {
        entries[place]?.older = newest
        if let newest { entries[newest]?.newer = place } else { oldest = place }
        newest = place
    }

    private mutating func unlink(_ place: Int) {
        let (older, newer) = (entries[place]?.older, entries[place]?.newer)
        if let older { entries[older]?.newer = newer } else { oldest = newer }
        if let newer { entries[newer]?.older = older } else { newest = older }
        entries[place]?.older = nil
        entries[place]?.newer = nil
    }
}
