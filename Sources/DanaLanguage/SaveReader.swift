/// Reads what a `SaveWriter` wrote.
struct SaveReader {
    private var rest: ArraySlice<UInt8>
    private static let ended = SaveError(message: "the saved program ends too early")

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func read<Number: FixedWidthInteger>() throws(SaveError) -> Number {
        let size = MemoryLayout<Number>.size
        guard rest.count >= size else { throw SaveReader.ended }
        let number = rest.withUnsafeBytes { $0.loadUnaligned(as: Number.self) }
        rest.removeFirst(size)
        return Number(littleEndian: number)
    }

    mutating func readFlag() throws(SaveError) -> Bool {
        let byte: UInt8 = try read()
        return byte != 0
    }

    /// A number that counts elements of at least a byte each.
    mutating func readCount() throws(SaveError) -> Int {
        let count: UInt64 = try read()
        guard count <= UInt64(rest.count) else { throw SaveReader.ended }
        return Int(count)
    }

    mutating func readBytes() throws(SaveError) -> [UInt8] {
        let count = try readCount()
        defer { rest.removeFirst(count) }
        return Array(rest.prefix(count))
    }

    /// Goes on behind so many bytes.
    mutating func skip(_ count: Int) throws(SaveError) {
        guard rest.count >= count else { throw SaveReader.ended }
        rest.removeFirst(count)
    }

    mutating func readText() throws(SaveError) -> String { String(decoding: try readBytes(), as: UTF8.self) }

    mutating func readArray<Element>(_ each: (inout SaveReader) throws(SaveError) -> Element) throws(SaveError)
        -> [Element]
    {
        let count = try readCount()
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try each(&self)) }
        return elements
    }
}
