import CPython

/// What the elements of an Arrow column are.
public enum ArrowType: Sendable, Hashable {
    case null
    case bool
    case int8, int16, int32, int64
    case uint8, uint16, uint32, uint64
    case float16, float32, float64
    /// Text in UTF-8, with offsets of 32 bits, of 64, or as views.
    case utf8, largeUTF8, utf8View
    case binary, largeBinary, binaryView
    /// As many bytes in every element.
    case fixedBinary(Int)
    /// Days since 1970, as `Int32`.
    case date32
    /// Milliseconds since 1970, as `Int64`.
    case date64
    /// Since midnight: `Int32` for seconds and milliseconds, `Int64` for finer ones.
    case time(ArrowTimeUnit)
    /// Since 1970, as `Int64`; in UTC when there is a zone, on an unnamed clock otherwise.
    case timestamp(ArrowTimeUnit, zone: String?)
    /// An `Int64`.
    case duration(ArrowTimeUnit)
    /// Integers that number the elements of another column.
    indirect case dictionary(indexes: ArrowType, values: ArrowType)
    /// Everything else, by its format: reachable, but not readable here.
    case opaque(String)

    init(_ schema: borrowing ArrowSchema) {
        let own = Self(format: schema.format.map { String(cString: $0) } ?? "")
        if let values = schema.dictionary {
            self = .dictionary(indexes: own, values: ArrowType(values.pointee))
        } else {
            self = own
        }
    }

    private static let plain: [String: ArrowType] = [
        "n": .null, "b": .bool, "c": .int8, "s": .int16, "i": .int32, "l": .int64, "C": .uint8, "S": .uint16,
        "I": .uint32, "L": .uint64, "e": .float16, "f": .float32, "g": .float64, "u": .utf8, "U": .largeUTF8,
        "vu": .utf8View, "z": .binary, "Z": .largeBinary, "vz": .binaryView, "tdD": .date32, "tdm": .date64,
    ]

    init(format: String) {
        if let plain = Self.plain[format] {
            self = plain
            return
        }
        let letters = Array(format.utf8.prefix(4))
        let unit = letters.count > 2 ? ArrowTimeUnit(letter: letters[2]) : nil
        if format.hasPrefix("w:"), let width = Int(format.dropFirst(2)), width >= 0 {
            self = .fixedBinary(width)
        } else if format.hasPrefix("tt"), let unit, format.utf8.count == 3 {
            self = .time(unit)
        } else if format.hasPrefix("tD"), let unit, format.utf8.count == 3 {
            self = .duration(unit)
        } else if format.hasPrefix("ts"), let unit, letters.count == 4, letters[3] == UInt8(ascii: ":") {
            let zone = String(format.dropFirst(4))
            self = .timestamp(unit, zone: zone.isEmpty ? nil : zone)
        } else {
            self = .opaque(format)
        }
    }

    /// The class and size in bytes of elements that lie in memory one after the other; nil for all others.
    var element: (kind: BufferClass, size: Int)? {
        switch self {
        case .int8: (.signed, 1)
        case .int16: (.signed, 2)
        case .int32, .date32, .time(.seconds), .time(.milliseconds): (.signed, 4)
        case .int64, .date64, .timestamp, .duration, .time: (.signed, 8)
        case .uint8: (.unsigned, 1)
        case .uint16: (.unsigned, 2)
        case .uint32: (.unsigned, 4)
        case .uint64: (.unsigned, 8)
        case .float16: (.float, 2)
        case .float32: (.float, 4)
        case .float64: (.float, 8)
        case .dictionary(let indexes, _): indexes.element
        default: nil
        }
    }

    /// How many buffers an array of this type has at least.
    var bufferCount: Int64 {
        switch self {
        case .null, .opaque: 0
        case .utf8, .largeUTF8, .binary, .largeBinary, .utf8View, .binaryView: 3
        case .dictionary(let indexes, _): indexes.bufferCount
        default: 2
        }
    }
}

/// What times in an Arrow column count.
public enum ArrowTimeUnit: Sendable, Hashable {
    case seconds, milliseconds, microseconds, nanoseconds

    init?(letter: UInt8) {
        switch letter {
        case UInt8(ascii: "s"): self = .seconds
        case UInt8(ascii: "m"): self = .milliseconds
        case UInt8(ascii: "u"): self = .microseconds
        case UInt8(ascii: "n"): self = .nanoseconds
        default: return nil
        }
    }
}
