/// The host's objects that a context's programs hold, by number. An object has one number while it is held, and is
/// held once for each handle that was made of it.
struct HostObjectTable {
    private struct Entry {
        let object: any HostObject
        var handles: Int
    }

    private var entries: [UInt64: Entry] = [:]
    private var numbers: [UInt: UInt64] = [:]
    private var last: UInt64 = 0
    /// The one that was asked for last: programs mostly ask for it again.
    private var latest: (number: UInt64, object: any HostObject)?

    /// Holds an object once more.
    mutating func hold(_ object: any HostObject) -> UInt64 {
        if let number = numbers[object.identity] {
            entries[number]?.handles += 1
            return number
        }
        last += 1
        entries[last] = Entry(object: object, handles: 1)
        numbers[object.identity] = last
        return last
    }

    /// A handle of the object is gone; gives the object when that was the last, so that the caller drops it when it
    /// is safe to.
    mutating func release(_ number: UInt64) -> (any HostObject)? {
        guard var entry = entries[number] else { return nil }
        entry.handles -= 1
        if entry.handles > 0 {
            entries[number] = entry
            return nil
        }
        entries[number] = nil
        if latest?.number == number { latest = nil }
        numbers[entry.object.identity] = nil
        return entry.object
    }

    /// The object of a number.
    mutating func object(_ number: UInt64) -> (any HostObject)? {
        if let latest, latest.number == number { return latest.object }
        guard let object = entries[number]?.object else { return nil }
        latest = (number, object)
        return object
    }

    /// Holds an object under the number that it had when the context was saved, for as long as the context lives: how many
    /// handles are left of it nobody knows.
    mutating func restore(_ object: any HostObject, _ number: UInt64) {
        entries[number] = Entry(object: object, handles: .max >> 1)
        numbers[object.identity] = number
        last = max(last, number)
    }

    /// One of the objects, of other numbers than these.
    func any(but known: Set<UInt64>) -> (any HostObject)? { entries.first { !known.contains($0.key) }?.value.object }

    var count: Int { entries.count }
}
