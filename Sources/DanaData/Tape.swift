/// One deep value (such as a JSON document, or plain data from Python) as a flat row of words:
/// immutable, cheap to pass around, freed at once however deep it is. A `TapeBuilder` makes it, a
/// `TapeCursor` walks it fast, a `TapeValue` reads it comfortably.
///
/// Two tapes are equal when they hold the same values of the same kinds in the same order. Doubles
/// are compared by their bits: a NaN equals itself and 0.0 differs from -0.0.
public struct Tape: Sendable {
    @usableFromInline let storage: TapeStorage

    init(_ storage: TapeStorage) {
        self.storage = storage
    }

    /// The value at the top.
    public var root: TapeValue { TapeValue(storage, 0) }

    /// A cursor at the beginning.
    @inlinable public func cursor() -> TapeCursor { TapeCursor(storage, position: 0, end: storage.count) }

    /// How many bytes the words of the tape occupy.
    public var byteCount: Int { storage.count * 8 }
}

extension Tape: Hashable {
    public static func == (left: Tape, right: Tape) -> Bool { left.root == right.root }

    public func hash(into hasher: inout Hasher) { hasher.combine(root) }
}

extension Tape: CustomStringConvertible {
    public var description: String { root.description }
}
