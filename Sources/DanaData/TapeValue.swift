/// A value on a `Tape`, read comfortably: ask for what you expect, get nil when it is something else.
/// It is a position and a reference to the tape, so it is cheap to copy and keeps the tape alive.
public struct TapeValue: Sendable {
    @usableFromInline let storage: TapeStorage
    @usableFromInline let index: Int

    @inlinable init(_ storage: TapeStorage, _ index: Int) {
        self.storage = storage
        self.index = index
    }

    @inlinable public var kind: TapeKind { storage.header(index).kind }

    /// A cursor that walks over this value and ends behind it.
    public func cursor() -> TapeCursor {
        TapeCursor(storage, position: index, end: storage.end(of: index))
    }

    // MARK: Scalars

    public var isNull: Bool { kind == .null }

    public var bool: Bool? { read(.bool) { $0.readBool() } }

    public var int: Int64? { read(.int) { $0.readInt() } }

    /// The value of a double, not of an integer.
    public var double: Double? { read(.double) { $0.readDouble() } }

    public var opaque: UInt32? { read(.opaque) { $0.readOpaque() } }

    /// A text that is Unicode. Text with lone surrogates gives nil; read its bytes with a cursor.
    public var string: String? { read(.string) { $0.readString() } }

    /// Any text; what is no Unicode in it, halves of characters that stand alone, become replacement characters.
    public var text: String? {
        guard kind == .surrogateString else { return string }
        var halves = JoinedText()
        return halves.add(self) + halves.rest()
    }

    /// The bytes of a bytes or byteArray value.
    public var bytes: [UInt8]? {
        guard kind == .bytes || kind == .byteArray else { return nil }
        return rawBytes
    }

    // MARK: Containers

    /// The number of elements, pairs or fields of a container, or of bytes of a text; 0 for others.
    @inlinable public var count: Int {
        let header = storage.header(index)
        return switch header.kind {
        case .string, .surrogateString, .bytes, .byteArray, .path: header.count
        default: header.kind.isContainer ? header.count : 0
        }
    }

    /// The elements of a list, tuple, set or frozenSet; nil for others.
    public var array: TapeElements? {
        switch kind {
        case .list, .tuple, .set, .frozenSet: TapeElements(storage, first: index + 2, count: count)
        default: nil
        }
    }

    /// The pairs of a dict, or the fields of a record, in order; nil for others.
    public var pairs: TapePairs? {
        switch kind {
        case .dict: TapePairs(storage, first: index + 2, count: count)
        case .record: TapePairs(storage, first: storage.end(of: index + 2), count: count)
        default: nil
        }
    }

    /// The parts of any container in the order in which they stand (of a dict: keys and values in turn);
    /// empty for others.
    public var parts: TapeElements {
        let number =
            switch kind {
            case .dict: count * 2
            case .record: count * 2 + 1
            case let kind: kind.isContainer ? count : 0
            }
        return TapeElements(storage, first: index + 2, count: number)
    }

    /// The element of a list, tuple or set at this place; nil when there is none. It walks over the
    /// elements before it: to visit all, use `array`.
    public subscript(position: Int) -> TapeValue? {
        guard position >= 0, let array, position < array.count else { return nil }
        var cursor = TapeCursor(storage, position: index + 2, end: storage.count)
        for _ in 0..<position { cursor.skip() }
        return cursor.value
    }

    /// The value under this text in a dict, or the field of a record with this name; nil when there is
    /// none. Of several equal keys the last one counts.
    public subscript(key: String) -> TapeValue? {
        var position: Int
        switch kind {
        case .dict: position = index + 2
        case .record: position = storage.end(of: index + 2)
        default: return nil
        }
        var key = key
        let found = key.withUTF8 { key -> Int? in
            var found: Int?
            for _ in 0..<count {
                let value = storage.end(of: position)
                if unsafe storage.holdsString(at: position, UnsafeRawBufferPointer(key)) { found = value }
                position = storage.end(of: value)
            }
            return found
        }
        return found.map { TapeValue(storage, $0) }
    }

    // MARK: Below the public face

    /// The bytes of a text, path or bytes value.
    var rawBytes: [UInt8] {
        var cursor = TapeCursor(storage, position: index, end: storage.count)
        return unsafe cursor.readBytes { bytes in unsafe [UInt8](bytes) }
    }

    func read<R>(_ kind: TapeKind, _ body: (inout TapeCursor) -> R) -> R? {
        guard self.kind == kind else { return nil }
        var cursor = TapeCursor(storage, position: index, end: storage.count)
        return body(&cursor)
    }
}

extension TapeValue: Hashable {
    public static func == (left: TapeValue, right: TapeValue) -> Bool {
        let count = left.storage.end(of: left.index) - left.index
        guard count == right.storage.end(of: right.index) - right.index else { return false }
        return (0..<count).allSatisfy { left.storage.word(left.index + $0) == right.storage.word(right.index + $0) }
    }

    public func hash(into hasher: inout Hasher) {
        for position in index..<storage.end(of: index) { hasher.combine(storage.word(position)) }
    }
}
