/// Writes numbers, texts and counts.
struct SaveWriter {
    /// What is written, and zeros behind it.
    private var storage: [UInt8]
    private var count = 0

    init(capacity: Int = 256) {
        storage = [UInt8](repeating: 0, count: capacity)
    }

    var bytes: [UInt8] { count == storage.count ? storage : Array(storage[..<count]) }

    @inline(__always) mutating func write<Number: FixedWidthInteger>(_ number: Number) {
        makeRoom(MemoryLayout<Number>.size)
        let offset = count
        storage.withUnsafeMutableBytes { $0.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self) }
        count &+= MemoryLayout<Number>.size
    }

    mutating func write(_ flag: Bool) { write(flag ? 1 : 0 as UInt8) }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    mutating func write(_ data: [UInt8]) { data.withUnsafeBufferPointer { write($0) } }

    mutating func write(_ data: UnsafeBufferPointer<UInt8>) {
        write(UInt64(data.count))
        append(data)
    }

    mutating func write<Element>(_ elements: [Element], _ each: (inout SaveWriter, Element) -> Void) {
        write(UInt64(elements.count))
        for element in elements { each(&self, element) }
    }

    /// Appends bytes without saying how many they are.
    mutating func append(_ data: [UInt8]) { data.withUnsafeBufferPointer { append($0) } }

    private mutating func append(_ data: UnsafeBufferPointer<UInt8>) {
        makeRoom(data.count)
        let offset = count
        storage.withUnsafeMutableBytes {
            UnsafeMutableRawBufferPointer(rebasing: $0[offset..<(offset + data.count)])
                .copyMemory(from: UnsafeRawBufferPointer(data))
        }
        count += data.count
    }

    @inline(__always) private mutating func makeRoom(_ more: Int) {
        if storage.count &- count < more { grow(more) }
    }

    @inline(never) private mutating func grow(_ more: Int) {
        storage.append(contentsOf: repeatElement(0, count: max(storage.count, more, 256)))
    }
}
