/// Writes a value of a `Tape` as JSON, compact, in UTF-8.
///
/// - null, bool, int, bigInteger, double, string, list and dict are themselves. A double is the
///   shortest text that reads back as the same double.
/// - A tuple is an array. A surrogateString is a string in which each lone surrogate is an escape.
/// - Refused are NaN and infinities, keys that are not text, and values of all other kinds.
///
/// It keeps its own stack, so depth is no danger.
public struct JSONWriter {
    public static func string(_ value: TapeValue) throws(JSONWriteError) -> String {
        String(decoding: try utf8(value), as: UTF8.self)
    }

    public static func utf8(_ value: TapeValue) throws(JSONWriteError) -> [UInt8] {
        var writer = JSONWriter(cursor: value.cursor())
        try writer.write()
        return writer.text
    }

    /// An array or object that is open.
    private struct Level {
        let isObject: Bool
        /// How many elements, or keys and values, are left to write.
        var left: Int
        var written = 0
        /// Where the key stands whose value is written.
        var key = 0
    }

    private var cursor: TapeCursor
    private var text: [UInt8] = []
    private var open: [Level] = []

    private init(cursor: TapeCursor) {
        self.cursor = cursor
    }

    private mutating func write() throws(JSONWriteError) {
        try writeNext()
        while let last = open.indices.last {
            guard open[last].left > 0 else {
                text.append(open[last].isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                open.removeLast()
                continue
            }
            let isKey = open[last].isObject && open[last].written & 1 == 0
            if open[last].isObject, !isKey {
                text.append(UInt8(ascii: ":"))
            } else if open[last].written > 0 {
                text.append(UInt8(ascii: ","))
            }
            open[last].written += 1
            open[last].left -= 1
            if isKey {
                open[last].key = cursor.position
                guard cursor.kind == .string || cursor.kind == .surrogateString else {
                    throw error("a key of JSON must be text, found \(cursor.kind)")
                }
            }
            try writeNext()
        }
    }

    /// Writes a scalar, or the opening bracket of a container.
    private mutating func writeNext() throws(JSONWriteError) {
        switch cursor.kind {
        case .null:
            cursor.readNull()
            text += "null".utf8
        case .bool: text += (cursor.readBool() ? "true" : "false").utf8
        case .int: text += String(cursor.readInt()).utf8
        case .bigInteger: text += cursor.readBigInteger().description.utf8
        case .double:
            let number = cursor.readDouble()
            guard number.isFinite else { throw error("JSON has no NaN and no infinity; found \(number)") }
            text += number.description.utf8
        case .string, .surrogateString: writeString()
        case .list, .tuple:
            text.append(UInt8(ascii: "["))
            open.append(Level(isObject: false, left: cursor.enter()))
        case .dict:
            text.append(UInt8(ascii: "{"))
            open.append(Level(isObject: true, left: cursor.enter() * 2))
        default:
            throw error("JSON has no form for a value of kind \(cursor.kind)")
        }
    }

    private mutating func writeString() {
        text.append(UInt8(ascii: "\""))
        var reader = cursor
        unsafe reader.readBytes { bytes in
            // Safe because every index is compared with the count before it is used.
            var index = 0
            var plain = 0
            while index < bytes.count {
                let byte = unsafe bytes[index]
                let isSurrogate = unsafe byte == 0xed && index + 2 < bytes.count && bytes[index + 1] >= 0xa0
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || isSurrogate else {
                    index += 1
                    continue
                }
                unsafe text.append(contentsOf: bytes[plain..<index])
                if isSurrogate {
                    let (second, third) = unsafe (bytes[index + 1], bytes[index + 2])
                    writeEscape(0xd000 | UInt32(second & 0x3f) << 6 | UInt32(third & 0x3f))
                    index += 3
                } else {
                    writeEscape(of: byte)
                    index += 1
                }
                plain = index
            }
            unsafe text.append(contentsOf: bytes[plain...])
        }
        cursor = reader
        text.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(of byte: UInt8) {
        switch byte {
        case 0x08: text += "\\b".utf8
        case 0x09: text += "\\t".utf8
        case 0x0a: text += "\\n".utf8
        case 0x0c: text += "\\f".utf8
        case 0x0d: text += "\\r".utf8
        case 0..<0x20: writeEscape(UInt32(byte))
        default: text += [UInt8(ascii: "\\"), byte]
        }
    }

    private mutating func writeEscape(_ unit: UInt32) {
        let digits = String(unit, radix: 16)
        text += "\\u".utf8
        text += repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count)
        text += digits.utf8
    }

    private func error(_ message: String) -> JSONWriteError {
        var path = "$"
        for level in open {
            let key = TapeValue(cursor.storage, level.key)
            if !level.isObject {
                path += "[\(level.written - 1)]"
            } else if let name = key.string, JSONWriter.isPlain(name) {
                path += ".\(name)"
            } else {
                path += "[\(key)]"
            }
        }
        return JSONWriteError(message: message, path: path)
    }

    /// Whether a key can stand in a path without quotes.
    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty && key.utf8.allSatisfy { $0 == UInt8(ascii: "_") || ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 }
    }
}
