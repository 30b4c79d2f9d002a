import CPython
import DanaData

/// Texts that were keys of dicts lately, as Python objects: documents repeat their keys, and a `str` that exists
/// needs neither memory nor a hash.
final class KeyCache: @unchecked Sendable {
    // Safe because it is touched with the interpreter held only, and nothing in between runs Python.
    private static let shared = KeyCache()
    private static let size = 1024
    private static let longest = 32

    private struct Entry {
        var hash: UInt64
        var object: PyRef?
        var text: UnsafePointer<CChar>?
        var count: Int
    }

    private let entries: UnsafeMutablePointer<Entry>

    private init() {
        entries = .allocate(capacity: KeyCache.size)
        entries.initialize(repeating: Entry(hash: 0, object: nil, text: nil, count: 0), count: KeyCache.size)
    }

    /// The key before which the cursor stands; nil, nothing read, when it is no short ASCII text.
    @inline(__always)
    static func key(_ cursor: inout TapeCursor, _ py: borrowing Python) throws(PythonError) -> PyRef? {
        guard cursor.isASCII, cursor.count <= longest else { return nil }
        let object = cursor.readString { bytes in shared.object(bytes) }
        guard let object else { throw .taken(py) }
        return object
    }

    /// A new reference to a `str` of these ASCII bytes.
    private func object(_ bytes: UnsafeRawBufferPointer) -> PyRef? {
        guard let start = bytes.baseAddress, bytes.count > 1 else {
            return py_str_from_utf8(bytes.baseAddress, bytes.count)
        }
        let hash = KeyCache.hash(start, bytes.count)
        let entry = entries + Int(truncatingIfNeeded: hash & UInt64(KeyCache.size - 1))
        if entry.pointee.hash == hash, entry.pointee.count == bytes.count, let object = entry.pointee.object,
            let text = entry.pointee.text, py_equal_bytes(text, start, bytes.count) != 0
        {
            py_incref(object)
            return object
        }
        guard let object = py_str_from_ascii(start, bytes.count) else { return nil }
        let made = py_text_of(object)
        // Exact strings only are replaced, so releasing the old one runs no Python.
        py_xdecref(entry.pointee.object)
        py_incref(object)
        entry.pointee = Entry(hash: hash, object: object, text: made.start, count: made.count)
        return object
    }

    @inline(__always)
    private static func hash(_ start: UnsafeRawPointer, _ count: Int) -> UInt64 {
        var hash = 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: count)
        var offset = 0
        while offset &+ 8 <= count {
            hash = mix(hash ^ start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            offset &+= 8
        }
        var rest: UInt64 = 0
        while offset < count {
            rest = rest &<< 8 | UInt64(start.load(fromByteOffset: offset, as: UInt8.self))
            offset &+= 1
        }
        return mix(hash ^ rest)
    }

    @inline(__always)
    private static func mix(_ word: UInt64) -> UInt64 {
        let product = word &* 0xff51_afd7_ed55_8ccd
        return product ^ product &>> 32
    }
}
