extension Heap {
    /// A string of `bytes` bytes that hold `scalars` scalars of valid UTF-8, which `fill` writes in full.
    @inline(__always)
    func string(
        bytes: Int, scalars: Int, fill: (UnsafeMutablePointer<UInt8>) throws(DanaError) -> Void
    ) throws(DanaError) -> StringObject {
        let object = try emptyString(capacity: bytes)
        do {
            try fill(object.start)
        } catch {
            release(object.value)
            throw error
        }
        object.at.pointee.byteCount = UInt32(truncatingIfNeeded: bytes)
        object.at.pointee.scalarCount = UInt32(truncatingIfNeeded: scalars)
        return object
    }

    func string(_ text: String) throws(DanaError) -> StringObject {
        var text = text
        // Safe because the buffer is only read, during the call.
        return try withUnsafeUTF8(of: &text) { bytes throws(DanaError) in
            try string(copying: bytes, scalars: TextScalars.count(ByteView(bytes)))
        }
    }

    /// A string of bytes known to be valid UTF-8.
    func string(copying bytes: UnsafeBufferPointer<UInt8>, scalars: Int) throws(DanaError) -> StringObject {
        try string(bytes: bytes.count, scalars: scalars) { start throws(DanaError) in
            if let source = bytes.baseAddress { try copy(bytes.count, from: source, to: start) }
        }
    }

    /// Copies bytes; many of them in portions, so that limits are seen meanwhile.
    @inline(__always)
    func copy(
        _ count: Int, from source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
    ) throws(DanaError) {
        if count > Heap.copiedAtOnce { return try copyInPortions(count, from: source, to: target) }
        target.update(from: source, count: count)
    }

    private static let copiedAtOnce = 1 << 20

    @inline(never)
    private func copyInPortions(
        _ count: Int, from source: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>
    ) throws(DanaError) {
        var done = 0
        while done < count {
            let part = min(count - done, Heap.copiedAtOnce)
            (target + done).update(from: source + done, count: part)
            try charge(part >> 10)
            done += part
        }
    }

    /// A string without characters and with room for `capacity` bytes.
    func emptyString(capacity: Int) throws(DanaError) -> StringObject {
        guard capacity <= StringObject.largestByteCount else { throw .limit(.memory) }
        let object = try allocate(
            StringObject.self, trailingBytes: capacity, own: UInt32(truncatingIfNeeded: capacity))
        object.at.pointee.hash = 0
        object.at.pointee.byteCount = 0
        object.at.pointee.scalarCount = 0
        object.at.pointee.marks = nil
        return object
    }

    /// The string of one scalar, owned.
    func string(scalar: Unicode.Scalar) throws(DanaError) -> Value {
        if scalar.isASCII { return retained(try character(UInt8(truncatingIfNeeded: scalar.value))) }
        return try string(String(scalar)).value
    }

    /// `left + right`: lengthens `left` in place when this is its only reference, which it takes over even on an
    /// error; `right` is borrowed.
    func concatenation(_ left: consuming Owned, _ right: StringObject) throws(DanaError) -> Value {
        let string = StringObject(known: left.value)
        let bytes = string.byteCount &+ right.byteCount
        let isAlone = string.at.pointee.header.count == 1
        if isAlone && bytes <= string.capacity {
            try append(right, to: string)
            return left.take()
        }
        let result = try emptyString(
            capacity: isAlone ? max(bytes, min(bytes &+ bytes / 2 &+ 32, StringObject.largestByteCount)) : bytes)
        do {
            try append(string, to: result)
            try append(right, to: result)
        } catch {
            release(result.value)
            throw error
        }
        return result.value
    }

    /// Lengthens a string that has room for it; on an error it is as it was.
    private func append(_ piece: StringObject, to string: StringObject) throws(DanaError) {
        try copy(piece.byteCount, from: piece.start, to: string.start + string.byteCount)
        string.at.pointee.byteCount &+= piece.at.pointee.byteCount
        string.at.pointee.scalarCount &+= piece.at.pointee.scalarCount
        string.at.pointee.hash = 0
        if let marks = string.at.pointee.marks { freeMarks(marks, of: string) }
    }

    private func withUnsafeUTF8<Result>(
        of text: inout String, _ body: (UnsafeBufferPointer<UInt8>) throws(DanaError) -> Result
    ) throws(DanaError) -> Result {
        var outcome: Swift.Result<Result, DanaError>?
        text.withUTF8 { bytes in
            do throws(DanaError) { outcome = .success(try body(bytes)) } catch { outcome = .failure(error) }
        }
        guard let outcome else { throw .limit(.memory) }
        return try outcome.get()
    }

    // MARK: Places in strings that are not ASCII

    /// The byte offset of a scalar's index, which is at most the string's count.
    func byteOffset(of index: Int, in string: StringObject) throws(DanaError) -> Int {
        if string.isASCII { return index }
        if index >= string.scalarCount { return string.byteCount }
        let marks = try marks(of: string)
        var offset = Int(marks[index >> 6])
        var left = index & 63
        let start = string.start
        while left > 0 {
            offset &+= Heap.scalarLength(start[offset])
            left &-= 1
        }
        return offset
    }

    /// The number of bytes of the scalar that begins with this byte of valid UTF-8.
    @inline(__always) static func scalarLength(_ lead: UInt8) -> Int {
        lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    }

    private func marks(of string: StringObject) throws(DanaError) -> UnsafeMutablePointer<UInt32> {
        if let marks = string.at.pointee.marks { return marks }
        let count = markCount(of: string)
        let marks = try allocateBuffer(count * 4).bindMemory(to: UInt32.self, capacity: count)
        var offset = 0
        let start = string.start
        do {
            for index in 0..<string.scalarCount {
                if index & 63 == 0 {
                    marks[index >> 6] = UInt32(truncatingIfNeeded: offset)
                    try charge(1)
                }
                offset &+= Heap.scalarLength(start[offset])
            }
        } catch {
            freeBuffer(marks, bytes: count * 4)
            throw error
        }
        string.at.pointee.marks = marks
        return marks
    }

    private func markCount(of string: StringObject) -> Int { string.scalarCount >> 6 + 1 }

    func freeMarks(_ marks: UnsafeMutablePointer<UInt32>, of string: StringObject) {
        freeBuffer(marks, bytes: markCount(of: string) * 4)
        string.at.pointee.marks = nil
    }
}
