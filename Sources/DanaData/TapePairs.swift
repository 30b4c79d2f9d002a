/// The keys and values of a dict, or the names and values of a record, on a `Tape`, in order.
public struct TapePairs: Sequence, IteratorProtocol, Sendable {
    private var parts: TapeElements

    init(_ storage: TapeStorage, first: Int, count: Int) {
        parts = TapeElements(storage, first: first, count: count * 2)
    }

    /// How many pairs are left.
    public var count: Int { parts.count / 2 }

    public var underestimatedCount: Int { count }

    public mutating func next() -> (key: TapeValue, value: TapeValue)? {
        guard let key = parts.next(), let value = parts.next() else { return nil }
        return (key, value)
    }
}
