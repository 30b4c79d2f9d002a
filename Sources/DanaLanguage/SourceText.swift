/// A program's text as UTF-8 bytes, with the name it goes by in errors and the places of its lines.
public struct SourceText: Sendable {
    public let name: String
    public let bytes: [UInt8]

    /// The offset at which each line begins; a line ends with LF, CR or CRLF.
    private let lineStarts: [Int]

    public init(_ text: String, name: String) {
        self.init(bytes: Array(text.utf8), name: name)
    }

    public init(bytes: [UInt8], name: String) {
        self.name = name
        self.bytes = bytes
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
            let isInside =
                byte == UInt8(ascii: "\r") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
            if !isInside { starts.append(index + 1) }
        }
        lineStarts = starts
    }

    /// The place of a byte offset; an offset outside the text counts as its nearest end.
    public func place(at offset: Int) -> SourcePlace {
        let offset = min(max(offset, 0), bytes.count)
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let scalars = bytes[lineStarts[low]..<offset].count { $0 & 0xC0 != 0x80 }
        return SourcePlace(line: low + 1, column: scalars + 1)
    }

    /// Bytes of a line that are shown at most.
    private static let longestLine = 4096

    /// A line's text without its end, of a long one the beginning; empty when there is no such line.
    public func line(_ number: Int) -> String {
        guard lineStarts.indices.contains(number - 1) else { return "" }
        let start = lineStarts[number - 1]
        let shown = bytes[start...].prefix(SourceText.longestLine)
        var end = shown.firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? shown.endIndex
        // No part of a character.
        while end > start, end < bytes.count, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
