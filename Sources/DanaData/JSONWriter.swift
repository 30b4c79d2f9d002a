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
        var writer = JSONWriter()
        try writer.write(value)
        return writer.text
    }

    /// An array or object that is open.
    private struct Level {
        var parts: TapeElements
        let isObject: Bool
        /// How many keys and values were written.
        var written = 0
        /// The key whose value is written.
        var key: TapeValue?
    }

    private var text: [UInt8] = []
    private var open: [Level] = []

    private mutating func write(_ value: TapeValue) throws(JSONWriteError) {
        try begin(value)
        while var level = open.popLast() {
            guard let part = level.parts.next() else {
                text.append(level.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
                continue
            }
            let isKey = level.isObject && level.written % 2 == 0
            if level.isObject, !isKey {
                text.append(UInt8(ascii: ":"))
            } else if level.written > 0 {
                text.append(UInt8(ascii: ","))
            }
            level.written += 1
            if isKey { level.key = part }
            open.append(level)
            if isKey, part.kind != .string, part.kind != .surrogateString {
                throw error("a key of JSON must be text, found \(part.kind)")
            }
            try begin(part)
        }
    }

    /// Writes a scalar, or the opening bracket of a container.
    private mutating func begin(_ value: TapeValue) throws(JSONWriteError) {
        switch value.kind {
        case .null: text += "null".utf8
        case .bool: text += (value.bool == true ? "true" : "false").utf8
        case .int, .bigInteger: text += (value.bigInteger?.description ?? "").utf8
        case .double:
            guard let number = value.double, number.isFinite else {
                throw error("JSON has no NaN and no infinity; found \(value)")
            }
            text += number.description.utf8
        case .string, .surrogateString: writeString(value)
        case .list, .tuple:
            text.append(UInt8(ascii: "["))
            open.append(Level(parts: value.parts, isObject: false))
        case .dict:
            text.append(UInt8(ascii: "{"))
            open.append(Level(parts: value.parts, isObject: true))
        default:
            throw error("JSON has no form for a value of kind \(value.kind)")
        }
    }

    private mutating func writeString(_ value: TapeValue) {
        text.append(UInt8(ascii: "\""))
        var cursor = value.cursor()
        unsafe cursor.readBytes { bytes in
            var index = 0
            while index < bytes.count {
                let byte = unsafe bytes[index]
                index += 1
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
                case 0x08: text += "\\b".utf8
                case 0x09: text += "\\t".utf8
                case 0x0a: text += "\\n".utf8
                case 0x0c: text += "\\f".utf8
                case 0x0d: text += "\\r".utf8
                case 0..<0x20: writeEscape(UInt32(byte))
                case 0xed where index + 1 < bytes.count && bytes[index] >= 0xa0:
                    let (second, third) = unsafe (bytes[index], bytes[index + 1])
                    writeEscape(0xd000 | UInt32(second & 0x3f) << 6 | UInt32(third & 0x3f))
                    index += 2
                default: text.append(byte)
                }
            }
        }
        text.append(UInt8(ascii: "\""))
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
            if !level.isObject {
                path += "[\(level.written - 1)]"
            } else if let name = level.key?.string, JSONWriter.isPlain(name) {
                path += ".\(name)"
            } else if let key = level.key {
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
