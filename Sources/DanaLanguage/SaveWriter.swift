/// Writes numbers, texts and counts to memory of its own.
struct SaveWriter: ~Copyable {
    private var start: UnsafeMutableRawPointer
    private var capacity: Int
    /// How many bytes are written.
    private(set) var count = 0

    init(capacity: Int = 256) {
        self.capacity = capacity
        start = .allocate(byteCount: capacity, alignment: 16)
    }

    deinit { start.deallocate() }

    var bytes: [UInt8] { withBytes { Array($0) } }

    borrowing func withBytes<Result>(_ use: (UnsafeRawBufferPointer) -> Result) -> Result {
        use(UnsafeRawBufferPointer(start: start, count: count))
    }

    @inline(__always) mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        makeRoom(MemoryLayout<Number>.size)
        // Safe because there is room behind the bytes that are written.
        (start + count).storeBytes(of: number.littleEndian, as: Number.self)
        count &+= MemoryLayout<Number>.size
    }

    /// A small number and another one behind it.
    @inline(__always) mutating func write(_ first: UInt8, _ second: UInt32) {
        makeRoom(5)
        // Safe because there is room behind the bytes that are written.
        (start + count).storeBytes(of: first, as: UInt8.self)
        (start + count + 1).storeBytes(of: second.littleEndian, as: UInt32.self)
        count &+= 5
    }

    mutating func write(_ flag: Bool) { write(flag ? 1 : 0 as UInt8) }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    mutating func write(_ data: [UInt8]) { data.withUnsafeBufferPointer { write($0) } }

    mutating func write(_ data: UnsafeBufferPointer<UInt8>) {
        write(UInt64(data.count))
        append(UnsafeRawBufferPointer(data))
    }

    mutating func write<Element>(_ elements: [Element], _ each: (inout SaveWriter, Element) -> Void) {
        write(UInt64(elements.count))
        for element in elements { each(&self, element) }
    }

    /// Writes what another writer wrote.
    mutating func write(_ other: borrowing SaveWriter) {
        write(UInt64(other.count))
        append(other)
    }

    /// Appends bytes without saying how many they are.
    mutating func append(_ data: [UInt8]) { data.withUnsafeBytes { append($0) } }

    mutating func append(_ other: borrowing SaveWriter) {
        append(UnsafeRawBufferPointer(start: other.start, count: other.count))
    }

    private mutating func append(_ data: UnsafeRawBufferPointer) {
        guard let source = data.baseAddress else { return }
        makeRoom(data.count)
        // Safe because there is room behind the bytes that are written.
        (start + count).copyMemory(from: source, byteCount: data.count)
        count += data.count
    }

    @inline(__always) private mutating func makeRoom(_ more: Int) {
        if capacity &- count < more { grow(more) }
    }

    @inline(never) private mutating func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more, 256)
        let place = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        place.copyMemory(from: start, byteCount: count)
        start.deallocate()
        start = place
        capacity = larger
    }
}
