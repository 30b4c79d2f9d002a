/// The words of a finished `Tape`, shared by everything that reads it.
@usableFromInline final class TapeStorage: @unchecked Sendable {
    // Safe because nothing writes to the words after `init`, so any thread may read them, and
    // nothing else frees them.
    @usableFromInline let base: UnsafePointer<UInt64>
    @usableFromInline let count: Int

    /// Takes over `words`, of which the first `count` are initialised.
    @usableFromInline init(adopting words: UnsafeMutablePointer<UInt64>, count: Int) {
        unsafe base = UnsafePointer(words)
        self.count = count
    }

    deinit {
        unsafe base.deallocate()
    }

    /// The word at `index`, which must be inside a node of this tape.
    @inlinable @inline(__always) func word(_ index: Int) -> UInt64 {
        // Safe because positions come from headers that a builder wrote, so they are inside the
        // tape, and the storage is kept alive across the load.
        withExtendedLifetime(self) { unsafe base[index] }
    }

    /// The header of the node at `index`. Stops the program when `index` is not on the tape.
    @inlinable @inline(__always) func header(_ index: Int) -> TapeHeader {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "read past the end of a tape")
        return TapeHeader(bits: word(index))
    }

    /// Calls `body` with the `count` bytes that begin at the word `index`.
    @inlinable @inline(__always) func withBytes<R, E: Error>(
        at index: Int, count: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        // Safe because the builder wrote this many bytes here, and the storage outlives `body`.
        defer { withExtendedLifetime(self) {} }
        return try unsafe body(UnsafeRawBufferPointer(start: base + index, count: count))
    }

    /// Whether the node at `index` is a string of these bytes.
    func holdsString(at index: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        let header = header(index)
        guard header.kind == .string, header.count == text.count else { return false }
        return unsafe withBytes(at: index &+ 1, count: text.count) { bytes in
            for place in 0..<text.count where unsafe bytes[place] != text[place] { return false }
            return true
        }
    }

    /// The position behind the node at `index`.
    @usableFromInline func end(of index: Int) -> Int {
        let header = header(index)
        switch header.kind {
        case .null, .bool, .date, .opaque: return index &+ 1
        case .int: return index &+ (header.variant ? 2 : 1)
        case .double, .timeDelta: return index &+ 2
        case .complex, .uniqueIdentifier: return index &+ 3
        case .string, .surrogateString, .bytes, .byteArray, .path:
            return index &+ 1 &+ TapeStorage.words(forBytes: header.count)
        case .bigInteger: return index &+ 1 &+ header.count
        case .decimal: return index &+ 2 &+ TapeStorage.words(forBytes: header.count &>> 2)
        case .time: return header.variant ? end(of: index &+ 1) : index &+ 1
        case .dateTime: return header.variant ? end(of: index &+ 2) : index &+ 2
        case .list, .dict, .tuple, .set, .frozenSet, .range, .timeZone, .fraction, .record, .enumCase:
            return index &+ Int(truncatingIfNeeded: word(index &+ 1))
        }
    }

    /// How many words hold `count` bytes.
    @inlinable @inline(__always) static func words(forBytes count: Int) -> Int {
        (count &+ 7) &>> 3
    }
}
