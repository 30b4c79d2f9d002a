/// Reads comma-separated text cell by cell.
struct CSVReader {
    /// One cell of a row.
    struct Cell: Equatable {
        var text = ""
        /// Quotes make a text of what looks like a number, or like nothing.
        var isQuoted = false
        var endsRow = true
    }

    private let bytes: [UInt8]
    private(set) var index = 0
    private var isBehindComma = false

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// The next cell; nil at the end.
    mutating func cell() -> Cell? {
        guard index < bytes.count else {
            defer { isBehindComma = false }
            return isBehindComma ? Cell() : nil
        }
        var cell = content()
        isBehindComma = false
        guard index < bytes.count else { return cell }
        let byte = bytes[index]
        index += 1
        isBehindComma = byte == UInt8(ascii: ",")
        if byte == UInt8(ascii: "\r"), index < bytes.count, bytes[index] == UInt8(ascii: "\n") { index += 1 }
        cell.endsRow = !isBehindComma
        return cell
    }

    private mutating func content() -> Cell {
        var text: [UInt8] = []
        var isQuoted = false
        if bytes[index] == UInt8(ascii: "\"") {
            isQuoted = true
            index += 1
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: "\"") {
                    index += 1
                    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { break }
                }
                text.append(bytes[index])
                index += 1
            }
        }
        while index < bytes.count, ![UInt8(ascii: ","), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(bytes[index]) {
            text.append(bytes[index])
            index += 1
        }
        return Cell(text: String(decoding: text, as: UTF8.self), isQuoted: isQuoted)
    }
}
