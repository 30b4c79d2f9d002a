import DanaLanguage

/// Reads comma-separated text cell by cell.
struct CSVReader {
    /// What no table can be made of, and where.
    struct Fault: Error, Equatable {
        let kind: ExceptionKind
        let line: Int
        let message: String
    }

    /// One cell of a row.
    struct Cell: Equatable {
        var text = ""
        /// Quotes make a text of what looks like a number, or like nothing.
        var isQuoted = false
        var endsRow = true
    }

    private let bytes: [UInt8]
    private let delimiter: UInt8
    private(set) var index = 0
    private var isBehindDelimiter = false

    init(_ bytes: [UInt8], delimiter: UInt8 = UInt8(ascii: ",")) {
        self.bytes = bytes
        self.delimiter = delimiter
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    /// The next cell; nil at the end.
    mutating func cell() throws(Fault) -> Cell? {
        guard index < bytes.count else {
            defer { isBehindDelimiter = false }
            return isBehindDelimiter ? Cell() : nil
        }
        var cell = try content()
        isBehindDelimiter = false
        guard index < bytes.count else { return cell }
        let byte = bytes[index]
        index += 1
        isBehindDelimiter = byte == delimiter
        if byte == UInt8(ascii: "\r"), index < bytes.count, bytes[index] == UInt8(ascii: "\n") { index += 1 }
        cell.endsRow = !isBehindDelimiter
        return cell
    }

    /// What is wrong with the cell that begins at a place.
    func fault(at place: Int, _ message: String, _ kind: ExceptionKind = .valueError) -> Fault {
        var line = 1
        for index in bytes.indices.prefix(place) {
            let isReturn = bytes[index] == UInt8(ascii: "\r")
            let isPart = isReturn && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "\n")
            if bytes[index] == UInt8(ascii: "\n") || isReturn && !isPart { line += 1 }
        }
        return Fault(kind: kind, line: line, message: message)
    }

    private mutating func content() throws(Fault) -> Cell {
        let start = index
        var text: [UInt8] = []
        var isQuoted = false
        if bytes[index] == UInt8(ascii: "\"") {
            isQuoted = true
            var isOpen = true
            index += 1
            while index < bytes.count {
                if bytes[index] == UInt8(ascii: "\"") {
                    index += 1
                    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                        isOpen = false
                        break
                    }
                }
                text.append(bytes[index])
                index += 1
            }
            if isOpen { throw fault(at: start, "a quote is opened and never closed") }
        }
        while index < bytes.count, ![delimiter, UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(bytes[index]) {
            text.append(bytes[index])
            index += 1
        }
        guard let text = String(validating: text, as: UTF8.self) else {
            throw fault(at: start, "this is not UTF-8", .unicodeDecodeError)
        }
        return Cell(text: text, isQuoted: isQuoted)
    }
}
