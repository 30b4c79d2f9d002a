/// The template of the `%` operator on text, part by part: literal text, and items such as `%5.2f` and `%(name)s`.
struct PercentTemplate {
    enum Part {
        case text(ByteView)
        case item(PercentItem)
    }

    private let text: ByteView
    private let takesBytes: Bool
    private let takesKeys: Bool
    private var offset = 0

    init(_ text: ByteView, takesBytes: Bool = false, takesKeys: Bool = true) {
        self.text = text
        self.takesBytes = takesBytes
        self.takesKeys = takesKeys
    }

    /// The next part, nil after the last one. A doubled percent sign is literal text.
    mutating func next() throws(TextError) -> Part? {
        guard offset < text.count else { return nil }
        let start = offset
        guard text[offset] == UInt8(ascii: "%") else {
            offset = text.first(UInt8(ascii: "%"), from: start) ?? text.count
            return .text(text[start..<offset])
        }
        offset += 1
        if try byte() == UInt8(ascii: "%") {
            offset += 1
            return .text(text[offset - 1..<offset])
        }
        var item = PercentItem()
        if try byte() == UInt8(ascii: "(") { item.key = try readKey() }
        while let flag = PercentItem.Flags(byte: try byte()) {
            item.flags.formUnion(flag)
            offset += 1
        }
        item.width = try readSize(limit: .max, "width too big")
        if try byte() == UInt8(ascii: ".") {
            offset += 1
            item.precision = try readSize(limit: Int(Int32.max), "precision too big") ?? .given(0)
        }
        switch try byte() {
        case UInt8(ascii: "h"), UInt8(ascii: "l"), UInt8(ascii: "L"): offset += 1
        default: break
        }
        _ = try byte()
        let (type, length) = TextScalars.decode(text, at: offset)
        if let kind = PercentItem.Kind(rawValue: type), takesBytes || kind != .bytes {
            item.kind = kind
        } else {
            let shown = type.value > 31 && type.value < 128 ? String(type) : "?"
            let index = TextScalars.count(text[0..<offset])
            item.fault = TextError(
                .value,
                "unsupported format character '\(shown)' (0x\(String(type.value, radix: 16))) at index \(index)")
        }
        offset += length
        return .item(item)
    }

    private func byte() throws(TextError) -> UInt8 {
        guard offset < text.count else { throw TextError(.value, "incomplete format") }
        return text[offset]
    }

    private mutating func readKey() throws(TextError) -> ByteView {
        guard takesKeys else { throw TextError(.type, "format requires a mapping") }
        offset += 1
        let start = offset
        var open = 1
        while offset < text.count {
            if text[offset] == UInt8(ascii: "(") { open += 1 }
            if text[offset] == UInt8(ascii: ")") { open -= 1 }
            offset += 1
            if open == 0 { return text[start..<offset - 1] }
        }
        throw TextError(.value, "incomplete format key")
    }

    private mutating func readSize(limit: Int, _ message: String) throws(TextError) -> PercentItem.Size? {
        if try byte() == UInt8(ascii: "*") {
            offset += 1
            return .argument
        }
        var value: Int?
        while case let digit = try byte() &- 48, digit < 10 {
            let (product, overflow) = (value ?? 0).multipliedReportingOverflow(by: 10)
            let (sum, overflowOfSum) = product.addingReportingOverflow(Int(digit))
            guard !overflow, !overflowOfSum, sum <= limit else { throw TextError(.value, message) }
            value = sum
            offset += 1
        }
        return value.map { .given($0) }
    }
}
