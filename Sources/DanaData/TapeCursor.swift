/// Walks over a `Tape` node by node. It stands before a node, says its `kind`, and a `read...` of
/// that kind gives the value and moves behind it. `enter()` moves into a container, whose elements
/// follow; behind the last one the cursor is behind the container.
///
/// Reading a node as another kind, and reading past the end, are mistakes of the calling code and
/// stop the program; ask `kind` and `isAtEnd` first.
public struct TapeCursor: Sendable {
    @usableFromInline let storage: TapeStorage
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable @inline(__always) init(_ storage: TapeStorage, position: Int, end: Int) {
        self.storage = storage
        self.position = position
        self.end = end
    }

    /// Whether nothing is left to read.
    @inlinable @inline(__always) public var isAtEnd: Bool { position >= end }

    /// The kind of the node before which the cursor stands.
    @inlinable @inline(__always) public var kind: TapeKind { header.kind }

    /// The node before which the cursor stands, as a value of its own.
    @inlinable @inline(__always) public var value: TapeValue { TapeValue(storage, position) }

    /// The number of elements, pairs or fields of a container, or of bytes of a text; 0 for others.
    @inlinable @inline(__always) public var count: Int { value.count }

    /// Moves behind the node without reading it. A container is skipped in one step.
    @inlinable @inline(__always) public mutating func skip() {
        position = storage.end(of: position)
    }

    @inlinable @inline(__always) public mutating func readNull() {
        _ = take(.null)
        position &+= 1
    }

    @inlinable @inline(__always) public mutating func readBool() -> Bool {
        let header = take(.bool)
        position &+= 1
        return header.count != 0
    }

    @inlinable @inline(__always) public mutating func readInt() -> Int64 {
        let header = take(.int)
        if header.variant {
            position &+= 2
            return Int64(bitPattern: storage.word(position &- 1))
        }
        position &+= 1
        return header.signed
    }

    @inlinable @inline(__always) public mutating func readDouble() -> Double {
        _ = take(.double)
        position &+= 2
        return Double(bitPattern: storage.word(position &- 1))
    }

    @inlinable @inline(__always) public mutating func readOpaque() -> UInt32 {
        let header = take(.opaque)
        position &+= 1
        return UInt32(truncatingIfNeeded: header.count)
    }

    /// Whether the text before which the cursor stands is a string of ASCII bytes alone.
    @inlinable @inline(__always) public var isASCII: Bool {
        let header = header
        return header.kind == .string && header.variant
    }

    /// Whether the path before which the cursor stands has lone surrogates.
    @inlinable @inline(__always) public var hasSurrogates: Bool {
        let header = header
        return header.kind == .surrogateString || (header.kind == .path && header.variant)
    }

    /// Reads a text as UTF-8. The buffer is valid during `body`.
    @inlinable @inline(__always) public mutating func readString<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try unsafe readBytes(take(.string), body)
    }

    @inlinable @inline(__always) public mutating func readString() -> String {
        unsafe readString { utf8 in unsafe String(decoding: utf8, as: UTF8.self) }
    }

    /// Reads the bytes of a string, surrogateString, bytes, byteArray or path as they stand.
    @inlinable @inline(__always) public mutating func readBytes<R, E: Error>(
        _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let header = header
        switch header.kind {
        case .string, .surrogateString, .bytes, .byteArray, .path: return try unsafe readBytes(header, body)
        default: preconditionFailure("a node of a tape was read as bytes, but holds none")
        }
    }

    /// Moves into a container, before its first element; returns how many elements, pairs (dict) or
    /// fields (record, behind its type) follow.
    @inlinable @inline(__always) public mutating func enter() -> Int {
        let header = header
        precondition(header.kind.isContainer, "a node of a tape was entered, but is no container")
        position &+= 2
        return header.count
    }

    @inlinable @inline(__always) var header: TapeHeader {
        precondition(position < end, "read past the end of a tape")
        return TapeHeader(bits: storage.word(position))
    }

    @inlinable @inline(__always) func take(_ kind: TapeKind) -> TapeHeader {
        let header = header
        precondition(header.kind == kind, "a node of a tape was read as another kind than it is")
        return header
    }

    @inlinable @inline(__always) mutating func readBytes<R, E: Error>(
        _ header: TapeHeader, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let start = position &+ 1
        position = start &+ TapeStorage.words(forBytes: header.count)
        return try unsafe storage.withBytes(at: start, count: header.count, body)
    }
}
