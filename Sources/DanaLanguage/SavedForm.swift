/// Why saved bytes are not restored, or a program is not saved.
public struct SaveError: Error, Equatable, Sendable {
    public let message: String
}

/// The bytes of a saved program: a name, the format's version, the content's length, the content, and a seal that
/// only whoever knows the key can make. What is damaged, cut off or sealed with another key is refused unread.
struct SavedForm {
    private static let magic: [UInt8] = Array("DanaProg".utf8)
    private static let version: UInt32 = 2
    private static let headerCount = 20
    private static let sealCount = 16

    static func sealed(_ content: [UInt8], key: SealKey) -> [UInt8] {
        var writer = SaveWriter(capacity: headerCount + content.count + sealCount)
        writer.append(magic)
        writer.write(version)
        writer.write(UInt64(content.count))
        writer.append(content)
        let seal = Seal(of: writer.bytes, key: key)
        writer.write(seal.low)
        writer.write(seal.high)
        return writer.bytes
    }

    static func content(of bytes: [UInt8], key: SealKey) throws(SaveError) -> ArraySlice<UInt8> {
        guard bytes.count >= headerCount + sealCount, bytes.prefix(magic.count).elementsEqual(magic) else {
            throw SaveError(message: "these bytes are not a saved program")
        }
        var reader = SaveReader(bytes[magic.count..<headerCount])
        let version: UInt32 = try reader.read()
        guard version == SavedForm.version else {
            throw SaveError(
                message: "the program was saved in format \(version); this build reads format \(SavedForm.version)")
        }
        let length: UInt64 = try reader.read()
        guard length == UInt64(bytes.count - headerCount - sealCount) else {
            throw SaveError(message: "the saved program is cut off, or something follows it")
        }
        var ending = SaveReader(bytes.suffix(sealCount))
        let seal = Seal(low: try ending.read(), high: try ending.read())
        guard seal == Seal(of: Array(bytes.dropLast(sealCount)), key: key) else {
            throw SaveError(message: "the saved program is damaged, or was sealed with another key")
        }
        return bytes[headerCount..<(bytes.count - sealCount)]
    }
}

/// Reads what a `SaveWriter` wrote.
struct SaveReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func read<Number: FixedWidthInteger>() throws(SaveError) -> Number {
        let size = MemoryLayout<Number>.size
        guard rest.count >= size else { throw SaveError(message: "the saved program ends too early") }
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
        guard count <= UInt64(rest.count) else { throw SaveError(message: "the saved program ends too early") }
        return Int(count)
    }

    mutating func readBytes() throws(SaveError) -> [UInt8] {
        let count = try readCount()
        defer { rest.removeFirst(count) }
        return Array(rest.prefix(count))
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
