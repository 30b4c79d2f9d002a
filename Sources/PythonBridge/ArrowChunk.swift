import CPython

/// A stretch of an Arrow column in one piece of memory, seen in place.
public struct ArrowChunk: @unchecked Sendable {
    // Safe because Arrow's arrays do not change, and the hold keeps the array and its children.
    private let hold: ArrowArrayHold
    private let array: UnsafeMutablePointer<ArrowArray>
    /// What the elements are.
    public let type: ArrowType
    /// How many elements there are, nulls included.
    public let count: Int
    private let offset: Int
    private let dictionary: [ArrowChunk]

    /// A part of what `hold` holds. Its producer vouches that the buffers are as long as offset and length say:
    /// the interface carries no sizes.
    init(
        _ array: UnsafeMutablePointer<ArrowArray>, _ type: ArrowType, from start: Int = 0, count: Int? = nil,
        in hold: ArrowArrayHold
    ) throws(PythonError) {
        guard array.pointee.length >= 0, array.pointee.offset >= 0, array.pointee.n_buffers >= type.bufferCount else {
            throw .valueError("an Arrow array of \(type) with \(array.pointee.n_buffers) buffers")
        }
        self.hold = hold
        self.array = array
        self.type = type
        self.count = count ?? Int(array.pointee.length)
        offset = Int(array.pointee.offset) + start
        if case .dictionary(_, let values) = type {
            guard let numbered = array.pointee.dictionary else { throw .valueError("a dictionary array without one") }
            dictionary = [try ArrowChunk(numbered, values, in: hold)]
        } else {
            dictionary = []
        }
    }

    private func buffer(_ index: Int) -> UnsafeRawPointer? {
        // Safe because the type's number of buffers is checked when the chunk is made.
        array.pointee.buffers?[index]
    }

    /// Whether every element has a value, as far as the producer knows.
    public var hasNoNulls: Bool { type != .null && (array.pointee.null_count == 0 || buffer(0) == nil) }

    /// Whether the element is null.
    public func isNull(_ index: Int) -> Bool {
        precondition(index >= 0 && index < count, "an index of an Arrow chunk lies outside it")
        if type == .null { return true }
        guard !hasNoNulls, let bits = buffer(0) else { return false }
        return withExtendedLifetime(hold) { !Self.bit(bits, offset + index) }
    }

    private static func bit(_ bits: UnsafeRawPointer, _ index: Int) -> Bool {
        bits.load(fromByteOffset: index >> 3, as: UInt8.self) >> (index & 7) & 1 != 0
    }

    /// The elements of a type of fixed width, in place; nulls hold anything. Moments are their integers, and a
    /// dictionary's elements the numbers of its values.
    public func withElements<Element: BufferElement, Result, Failure: Error>(
        of wanted: Element.Type, _ body: (UnsafeBufferPointer<Element>) throws(Failure) -> Result
    ) throws -> Result {
        guard let element = type.element, element.kind == Element.bufferClass,
            element.size == MemoryLayout<Element>.size
        else { throw mismatch("\(Element.self)") }
        return try withExtendedLifetime(hold) {
            let start = buffer(1).map { $0 + offset * MemoryLayout<Element>.stride }
            return try body(try Element.elements(at: start, count: count))
        }
    }

    /// The bytes of element `index` of text or binary data, in place; nil for null.
    public func withBytes<Result>(
        at index: Int, _ body: (UnsafeRawBufferPointer) throws(PythonError) -> Result
    ) throws(PythonError) -> Result? {
        guard !isNull(index) else { return nil }
        let place = offset + index
        defer { withExtendedLifetime(hold) {} }
        switch type {
        case .utf8, .binary: return try body(bytes(place, Int32.self))
        case .largeUTF8, .largeBinary: return try body(bytes(place, Int64.self))
        case .utf8View, .binaryView: return try body(viewed(place))
        case .fixedBinary(let width):
            return try body(UnsafeRawBufferPointer(start: buffer(1).map { $0 + place * width }, count: width))
        default: throw mismatch("text or bytes")
        }
    }

    private func bytes<Offset: FixedWidthInteger & BitwiseCopyable>(
        _ place: Int, _: Offset.Type
    ) throws(PythonError) -> UnsafeRawBufferPointer {
        let size = MemoryLayout<Offset>.size
        guard let offsets = buffer(1) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let start = Int(offsets.loadUnaligned(fromByteOffset: place * size, as: Offset.self))
        let end = Int(offsets.loadUnaligned(fromByteOffset: (place + 1) * size, as: Offset.self))
        guard start >= 0, end >= start else { throw .valueError("an Arrow array's offsets run backwards") }
        return UnsafeRawBufferPointer(start: buffer(2).map { $0 + start }, count: buffer(2) == nil ? 0 : end - start)
    }

    /// A view is 16 bytes: the length, then up to 12 bytes themselves, or four of them, a buffer and an offset.
    private func viewed(_ place: Int) throws(PythonError) -> UnsafeRawBufferPointer {
        guard let view = buffer(1).map({ $0 + 16 * place }) else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        let length = Int(view.loadUnaligned(as: Int32.self))
        guard length > 12 else { return UnsafeRawBufferPointer(start: view + 4, count: max(0, length)) }
        let index = Int64(view.loadUnaligned(fromByteOffset: 8, as: Int32.self))
        let start = Int(view.loadUnaligned(fromByteOffset: 12, as: Int32.self))
        // The last buffer holds the sizes of the others.
        guard index >= 0, start >= 0, 2 + index < array.pointee.n_buffers - 1, let data = buffer(2 + Int(index)) else {
            throw .valueError("an Arrow view points outside its buffers")
        }
        return UnsafeRawBufferPointer(start: data + start, count: length)
    }

    /// A copy of the elements of a type of fixed width; nil for null.
    public func array<Element: BufferElement>(of wanted: Element.Type) throws -> [Element?] {
        try withElements(of: wanted) { elements in
            elements.indices.map { isNull($0) ? nil : elements[$0] }
        }
    }

    /// A copy of the elements of a column of truth values; nil for null.
    public func bools() throws(PythonError) -> [Bool?] {
        guard type == .bool else { throw mismatch("Bool") }
        return withExtendedLifetime(hold) {
            guard let bits = buffer(1) else { return [] }
            return (0..<count).map { isNull($0) ? nil : Self.bit(bits, offset + $0) }
        }
    }

    /// A copy of the text, that of a dictionary included; nil for null.
    public func strings() throws(PythonError) -> [String?] {
        switch type {
        case .utf8, .largeUTF8, .utf8View: try copies { String(decoding: $0, as: UTF8.self) }
        case .dictionary: try selected(from: dictionary[0].strings())
        default: throw mismatch("text")
        }
    }

    /// A copy of the bytes of binary data; nil for null.
    public func binary() throws(PythonError) -> [[UInt8]?] {
        switch type {
        case .binary, .largeBinary, .binaryView, .fixedBinary: try copies { Array($0) }
        default: throw mismatch("bytes")
        }
    }

    private func copies<Copy>(_ copy: (UnsafeRawBufferPointer) -> Copy) throws(PythonError) -> [Copy?] {
        var all: [Copy?] = []
        all.reserveCapacity(count)
        for index in 0..<count { all.append(try withBytes(at: index) { bytes throws(PythonError) in copy(bytes) }) }
        return all
    }

    private func selected<Value>(from values: [Value?]) throws(PythonError) -> [Value?] {
        var all: [Value?] = []
        all.reserveCapacity(count)
        for index in 0..<count {
            guard !isNull(index) else {
                all.append(nil)
                continue
            }
            let number = number(index)
            guard values.indices.contains(number) else {
                throw .valueError("an Arrow dictionary of \(values.count) values has none of number \(number)")
            }
            all.append(values[number])
        }
        return all
    }

    /// The number at `index` among a dictionary's indexes; -1 when there is none.
    private func number(_ index: Int) -> Int {
        guard let element = type.element, let numbers = buffer(1) else { return -1 }
        let at = (offset + index) * element.size
        return switch (element.kind, element.size) {
        case (.signed, 1): Int(numbers.load(fromByteOffset: at, as: Int8.self))
        case (.signed, 2): Int(numbers.loadUnaligned(fromByteOffset: at, as: Int16.self))
        case (.signed, 4): Int(numbers.loadUnaligned(fromByteOffset: at, as: Int32.self))
        case (.signed, 8): Int(numbers.loadUnaligned(fromByteOffset: at, as: Int64.self))
        case (.unsigned, 1): Int(numbers.load(fromByteOffset: at, as: UInt8.self))
        case (.unsigned, 2): Int(numbers.loadUnaligned(fromByteOffset: at, as: UInt16.self))
        case (.unsigned, 4): Int(numbers.loadUnaligned(fromByteOffset: at, as: UInt32.self))
        case (.unsigned, 8): Int(exactly: numbers.loadUnaligned(fromByteOffset: at, as: UInt64.self)) ?? -1
        default: -1
        }
    }

    private func mismatch(_ wanted: String) -> PythonError {
        .typeError("expected an Arrow column of \(wanted), got one of \(type)")
    }
}
