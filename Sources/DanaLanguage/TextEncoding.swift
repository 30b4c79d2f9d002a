/// The encodings of text that `encode`, `decode` and `bytes` know.
enum TextEncoding {
    case utf8, ascii, latin1
    /// UTF-8 with a mark at its beginning, which may be absent from what is read.
    case utf8WithMark

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The encoding an argument names; UTF-8 when it is absent.
    init(naming call: NativeCall, _ index: Int) throws(DanaError) {
        guard let string = try call.optionalString(index) else {
            self = .utf8
            return
        }
        switch String(string.text.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 }) {
        case "utf-8", "utf8", "u8": self = .utf8
        case "utf-8-sig": self = .utf8WithMark
        case "ascii", "us-ascii", "646": self = .ascii
        case "latin-1", "latin1", "iso-8859-1", "iso8859-1", "l1": self = .latin1
        default: throw call.heap.error(.lookupError, "unknown encoding: \(string.text)")
        }
    }

    private var name: String {
        switch self {
        case .utf8, .utf8WithMark: "utf-8"
        case .ascii: "ascii"
        case .latin1: "latin-1"
        }
    }

    private var greatestScalar: UInt32 { self == .ascii ? 0x7F : 0xFF }

    /// The bytes of a text, owned.
    func encode(_ text: StringObject, errors: String?, _ heap: Heap) throws(DanaError) -> Value {
        try heap.charge(text.byteCount >> 6)
        if self == .utf8WithMark {
            var output = TextOutput(heap: heap)
            TextEncoding.mark.withView { output.append($0) }
            output.append(ByteView(text.bytes))
            return try output.byteString()
        }
        if self == .utf8 || text.isASCII { return try heap.bytes(copying: ByteView(text.bytes)) }
        var output = TextOutput(heap: heap)
        var index = 0
        for scalar in ByteView(text.bytes).scalars {
            if output.isStopped { break }
            if scalar.value <= greatestScalar {
                output.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                switch errors {
                case "ignore": break
                case "replace": output.append(UInt8(ascii: "?"))
                case "backslashreplace": output.append(text: TextEncoding.escape(scalar))
                case "xmlcharrefreplace": output.append(text: "&#\(scalar.value);")
                default:
                    try TextEncoding.requireHandler(errors, heap)
                    let rest = ByteView(text.bytes).scalars.dropFirst(index)
                    let count = rest.prefix { $0.value > greatestScalar }.reduce(0) { count, _ in count + 1 }
                    throw heap.unicodeError(
                        .unicodeEncodeError, name, text.value, index..<(index + count),
                        "ordinal not in range(\(greatestScalar + 1))")
                }
            }
            index += 1
        }
        return try output.byteString()
    }

    /// Names of what Python does about faults that here raise the error.
    private static let otherHandlers: Set<String> = [
        "strict", "surrogateescape", "surrogatepass", "namereplace", "xmlcharrefreplace",
    ]

    /// Throws unless a name says what to do about a fault.
    private static func requireHandler(_ name: String?, _ heap: Heap) throws(DanaError) {
        guard let name, !otherHandlers.contains(name) else { return }
        throw heap.error(.lookupError, "unknown error handler name '\(name)'")
    }

    static func escape(_ scalar: Unicode.Scalar) -> String {
        var bytes: [UInt8] = []
        var utf8: [UInt8] = []
        utf8.append(scalar: scalar)
        utf8.withView { TextRepr.write(text: $0, asciiOnly: true, into: &bytes) }
        return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
    }

    /// The text of some bytes, owned.
    func decode(_ bytes: BytesObject, errors: String?, _ heap: Heap) throws(DanaError) -> Value {
        try heap.charge(bytes.count >> 6)
        var view = ByteView(bytes.bytes)
        if self == .utf8WithMark, view.starts(with: TextEncoding.mark) { view = view.from(TextEncoding.mark.count) }
        let isUTF8 = self == .utf8 || self == .utf8WithMark
        if view.isASCII { return try heap.string(copying: view.buffer, scalars: view.count).value }
        var output = TextOutput(heap: heap)
        var offset = 0
        while offset < view.count, !output.isStopped {
            let byte = view[offset]
            var length = 1
            if byte < 0x80 || self == .latin1 {
                output.append(scalar: Unicode.Scalar(byte))
            } else if isUTF8, case (let scalar, let size) = TextScalars.decode(view, at: offset), size > 1 {
                output.append(scalar: scalar)
                length = size
            } else {
                let fault = TextFault(view, at: offset, isUTF8: isUTF8)
                switch errors {
                case "ignore": break
                case "replace": output.append(scalar: "\u{FFFD}")
                case "backslashreplace":
                    for index in offset..<offset + fault.length {
                        output.append("\\x")
                        output.append(hexadecimal: UInt32(view[index]), width: 2)
                    }
                default:
                    try TextEncoding.requireHandler(errors, heap)
                    let isWhole = view.count == bytes.count
                    let object =
                        isWhole ? heap.owned(heap.retained(bytes.value)) : heap.owned(try heap.bytes(copying: view))
                    throw heap.unicodeError(
                        .unicodeDecodeError, name, object.value, offset..<(offset + fault.length), fault.reason)
                }
                length = fault.length
            }
            offset += length
        }
        return try output.string()
    }
}

/// Bytes that are no text: how many, and why.
struct TextFault {
    let length: Int
    let reason: String

    init(_ view: ByteView, at offset: Int, isUTF8: Bool) {
        let first = view[offset]
        guard isUTF8 else {
            length = 1
            reason = "ordinal not in range(128)"
            return
        }
        guard first >= 0xC2, first < 0xF5 else {
            length = 1
            reason = "invalid start byte"
            return
        }
        let wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
        var good = 1
        while good < wanted, offset + good < view.count, TextFault.continues(view, offset, good) { good += 1 }
        length = good
        reason = offset + good == view.count ? "unexpected end of data" : "invalid continuation byte"
    }

    /// Whether a byte can stand at its place of a sequence, the second byte's narrower bounds included.
    private static func continues(_ view: ByteView, _ offset: Int, _ index: Int) -> Bool {
        let byte = view[offset + index]
        guard byte & 0xC0 == 0x80 else { return false }
        guard index == 1 else { return true }
        switch view[offset] {
        case 0xE0: return byte >= 0xA0
        case 0xED: return byte < 0xA0
        case 0xF0: return byte >= 0x90
        case 0xF4: return byte < 0x90
        default: return true
        }
    }
}

extension Heap {
    /// A `bytes` value that copies a view, owned.
    func bytes(copying view: ByteView) throws(DanaError) -> Value {
        try bytes(count: view.count) { start in
            if let source = view.buffer.baseAddress { start.update(from: source, count: view.count) }
        }.value
    }
}
