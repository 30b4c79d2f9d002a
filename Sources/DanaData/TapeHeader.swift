/// The first word of a node of a `Tape`: seven bits of kind, one bit that selects a variant of the
/// kind, 56 bits of payload. What follows depends on the kind:
///
/// | kind | variant bit | payload | further words |
/// |---|---|---|---|
/// | null | | | |
/// | bool | | 0 or 1 | |
/// | int | the payload is too small | the value, signed | the value, when the variant is set |
/// | double | | | bit pattern |
/// | string | all bytes are ASCII | number of bytes | the bytes, padded with zeros |
/// | surrogateString, bytes, byteArray | | number of bytes | the bytes, padded with zeros |
/// | path | has lone surrogates | number of bytes | the bytes, padded with zeros |
/// | bigInteger | negative | number of words | magnitude, least significant word first |
/// | complex | | | bit patterns of the real and the imaginary part |
/// | list, tuple, set, frozenSet | | number of elements | words in the whole node, elements |
/// | dict | | number of pairs | words in the whole node, keys and values |
/// | range, fraction, timeZone, enumCase | | number of parts | words in the whole node, parts |
/// | record | | number of fields | words in the whole node, type, names and values |
/// | date | | year, month, day | |
/// | time | a time zone follows | time of day | the timeZone node, when the variant is set |
/// | dateTime | a time zone follows | date | time of day; the timeZone node, when the variant is set |
/// | timeDelta | | days, signed | seconds and microseconds |
/// | decimal | negative | number of digits and form | exponent; ASCII digits, padded with zeros |
/// | uniqueIdentifier | | | 16 bytes |
/// | opaque | | number | |
///
/// A payload of 56 bits holds every length that memory can hold. Nodes hold no absolute positions:
/// a node's words mean the same at any place on any tape, and equal words are equal values.
@usableFromInline struct TapeHeader {
    @usableFromInline let bits: UInt64

    @inlinable @inline(__always) init(bits: UInt64) {
        self.bits = bits
    }

    @inlinable @inline(__always) init(_ kind: TapeKind, variant: Bool = false, payload: Int = 0) {
        bits = UInt64(kind.rawValue) | (variant ? 0x80 : 0) | UInt64(bitPattern: Int64(payload)) &<< 8
    }

    @inlinable @inline(__always) var kind: TapeKind {
        // Safe because a builder writes only raw values of TapeKind, and these are 0, 1, 2, ... in
        // the order of the cases, which is how Swift represents an enum without payloads.
        unsafe unsafeBitCast(UInt8(truncatingIfNeeded: bits & 0x7f), to: TapeKind.self)
    }

    @inlinable @inline(__always) var variant: Bool { bits & 0x80 != 0 }

    /// The payload as a count; at most 2^56 - 1.
    @inlinable @inline(__always) var count: Int { Int(truncatingIfNeeded: bits &>> 8) }

    /// The payload with its sign.
    @inlinable @inline(__always) var signed: Int64 { Int64(bitPattern: bits) &>> 8 }
}
