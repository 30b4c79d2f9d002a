/// An integer of any size as sign and magnitude.
///
/// Sums, differences and bit operations take time linear in the sizes. What may take longer (products, quotients,
/// powers, roots, text) takes a `charge` closure, which is told of steps of about a word's multiplication before they
/// are made and stops the work by throwing. Results have at most these many words, for whoever must make room first: a
/// sum one more than the longer number; a product as many as both together; a quotient as many as the dividend; a
/// remainder as many as the divisor; a power `powerBits(_:)` bits; a text `decimalDigitsBound` digits. Long products
/// and quotients use about four times as much for a while.
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

    public init(_ value: Int) {
        isNegative = value < 0
        magnitude = value == 0 ? [] : [UInt64(value.magnitude)]
    }

    public var isZero: Bool { magnitude.isEmpty }

    // MARK: Two's complement

    /// From two's complement bytes, least significant first. No bytes are zero.
    public init(twosComplementLittleEndian bytes: UnsafeRawBufferPointer) {
        let isNegative = (bytes.last ?? 0) & 0x80 != 0
        var magnitude: [UInt64] = []
        magnitude.reserveCapacity(bytes.count / 8 + 1)
        var carry = isNegative
        for offset in stride(from: 0, to: bytes.count, by: 8) {
            var word: UInt64
            if bytes.count - offset >= 8 {
                // Safe because eight bytes were just found to be there.
                word = UInt64(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
            } else {
                word = isNegative ? ~0 : 0
                for byte in bytes[offset...].reversed() { word = word << 8 | UInt64(byte) }
            }
            if isNegative {
                word = ~word
                if carry { (word, carry) = word.addingReportingOverflow(1) }
            }
            magnitude.append(word)
        }
        // No carry leaves the top, where the sign bit was.
        self.init(isNegative: isNegative, magnitude: magnitude)
    }

    public init(twosComplementLittleEndian bytes: [UInt8]) {
        self = unsafe bytes.withUnsafeBytes { unsafe BigInteger(twosComplementLittleEndian: $0) }
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
}

extension BigInteger: Comparable {
    public static func < (left: BigInteger, right: BigInteger) -> Bool {
        guard left.isNegative == right.isNegative else { return left.isNegative }
        let order = Words.compare(left.magnitude, right.magnitude)
        return left.isNegative ? order > 0 : order < 0
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
