/// Where every 64th scalar of a text begins, so that an index finds its offset, and an offset its index, in a short
/// walk. A text of ASCII needs no marks.
struct TextMarks {
    static let stride = 64

    /// The offset of scalar `64 * n` at index n.
    let offsets: [Int]

    /// How many marks the text of so many scalars has, for whoever must make room before.
    static func count(scalars: Int) -> Int { scalars / stride + 1 }

    init(_ text: ByteView) {
        var offsets: [Int] = []
        offsets.reserveCapacity(TextMarks.count(scalars: TextScalars.count(text)))
        var scalar = 0
        for offset in 0..<text.count where text[offset] & 0xC0 != 0x80 {
            if scalar % TextMarks.stride == 0 { offsets.append(offset) }
            scalar += 1
        }
        if scalar % TextMarks.stride == 0 { offsets.append(text.count) }
        self.offsets = offsets
    }

    /// The offset of a scalar; the end for an index beyond it, the beginning for one before it.
    func offset(of index: Int, in text: ByteView) -> Int {
        TextMarks.offset(of: index, in: text, marks: offsets)
    }

    /// The index of the scalar that begins at an offset.
    func index(of offset: Int, in text: ByteView) -> Int {
        TextMarks.index(of: offset, in: text, marks: offsets)
    }

    /// As `offset(of:in:)`, over marks that are kept elsewhere.
    static func offset(of index: Int, in text: ByteView, marks: some RandomAccessCollection<Int>) -> Int {
        guard index > 0 else { return 0 }
        let mark = index / stride
        guard mark < marks.count else { return text.count }
        let start = marks[marks.index(marks.startIndex, offsetBy: mark)]
        return TextScalars.offset(text, after: start, scalars: index % stride)
    }

    /// As `index(of:in:)`, over marks that are kept elsewhere.
    static func index(of offset: Int, in text: ByteView, marks: some RandomAccessCollection<Int>) -> Int {
        var low = 0
        var high = marks.count
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if marks[marks.index(marks.startIndex, offsetBy: middle)] <= offset { low = middle } else { high = middle }
        }
        guard low < marks.count else { return 0 }
        let start = marks[marks.index(marks.startIndex, offsetBy: low)]
        return low * stride + TextScalars.count(text[min(start, offset)..<max(start, min(offset, text.count))])
    }
}
