/// Makes a `Tape` by appending nodes in order. A container is opened with `begin...`, filled by
/// appending, and closed with `end()`; how many elements it has is counted, never promised.
///
/// Leaving out an `end()`, closing what is not open, and giving a container parts that do not fit
/// it (a dict with a key but no value) are mistakes of the calling code and stop the program, so a
/// tape that exists is well formed. A builder that is dropped half-way frees what it holds.
public struct TapeBuilder: ~Copyable, @unchecked Sendable {
    // Safe to send because a builder cannot be copied and owns its words alone.
    @usableFromInline var words: UnsafeMutablePointer<UInt64>
    @usableFromInline var count = 0
    @usableFromInline var capacity: Int
    /// Where the innermost open container begins; -1 outside of all containers. While a container
    /// is open, its first word holds `children` and its second word `open` of the one around it.
    @usableFromInline var open = -1
    /// How many nodes were appended to the innermost open container, or at the top.
    @usableFromInline var children = 0

    /// A builder with room for `minimumCapacity` words before it must grow.
    @inlinable public init(minimumCapacity: Int = 64) {
        capacity = max(minimumCapacity, 8)
        unsafe words = .allocate(capacity: capacity)
    }

    deinit {
        unsafe words.deallocate()
    }

    /// The tape, which must be one whole node.
    public consuming func finish() -> Tape {
        precondition(open < 0, "a container of the tape was not ended")
        precondition(children == 1, "a tape holds exactly one value at the top")
        let storage = unsafe TapeStorage(adopting: words, count: count)
        discard self
        return Tape(storage)
    }

    // MARK: Scalars

    @inlinable @inline(__always) public mutating func appendNull() {
        push(TapeHeader(.null).bits)
        children &+= 1
    }

    @inlinable @inline(__always) public mutating func appendBool(_ value: Bool) {
        push(TapeHeader(.bool, payload: value ? 1 : 0).bits)
        children &+= 1
    }

    @inlinable @inline(__always) public mutating func appendInt(_ value: Int64) {
        let short = TapeHeader(.int, payload: Int(truncatingIfNeeded: value))
        if short.signed == value {
            push(short.bits)
        } else {
            push(TapeHeader(.int, variant: true).bits, UInt64(bitPattern: value))
        }
        children &+= 1
    }

    @inlinable @inline(__always) public mutating func appendDouble(_ value: Double) {
        push(TapeHeader(.double).bits, value.bitPattern)
        children &+= 1
    }

    /// An object that the user of the tape holds under this number.
    @inlinable @inline(__always) public mutating func appendOpaque(index: UInt32) {
        push(TapeHeader(.opaque, payload: Int(index)).bits)
        children &+= 1
    }

    // MARK: Text and bytes

    /// Text as UTF-8. Bytes that are not UTF-8 are kept and read back as replacement characters.
    @inlinable @inline(__always) public mutating func appendString(utf8: UnsafeRawBufferPointer) {
        unsafe appendBytes(utf8, kind: .string)
    }

    @inlinable @inline(__always) public mutating func appendString(_ value: String) {
        var value = value
        value.withUTF8 { utf8 in unsafe appendString(utf8: UnsafeRawBufferPointer(utf8)) }
    }

    /// Text with lone surrogates, as generalised UTF-8: a surrogate stands as three bytes ED Ax/Bx xx.
    @inlinable @inline(__always) public mutating func appendSurrogateString(wtf8: UnsafeRawBufferPointer) {
        unsafe appendBytes(wtf8, kind: .surrogateString)
    }

    /// An immutable sequence of bytes.
    @inlinable @inline(__always) public mutating func appendBytes(_ bytes: UnsafeRawBufferPointer) {
        unsafe appendBytes(bytes, kind: .bytes)
    }

    /// A sequence of bytes that its receiver may change.
    @inlinable @inline(__always) public mutating func appendByteArray(_ bytes: UnsafeRawBufferPointer) {
        unsafe appendBytes(bytes, kind: .byteArray)
    }

    /// The text of a path as UTF-8, or as generalised UTF-8 when it has lone surrogates.
    @inlinable @inline(__always) public mutating func appendPath(
        utf8: UnsafeRawBufferPointer, hasSurrogates: Bool = false
    ) {
        unsafe appendBytes(utf8, kind: .path, variant: hasSurrogates)
    }

    // MARK: Containers

    @inlinable public mutating func beginList() { begin(.list) }
    @inlinable public mutating func beginTuple() { begin(.tuple) }
    @inlinable public mutating func beginSet() { begin(.set) }
    @inlinable public mutating func beginFrozenSet() { begin(.frozenSet) }

    /// Append a key and its value in turn, then `end()`. A key may be of any kind and may repeat.
    @inlinable public mutating func beginDict() { begin(.dict) }

    /// Append start, stop and step, then `end()`.
    @inlinable public mutating func beginRange() { begin(.range) }

    /// Append what the type is (its name, or an opaque object), then name and value of each field.
    @inlinable public mutating func beginRecord() { begin(.record) }

    /// Append what the type is (its name, or an opaque object), the name of the case, its value.
    @inlinable public mutating func beginEnumCase() { begin(.enumCase) }

    /// Closes the innermost open container.
    @inlinable public mutating func end() {
        precondition(open >= 0, "end() of a tape without a container to end")
        let start = open
        // Safe because `open` is the position of a header and its second word, both written.
        let header = unsafe TapeHeader(bits: words[start])
        unsafe open = Int(truncatingIfNeeded: Int64(bitPattern: words[start &+ 1]))
        let size = TapeBuilder.size(of: header.kind, children: children)
        unsafe words[start] = TapeHeader(header.kind, payload: size).bits
        unsafe words[start &+ 1] = UInt64(truncatingIfNeeded: count &- start)
        children = header.count &+ 1
    }

    /// Appends a copy of a value of a finished tape.
    public mutating func append(_ value: TapeValue) {
        let end = value.storage.end(of: value.index)
        let size = end &- value.index
        reserve(size)
        // Safe because the node lies inside its tape and room for it was reserved.
        unsafe (words + count).update(from: value.storage.base + value.index, count: size)
        withExtendedLifetime(value.storage) {}
        count &+= size
        children &+= 1
    }

    // MARK: Below the public face

    /// How a container with this many nodes in it counts them.
    @inlinable static func size(of kind: TapeKind, children: Int) -> Int {
        switch kind {
        case .dict:
            precondition(children & 1 == 0, "a dict on a tape ended after a key without its value")
            return children &>> 1
        case .record:
            precondition(children & 1 == 1, "a record on a tape needs its type, then names and values in turn")
            return children &>> 1
        case .range, .enumCase:
            precondition(children == 3, "a range or an enum case on a tape has exactly three parts")
            return 3
        default:
            return children
        }
    }

    @inlinable @inline(__always) mutating func begin(_ kind: TapeKind) {
        let start = count
        push(
            TapeHeader(kind, payload: children).bits,
            UInt64(bitPattern: Int64(open)))
        open = start
        children = 0
    }

    @inlinable @inline(__always) mutating func reserve(_ needed: Int) {
        if capacity &- count < needed { grow(by: needed) }
    }

    @usableFromInline @inline(never) mutating func grow(by needed: Int) {
        let larger = max(capacity * 2, count + needed)
        let copy = UnsafeMutablePointer<UInt64>.allocate(capacity: larger)
        // Safe because the first `count` words are initialised and the copy has room for them.
        unsafe copy.initialize(from: words, count: count)
        unsafe words.deallocate()
        unsafe words = copy
        capacity = larger
    }

    @inlinable @inline(__always) mutating func push(_ word: UInt64) {
        reserve(1)
        // Safe because room for the word was reserved.
        unsafe words[count] = word
        count &+= 1
    }

    @inlinable @inline(__always) mutating func push(_ first: UInt64, _ second: UInt64) {
        reserve(2)
        // Safe because room for both words was reserved.
        unsafe words[count] = first
        unsafe words[count &+ 1] = second
        count &+= 2
    }

    @usableFromInline mutating func appendBytes(
        _ bytes: UnsafeRawBufferPointer, kind: TapeKind, variant: Bool = false
    ) {
        let needed = TapeStorage.words(forBytes: bytes.count)
        reserve(1 &+ needed)
        let seen = unsafe TapeBuilder.copy(bytes, to: words + count + 1)
        let isASCII = kind == .string && seen & 0x8080_8080_8080_8080 == 0
        unsafe words[count] = TapeHeader(kind, variant: variant || isASCII, payload: bytes.count).bits
        count &+= 1 &+ needed
        children &+= 1
    }

    /// Copies bytes into words, the last one padded with zeros; returns all words or-ed together.
    @inlinable @inline(__always) static func copy(
        _ bytes: UnsafeRawBufferPointer, to words: UnsafeMutablePointer<UInt64>
    ) -> UInt64 {
        let count = bytes.count
        guard count > 0, let source = bytes.baseAddress else { return 0 }
        // Safe because every load stays inside `bytes` and every store inside the room reserved for them.
        var seen: UInt64 = 0
        let whole = count &>> 3
        var index = 0
        while index < whole {
            let word = unsafe source.loadUnaligned(fromByteOffset: index &<< 3, as: UInt64.self)
            unsafe words[index] = word
            seen |= word
            index &+= 1
        }
        let rest = count & 7
        if rest > 0 {
            let tail = unsafe TapeBuilder.tail(of: source, count: count, rest: rest)
            unsafe words[whole] = tail
            seen |= tail
        }
        return seen
    }

    /// The last `rest` (1 to 7) of `count` bytes as a word padded with zeros. Loads that overlap take
    /// the place of a loop over the bytes.
    @inlinable @inline(__always) static func tail(of source: UnsafeRawPointer, count: Int, rest: Int) -> UInt64 {
        // Safe because every load begins at or after the first byte and ends at or before the last one.
        func load<Word: FixedWidthInteger>(_ offset: Int, _: Word.Type) -> UInt64 {
            unsafe UInt64(Word(littleEndian: source.loadUnaligned(fromByteOffset: offset, as: Word.self)))
        }
        let word: UInt64 =
            if count >= 8 {
                load(count &- 8, UInt64.self) &>> UInt64(64 &- rest &* 8)
            } else if rest >= 4 {
                load(0, UInt32.self) | load(rest &- 4, UInt32.self) &<< UInt64(rest &* 8 &- 32)
            } else if rest >= 2 {
                load(0, UInt16.self) | load(rest &- 2, UInt16.self) &<< UInt64(rest &* 8 &- 16)
            } else {
                load(0, UInt8.self)
            }
        return word.littleEndian
    }
}
