/// Reads comma-separated text whose first row names the columns: a dict for each row, numbers as numbers.
struct CSVReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        var bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        self.bytes = bytes
    }

    mutating func rows() -> DanaValue {
        guard let header = row() else { return .list([]) }
        let names = header.map(\.text)
        var rows: [DanaValue] = []
        while let fields = row() {
            if fields.count == 1, fields[0].text.isEmpty, !fields[0].isQuoted { continue }
            rows.append(
                .dict(
                    names.enumerated().map { place, name in
                        (.string(name), place < fields.count ? CSVReader.value(fields[place]) : .null)
                    }))
        }
        return .list(rows)
    }

    private struct Field {
        var text = ""
        var isQuoted = false
    }

    /// The next row's fields; nil at the end.
    private mutating func row() -> [Field]? {
        guard index < bytes.count else { return nil }
        var fields: [Field] = []
        while true {
            fields.append(field())
            guard index < bytes.count else { return fields }
            let byte = bytes[index]
            index += 1
            if byte == UInt8(ascii: ",") {
                if index == bytes.count {
                    fields.append(Field())
                    return fields
                }
                continue
            }
            if byte == UInt8(ascii: "\r"), index < bytes.count, bytes[index] == UInt8(ascii: "\n") { index += 1 }
            return fields
        }
    }

    private mutating func field() -> Field {
        var text: [UInt8] = []
        var isQuoted = false
        if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
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
        return Field(text: String(decoding: text, as: UTF8.self), isQuoted: isQuoted)
    }

    private static func value(_ field: Field) -> DanaValue {
        if field.isQuoted { return .string(field.text) }
        if field.text.isEmpty { return .null }
        if let integer = Int(field.text), abs(integer) < 1 << 62 { return .int(integer) }
        let isNumeric = field.text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
        if isNumeric, let float = Double(field.text) { return .float(float) }
        return .string(field.text)
    }
}
