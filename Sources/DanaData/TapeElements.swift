/// The elements of a container on a `Tape`, in order.
public struct TapeElements: Sequence, IteratorProtocol, Sendable {
    private var cursor: TapeCursor
    /// How many elements are left.
    public private(set) var count: Int

    init(_ storage: TapeStorage, first: Int, count: Int) {
        cursor = TapeCursor(storage, position: first, end: storage.count)
        self.count = count
    }

    public var underestimatedCount: Int { count }

    public mutating func next() -> TapeValue? {
        guard count > 0 else { return nil }
        count -= 1
        let value = cursor.value
        cursor.skip()
        return value
    }
}
