/// An integer of any size as sign and magnitude words while the language calculates with it.
struct IntegerWords {
    var isNegative: Bool
    /// Least significant first, without leading zero words; empty for zero.
    var magnitude: [UInt64]

    init(isNegative: Bool, magnitude: [UInt64]) {
        self.isNegative = isNegative
        self.magnitude = magnitude
        while self.magnitude.last == 0 { self.magnitude.removeLast() }
    }

    init(_ integer: Int) {
        isNegative = integer < 0
        magnitude = integer == 0 ? [] : [UInt64(integer.magnitude)]
    }

    init(_ object: BigIntObject) {
        isNegative = object.isNegative
        magnitude = Array(object.magnitude)
    }

    /// From a finite float without a fraction.
    init(integral float: Double) {
        let exponent = float == 0 ? 0 : Int(float.exponent)
        if exponent < 63 {
            self.init(isNegative: float < 0, magnitude: [UInt64(float.magnitude)])
            return
        }
        let significand = float.significandBitPattern | 1 << 52
        let shift = exponent - 52
        var words = [UInt64](repeating: 0, count: shift / 64)
        words.append(significand << UInt64(shift % 64))
        if shift % 64 > 0 { words.append(significand >> UInt64(64 - shift % 64)) }
        self.init(isNegative: float < 0, magnitude: words)
    }

    /// Nil for what is no int or bool.
    init?(_ value: Value) {
        if let object = BigIntObject(value) {
            self.init(object)
        } else if case .small(let integer) = Numbers.number(value) {
            self.init(integer)
        } else {
            return nil
        }
    }

    /// From two's complement words, least significant first.
    init(twosComplement words: [UInt64]) {
        let isNegative = (words.last ?? 0) >> 63 == 1
        guard isNegative else {
            self.init(isNegative: false, magnitude: words)
            return
        }
        var carry = true
        let magnitude = words.map { word in
            let (negated, overflow) = (~word).addingReportingOverflow(carry ? 1 : 0)
            carry = overflow
            return negated
        }
        self.init(isNegative: true, magnitude: magnitude)
    }

    /// Two's complement in `count` words, which are more than the magnitude's.
    func twosComplement(_ count: Int) -> [UInt64] {
        let words = magnitude + Array(repeating: 0, count: count - magnitude.count)
        guard isNegative else { return words }
        var carry = true
        return words.map { word in
            let (negated, overflow) = (~word).addingReportingOverflow(carry ? 1 : 0)
            carry = overflow
            return negated
        }
    }

    var isZero: Bool { magnitude.isEmpty }
    var negated: IntegerWords { IntegerWords(isNegative: !isNegative && !isZero, magnitude: magnitude) }
    var absolute: IntegerWords { IntegerWords(isNegative: false, magnitude: magnitude) }

    /// The number of bits of the magnitude.
    var bitWidth: Int { magnitude.count * 64 - (magnitude.last?.leadingZeroBitCount ?? 0) }

    /// The nearest float, infinite when the integer is beyond all.
    var float: Double { scaledFloat(exponent: 0) }

    /// The float nearest to the integer times a power of two, rounded once, half to even.
    func scaledFloat(exponent: Int) -> Double {
        guard let top = magnitude.last else { return 0 }
        let width = bitWidth
        if width + exponent > 1024 { return isNegative ? -.infinity : .infinity }
        // The highest 64 bits, the lowest of them sticky.
        var bits: UInt64
        let drop = width - 64
        if drop <= 0 {
            bits = top << UInt64(-drop)
        } else {
            let (kept, lost) = Magnitude.shiftedRight(magnitude, drop)
            bits = kept[0] | (lost ? 1 : 0)
        }
        // A subnormal result has fewer bits of its own; rounding must still happen once.
        let scale = drop + exponent
        let lowest = scale + 11
        if lowest < -1074 {
            let excess = UInt64(min(-1074 - scale, 66))
            if excess > 64 { return isNegative ? -0.0 : 0 }
            let mask: UInt64 = excess == 64 ? .max : 1 << excess &- 1
            let half: UInt64 = 1 << (excess - 1)
            let rest = bits & mask
            bits = excess == 64 ? 0 : bits >> excess
            if rest > half || (rest == half && bits & 1 == 1) { bits += 1 }
            let float = Double(bitPattern: bits)
            return isNegative ? -float : float
        }
        let float = Double(sign: .plus, exponent: scale, significand: Double(bits))
        return isNegative ? -float : float
    }

    static func compareMagnitudes(_ left: UnsafeBufferPointer<UInt64>, _ right: UnsafeBufferPointer<UInt64>)
        -> Numbers.Order
    {
        if left.count != right.count { return left.count < right.count ? .less : .greater }
        for index in stride(from: left.count - 1, through: 0, by: -1) where left[index] != right[index] {
            return left[index] < right[index] ? .less : .greater
        }
        return .same
    }
}

extension Heap {
    /// An integer of any size that fits `Int`, as a small or a big one.
    @inline(__always) func integer(_ integer: Int) throws(DanaError) -> Value {
        if let value = Value(fitting: integer) { return value }
        return try self.integer(IntegerWords(integer))
    }

    /// The smallest form of an integer.
    func integer(_ words: IntegerWords) throws(DanaError) -> Value {
        let magnitude = words.magnitude
        if magnitude.isEmpty { return Value(small: 0) }
        if magnitude.count == 1, magnitude[0] <= 1 << 62 {
            let integer = Int(bitPattern: UInt(magnitude[0]))
            if let value = Value(fitting: words.isNegative ? 0 &- integer : integer) { return value }
        }
        let object = try allocate(BigIntObject.self, trailingBytes: magnitude.count * 8)
        object.at.pointee.isNegative = words.isNegative
        object.at.pointee.count = magnitude.count
        for index in magnitude.indices { object.start[index] = magnitude[index] }
        return object.value
    }
}
