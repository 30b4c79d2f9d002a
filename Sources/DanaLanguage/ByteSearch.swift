import Glibc

/// Finding bytes in bytes.
enum ByteSearch {
    /// The offset of the first occurrence; 0 for no bytes.
    static func first(_ part: UnsafeBufferPointer<UInt8>, in whole: UnsafeBufferPointer<UInt8>) -> Int? {
        guard let lead = part.first, let partStart = part.baseAddress, let wholeStart = whole.baseAddress else {
            return part.isEmpty ? 0 : nil
        }
        var offset = 0
        while whole.count - offset >= part.count {
            guard let found = memchr(wholeStart + offset, Int32(lead), whole.count - offset - part.count + 1) else {
                return nil
            }
            offset = UnsafeRawPointer(found) - UnsafeRawPointer(wholeStart)
            if memcmp(wholeStart + offset, partStart, part.count) == 0 { return offset }
            offset += 1
        }
        return nil
    }
}
