/// Texts that are taken out of others wherever they stand: byte by byte, whatever marks surround them, and also with
/// the escapes that JSON has for their characters.
public struct KnownSecrets: Sendable {
    /// The longest first, because one may begin with another.
    private var secrets: [[UInt8]] = []
    /// Whether a secret begins with a byte.
    private var begins = [Bool](repeating: false, count: 256)

    public init(_ secrets: some Sequence<String> = []) {
        for secret in secrets { insert(secret) }
    }

    public mutating func insert(_ secret: String) {
        let bytes = Array(secret.utf8)
        guard let first = bytes.first, !secrets.contains(bytes) else { return }
        begins[Int(first)] = true
        secrets.insert(bytes, at: secrets.firstIndex { $0.count <= bytes.count } ?? secrets.endIndex)
    }

    /// The text with `mark` in the place of each secret, and how many there were.
    public func removed(from text: String, mark: String) -> (text: String, taken: Int) {
        guard !secrets.isEmpty else { return (text, 0) }
        let bytes = Array(text.utf8)
        let hasEscapes = bytes.contains(JSONEscape.start)
        var result: [UInt8] = []
        var (plain, place, taken) = (0, 0, 0)
        while place < bytes.count {
            guard let end = end(in: bytes, from: place, hasEscapes) else {
                place += 1
                continue
            }
            result += bytes[plain..<place]
            result += mark.utf8
            taken += 1
            (plain, place) = (end, end)
        }
        guard taken > 0 else { return (text, 0) }
        result += bytes[plain...]
        return (String(decoding: result, as: UTF8.self), taken)
    }

    /// Where the secret ends that begins here; nil when none does.
    private func end(in text: [UInt8], from start: Int, _ hasEscapes: Bool) -> Int? {
        if begins[Int(text[start])] {
            let rest = text[start...]
            if let secret = secrets.first(where: { rest.starts(with: $0) }) { return start + secret.count }
        }
        guard hasEscapes, text[start] == JSONEscape.start || begins[Int(text[start])] else { return nil }
        for secret in secrets {
            if let end = Self.endOfEscaped(secret, in: text, from: start) { return end }
        }
        return nil
    }

    /// Where a secret ends of which any character may be written as an escape.
    private static func endOfEscaped(_ secret: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        var place = start
        var left = secret[...]
        while let byte = left.first {
            guard place < text.count else { return nil }
            if let escape = JSONEscape(in: text, at: place) {
                guard left.starts(with: escape.utf8) else { return nil }
                left = left.dropFirst(escape.utf8.count)
                place = escape.end
            } else {
                guard text[place] == byte else { return nil }
                left = left.dropFirst()
                place += 1
            }
        }
        return place
    }
}

/// A character as JSON may write it: `\"`, `\/`, `\u00e9`, two of which may be the halves of one.
private struct JSONEscape {
    static let start = UInt8(ascii: "\\")

    let utf8: [UInt8]
    /// Where the text goes on.
    let end: Int

    /// Nil when no escape stands here.
    init?(in text: [UInt8], at place: Int) {
        guard text[place] == Self.start, place + 1 < text.count else { return nil }
        switch text[place + 1] {
        case UInt8(ascii: "b"): self.init(0x08, end: place + 2)
        case UInt8(ascii: "f"): self.init(0x0c, end: place + 2)
        case UInt8(ascii: "n"): self.init(0x0a, end: place + 2)
        case UInt8(ascii: "r"): self.init(0x0d, end: place + 2)
        case UInt8(ascii: "t"): self.init(0x09, end: place + 2)
        case UInt8(ascii: "u"):
            guard let unit = Self.unit(in: text, at: place) else { return nil }
            if (0xd800...0xdbff).contains(unit), let low = Self.unit(in: text, at: place + 6),
                (0xdc00...0xdfff).contains(low)
            {
                self.init(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00), end: place + 12)
            } else {
                self.init(unit, end: place + 6)
            }
        case let byte where byte == Self.start || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "/"):
            self.init(UInt32(byte), end: place + 2)
        default: return nil
        }
    }

    private init?(_ scalar: UInt32, end: Int) {
        guard let scalar = Unicode.Scalar(scalar) else { return nil }
        utf8 = Array(String(scalar).utf8)
        self.end = end
    }

    /// The number of `\u` and four digits.
    private static func unit(in text: [UInt8], at place: Int) -> UInt32? {
        guard place + 6 <= text.count, text[place] == start, text[place + 1] == UInt8(ascii: "u") else { return nil }
        var unit: UInt32 = 0
        for byte in text[(place + 2)..<(place + 6)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}
