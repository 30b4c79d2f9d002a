/// The lines of a text that `splitlines` gives, one at a time as ranges of its bytes.
///
/// Text ends its lines as Unicode says; `bytes` with LF, CR and CRLF alone.
struct TextLines: Sequence, IteratorProtocol {
    private let text: ByteView
    private let keepsEnds: Bool
    private let isText: Bool
    private var start = 0

    init(_ text: ByteView, keepsEnds: Bool, isText: Bool) {
        self.text = text
        self.keepsEnds = keepsEnds
        self.isText = isText
    }

    static func count(_ text: ByteView, isText: Bool) -> Int {
        var lines = TextLines(text, keepsEnds: false, isText: isText)
        var count = 0
        while lines.next() != nil { count += 1 }
        return count
    }

    mutating func next() -> Range<Int>? {
        guard start < text.count else { return nil }
        let first = start
        var end = first
        while end < text.count {
            let length = endLength(at: end)
            if length > 0 {
                start = end + length
                return first..<(keepsEnds ? start : end)
            }
            end += 1
        }
        start = end
        return first..<end
    }

    /// How many bytes the line's end has that stands at an offset; 0 where none does.
    @inline(__always) private func endLength(at offset: Int) -> Int {
        let byte = text[offset]
        switch byte {
        case 0x0A: return 1
        case 0x0D: return offset + 1 < text.count && text[offset + 1] == 0x0A ? 2 : 1
        case 0x0B, 0x0C, 0x1C, 0x1D, 0x1E: return isText ? 1 : 0
        case 0xC2 where isText: return offset + 1 < text.count && text[offset + 1] == 0x85 ? 2 : 0
        case 0xE2 where isText && offset + 2 < text.count:
            return text[offset + 1] == 0x80 && text[offset + 2] & 0xFE == 0xA8 ? 3 : 0
        default: return 0
        }
    }
}
