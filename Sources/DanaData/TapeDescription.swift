/// Writes a value of a `Tape` as text for a reader's eye, in the manner of Python's `repr`. It keeps
/// its own stack, so depth is no danger, and it stops with "..." after a number of bytes.
struct TapeDescription {
    private var text = ""
    private let limit: Int
    /// The containers that are open: what is left to write of each.
    private var open: [Level] = []

    private struct Level {
        var parts: TapeElements
        let separators: (odd: String, even: String)
        let close: String
        var written = 0
    }

    static func text(of value: TapeValue, limit: Int) -> String {
        var writer = TapeDescription(limit: limit)
        writer.write(value)
        return writer.text
    }

    private init(limit: Int) {
        self.limit = limit
    }

    private mutating func write(_ value: TapeValue) {
        begin(value)
        while var level = open.popLast() {
            guard text.utf8.count < limit else {
                text += "..."
                return
            }
            guard let part = level.parts.next() else {
                text += level.close
                continue
            }
            if level.written > 0 { text += level.written % 2 == 1 ? level.separators.odd : level.separators.even }
            level.written += 1
            open.append(level)
            begin(part)
        }
    }

    /// Writes a scalar, or the opening of a container.
    private mutating func begin(_ value: TapeValue) {
        switch value.kind {
        case .list: enter(value, "[", "]")
        case .tuple: enter(value, "(", value.count == 1 ? ",)" : ")")
        case .dict: enter(value, "{", "}", (": ", ", "))
        case .set: enter(value, "set{", "}")
        case .frozenSet: enter(value, "frozenset{", "}")
        case .range: enter(value, "range(", ")")
        case .fraction: enter(value, "Fraction(", ")")
        case .timeZone: enter(value, "timezone(", ")")
        case .enumCase: enter(value, "enum(", ")")
        case .record: enter(value, "record(", ")", (", ", "="))
        default: text += value.scalarDescription
        }
    }

    private mutating func enter(
        _ value: TapeValue, _ start: String, _ close: String,
        _ separators: (odd: String, even: String) = (", ", ", ")
    ) {
        text += start
        open.append(Level(parts: value.parts, separators: separators, close: close))
    }
}

extension TapeValue: CustomStringConvertible {
    public var description: String { TapeDescription.text(of: self, limit: 10_000) }

    /// A value that holds no others, as text.
    fileprivate var scalarDescription: String {
        switch kind {
        case .null: return "None"
        case .bool: return bool == true ? "True" : "False"
        case .int: return int.map(String.init) ?? ""
        case .double: return double.map { "\($0)" } ?? ""
        case .string, .surrogateString: return String(decoding: rawBytes, as: UTF8.self).debugDescription
        case .path: return "Path(" + String(decoding: rawBytes, as: UTF8.self).debugDescription + ")"
        case .bytes: return "bytes(\(count))"
        case .byteArray: return "bytearray(\(count))"
        case .opaque: return opaque.map { "<opaque \($0)>" } ?? ""
        case .bigInteger: return bigInteger?.description ?? ""
        case .complex: return complex?.description ?? ""
        case .date: return date?.description ?? ""
        case .time: return time?.description ?? ""
        case .dateTime: return dateTime?.description ?? ""
        case .timeDelta: return timeDelta?.description ?? ""
        case .decimal: return decimal?.description ?? ""
        case .uniqueIdentifier: return uniqueIdentifier?.description ?? ""
        case .list, .dict, .tuple, .set, .frozenSet, .range, .timeZone, .fraction, .record, .enumCase:
            return "\(kind)(\(count))"
        }
    }
}
