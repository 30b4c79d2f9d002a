/// An integer of any size as sign and magnitude. It carries values and compares them; it does not
/// calculate.
public struct BigInteger: Hashable, Sendable {
    public let isNegative: Bool
    /// The absolute value, least significant word first, without leading zero words; empty for zero.
    public let magnitude: [UInt64]

    /// Leading zero words and the sign of a zero are dropped.
    public init(isNegative: Bool, magnitude: [UInt64]) {
        var magnitude = magnitude
        while magnitude.last == 0 { magnitude.removeLast() }
        self.isNegative = isNegative && !magnitude.isEmpty
        self.magnitude = magnitude
    }

    public init(_ value: some BinaryInteger) {
        self.init(isNegative: value < 0, magnitude: value.magnitude.words.map { UInt64($0) })
    }

    public var isZero: Bool { magnitude.isEmpty }

    // MARK: Two's complement

    /// From two's complement bytes, least significant first. No bytes are zero.
    public init(twosComplementLittleEndian bytes: some RandomAccessCollection<UInt8>) {
        let isNegative = (bytes.last ?? 0) & 0x80 != 0
        var magnitude: [UInt64] = []
        magnitude.reserveCapacity(bytes.count / 8 + 1)
        var word: UInt64 = 0
        var shift: UInt64 = 0
        var carry = isNegative
        for byte in bytes {
            var byte = byte
            if isNegative {
                byte = ~byte
                if carry { (byte, carry) = byte.addingReportingOverflow(1) }
            }
            word |= UInt64(byte) << shift
            shift += 8
            if shift == 64 {
                magnitude.append(word)
                (word, shift) = (0, 0)
            }
        }
        // The carry leaves the top only for a magnitude of zero bytes, which has no sign bit.
        magnitude.append(word)
        self.init(isNegative: isNegative, magnitude: magnitude)
    }

    /// The shortest two's complement form, least significant byte first; one zero byte for zero.
    public var twosComplementLittleEndian: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(magnitude.count * 8 + 1)
        var carry = isNegative
        for word in magnitude {
            var word = word
            if isNegative {
                word = ~word
                if carry { (word, carry) = word.addingReportingOverflow(1) }
            }
            for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        let sign: UInt8 = isNegative ? 0xff : 0
        bytes.append(sign)
        while bytes.count > 1, bytes.last == sign, (bytes[bytes.count - 2] ^ sign) & 0x80 == 0 { bytes.removeLast() }
        return bytes
    }

    // MARK: Decimal text

    /// From decimal digits with an optional sign; nil for any other text.
    public init?(_ text: some StringProtocol) {
        var digits = Array(text.utf8)[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }
        guard !digits.isEmpty, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        var magnitude: [UInt64] = []
        while !digits.isEmpty {
            let length = (digits.count - 1) % BigInteger.chunkDigits + 1
            var carry = digits.prefix(length).reduce(0 as UInt64) { $0 &* 10 &+ UInt64($1 &- 48) }
            digits = digits.dropFirst(length)
            // Only the first chunk may be short, and there is nothing to multiply before it.
            for index in magnitude.indices {
                let product = magnitude[index].multipliedFullWidth(by: BigInteger.chunk)
                let (low, overflow) = product.low.addingReportingOverflow(carry)
                magnitude[index] = low
                carry = product.high &+ (overflow ? 1 : 0)
            }
            if carry > 0 { magnitude.append(carry) }
        }
        self.init(isNegative: isNegative, magnitude: magnitude)
    }

    /// Ten to the number of digits that are converted at a time.
    private static let chunk: UInt64 = 1_000_000_000_000_000_000
    private static let chunkDigits = 18
}

extension BigInteger: CustomStringConvertible {
    /// Decimal digits, with a minus sign for a negative number.
    public var description: String {
        guard !isZero else { return "0" }
        var rest = magnitude
        var chunks: [UInt64] = []
        while !rest.isEmpty {
            var remainder: UInt64 = 0
            for index in rest.indices.reversed() {
                (rest[index], remainder) = BigInteger.chunk.dividingFullWidth((remainder, rest[index]))
            }
            chunks.append(remainder)
            while rest.last == 0 { rest.removeLast() }
        }
        var text = isNegative ? "-" : ""
        for (place, chunk) in chunks.reversed().enumerated() {
            let digits = String(chunk)
            if place > 0 { text += String(repeating: "0", count: BigInteger.chunkDigits - digits.utf8.count) }
            text += digits
        }
        return text
    }
}

extension BigInteger: Comparable {
    public static func < (left: BigInteger, right: BigInteger) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        let (smaller, larger) = left.isNegative ? (right, left) : (left, right)
        guard smaller.magnitude.count == larger.magnitude.count else {
            return smaller.magnitude.count < larger.magnitude.count
        }
        return smaller.magnitude.reversed().lexicographicallyPrecedes(larger.magnitude.reversed())
    }
}

extension FixedWidthInteger {
    /// The same value, or nil when it is outside of the range of this type.
    public init?(exactly value: BigInteger) {
        guard value.magnitude.count <= (Self.bitWidth + 63) / 64 else { return nil }
        var size: Magnitude = 0
        for (place, word) in value.magnitude.enumerated() {
            guard let part = Magnitude(exactly: word) else { return nil }
            size |= part << (64 * place)
        }
        if value.isNegative {
            // The smallest value has a magnitude of its own, one beyond that of the largest.
            guard Self.isSigned, size <= Self.min.magnitude else { return nil }
            self = 0 &- Self(truncatingIfNeeded: size)
        } else {
            guard size <= Self.max.magnitude else { return nil }
            self = Self(truncatingIfNeeded: size)
        }
    }
}

extension TapeBuilder {
    /// An integer of any size; one that fits is stored as an `Int64`.
    public mutating func append(_ value: BigInteger) {
        if let small = Int64(exactly: value) { return appendInt(small) }
        push(TapeHeader(.bigInteger, variant: value.isNegative, payload: value.magnitude.count).bits)
        for word in value.magnitude { push(word) }
        children &+= 1
    }
}

extension TapeCursor {
    /// Reads an integer of any size: an int or a bigInteger.
    public mutating func readBigInteger() -> BigInteger {
        if kind == .int { return BigInteger(readInt()) }
        let header = take(.bigInteger)
        let start = position &+ 1
        position = start &+ header.count
        return BigInteger(isNegative: header.variant, magnitude: (start..<position).map { storage.word($0) })
    }
}

extension TapeValue {
    /// An integer of any size.
    public var bigInteger: BigInteger? {
        read(kind == .int ? .int : .bigInteger) { $0.readBigInteger() }
    }
}
