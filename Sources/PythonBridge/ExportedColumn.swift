import CPython
import Glibc

/// A column of Swift's memory in Arrow's layout, for an ``ExportedTable``.
///
/// Making one copies the elements into place once; whoever takes the table in Python makes no copy.
public final class ExportedColumn: @unchecked Sendable {
    // Safe because the memory is written before anyone sees this, and read only afterwards.
    let name: UnsafeMutablePointer<CChar>?
    let format: UnsafeMutablePointer<CChar>?
    let count: Int
    let nullCount: Int
    private(set) var buffers: [UnsafeMutableRawPointer?]

    private init(_ name: String, format: String, isPresent: [Bool]) {
        self.name = strdup(name)
        self.format = strdup(format)
        count = isPresent.count
        nullCount = isPresent.count { !$0 }
        buffers = [nullCount == 0 ? nil : Self.bitmap(isPresent)]
    }

    deinit {
        free(name)
        free(format)
        for buffer in buffers { buffer?.deallocate() }
    }

    public convenience init(_ name: String, _ values: [Int64?]) {
        self.init(name, format: "l", isPresent: values.map { $0 != nil })
        buffers.append(Self.memory(values.map { $0 ?? 0 }))
    }

    public convenience init(_ name: String, _ values: [Double?]) {
        self.init(name, format: "g", isPresent: values.map { $0 != nil })
        buffers.append(Self.memory(values.map { $0 ?? 0 }))
    }

    public convenience init(_ name: String, _ values: [Bool?]) {
        self.init(name, format: "b", isPresent: values.map { $0 != nil })
        buffers.append(Self.bitmap(values.map { $0 ?? false }))
    }

    /// Text, with offsets of 64 bits.
    public convenience init(_ name: String, _ values: [String?]) {
        self.init(name, format: "U", isPresent: values.map { $0 != nil })
        var offsets: [Int64] = [0]
        var bytes: [UInt8] = []
        for value in values {
            if let value { bytes += value.utf8 }
            offsets.append(Int64(bytes.count))
        }
        buffers += [Self.memory(offsets), Self.memory(bytes)]
    }

    private static func memory<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafeMutableRawPointer {
        let size = elements.count * MemoryLayout<Element>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: max(64, size), alignment: 64)
        elements.withUnsafeBytes { if let base = $0.baseAddress { memory.copyMemory(from: base, byteCount: size) } }
        return memory
    }

    private static func bitmap(_ bits: [Bool]) -> UnsafeMutableRawPointer {
        var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
        for (index, bit) in bits.enumerated() where bit { bytes[index >> 3] |= 1 << (index & 7) }
        return memory(bytes)
    }
}
