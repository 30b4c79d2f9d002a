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

    var isZero: Bool { magnitude.isEmpty }

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
