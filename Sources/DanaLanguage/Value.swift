/// One Dana value in eight bytes: a 63-bit integer, most floats, a constant, or a pointer to a heap object.
///
/// The low bits tell which: `1` an integer, `10` a float stored in itself, `0000` an object, `0100` a constant.
/// A value does not own what it points to; whoever stores one retains it, and `Owned` holds one in Swift code.
public struct Value: @unchecked Sendable {
    let bits: UInt64

    @inline(__always) init(bits: UInt64) { self.bits = bits }

    /// What an unassigned variable, an absent argument and a hole in a table hold; no program sees it.
    static let undefined = Value(bits: 0x04)
    static let null = Value(bits: 0x14)
    static let `false` = Value(bits: 0x24)
    static let `true` = Value(bits: 0x34)

    @inline(__always) init(_ flag: Bool) { bits = flag ? Value.true.bits : Value.false.bits }

    @inline(__always) var isUndefined: Bool { bits == Value.undefined.bits }
    @inline(__always) var isNull: Bool { bits == Value.null.bits }
    @inline(__always) var isBool: Bool { bits | 0x10 == Value.true.bits }
    @inline(__always) public func isIdentical(to other: Value) -> Bool { bits == other.bits }

    // MARK: Integers

    static let smallestInteger = Int.min >> 1
    static let largestInteger = Int.max >> 1

    /// An integer known to fit 63 bits.
    @inline(__always) init(small integer: Int) { bits = UInt64(bitPattern: Int64(integer)) << 1 | 1 }

    /// Nil when the integer needs a `BigIntObject`.
    @inline(__always) init?(fitting integer: Int) {
        let (doubled, overflow) = integer.addingReportingOverflow(integer)
        if overflow { return nil }
        bits = UInt64(bitPattern: Int64(doubled)) | 1
    }

    @inline(__always) var isSmallInteger: Bool { bits & 1 != 0 }

    /// The integer of a value for which `isSmallInteger` holds.
    @inline(__always) var smallInteger: Int { Int(Int64(bitPattern: bits) >> 1) }

    // MARK: Floats

    /// The encoding of 0.0, which the float it would otherwise be gives up to a box.
    private static let zeroFloat: UInt64 = 0x8000_0000_0000_0002

    /// Nil when the float's exponent is rare (beyond about 1e±77), infinite or NaN, or it is -0.0: a `BoxedFloat`.
    @inline(__always) init?(fitting float: Double) {
        let pattern = float.bitPattern
        if pattern == 0 {
            bits = Value.zeroFloat
            return
        }
        let exponent = (pattern >> 60) & 7
        guard exponent == 3 || exponent == 4 else { return nil }
        let rotated = (pattern << 3 | pattern >> 61) & ~3 | 2
        if rotated == Value.zeroFloat { return nil }
        bits = rotated
    }

    @inline(__always) var isInlineFloat: Bool { bits & 3 == 2 }

    /// The float of a value for which `isInlineFloat` holds.
    @inline(__always) var inlineFloat: Double {
        if bits == Value.zeroFloat { return 0 }
        let restored = bits & ~3 | (2 &- (bits >> 63))
        return Double(bitPattern: restored >> 3 | restored << 61)
    }

    // MARK: Objects

    @inline(__always) init(object: UnsafeMutablePointer<ObjectHeader>) {
        bits = UInt64(UInt(bitPattern: object))
    }

    @inline(__always) var isObject: Bool { bits & 0xF == 0 }

    /// The header of a value for which `isObject` holds.
    @inline(__always) var object: UnsafeMutablePointer<ObjectHeader> {
        // Safe because only `init(object:)` makes values with four low zero bits, from non-null pointers.
        UnsafeMutablePointer(bitPattern: UInt(bits)).unsafelyUnwrapped
    }

    /// The kind of the object, or nil for a value that is none.
    @inline(__always) var objectKind: ObjectKind? { isObject ? object.pointee.kind : nil }

    @inline(__always) func isObject(_ kind: ObjectKind) -> Bool { isObject && object.pointee.kind == kind }
}
