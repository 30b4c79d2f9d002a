/// A UUID: 16 bytes.
public struct UniqueIdentifier: Hashable, Sendable {
    /// The first eight bytes, the first one most significant.
    public let high: UInt64
    /// The last eight bytes, the first one most significant.
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Nil unless there are 16 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        let value = bytes.reduce(0 as UInt128) { $0 << 8 | UInt128($1) }
        self.init(high: UInt64(value >> 64), low: UInt64(truncatingIfNeeded: value))
    }

    public var bytes: [UInt8] {
        [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
    }

    /// From text such as 6ba7b810-9dad-11d1-80b4-00c04fd430c8, in either case; nil for any other text.
    public init?(_ text: String) {
        let characters = Array(text.utf8)
        guard characters.count == 36 else { return nil }
        var words: [UInt64] = [0, 0]
        var digits = 0
        for (place, character) in characters.enumerated() {
            if [8, 13, 18, 23].contains(place) {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            guard let digit = Character(Unicode.Scalar(character)).hexDigitValue else { return nil }
            words[digits / 16] = words[digits / 16] << 4 | UInt64(digit)
            digits += 1
        }
        self.init(high: words[0], low: words[1])
    }
}

extension UniqueIdentifier: CustomStringConvertible {
    public var description: String {
        var text = ""
        for (place, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(place) { text += "-" }
            text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return text
    }
}

extension TapeBuilder {
    public mutating func append(_ value: UniqueIdentifier) {
        push(TapeHeader(.uniqueIdentifier).bits)
        push(value.high, value.low)
        children &+= 1
    }
}

extension TapeCursor {
    public mutating func readUniqueIdentifier() -> UniqueIdentifier {
        _ = take(.uniqueIdentifier)
        position &+= 3
        return UniqueIdentifier(high: storage.word(position &- 2), low: storage.word(position &- 1))
    }
}

extension TapeValue {
    public var uniqueIdentifier: UniqueIdentifier? { read(.uniqueIdentifier) { $0.readUniqueIdentifier() } }
}
