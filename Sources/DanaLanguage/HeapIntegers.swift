import DanaData

/// Integers of any size, as values and as what calculates with them.
extension BigInteger {
    init(_ object: BigIntObject) {
        self.init(isNegative: object.isNegative, magnitude: Array(object.magnitude))
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
}

/// Integers of any size as values.
extension Heap {
    /// An integer that fits `Int`, as a small or a big one.
    @inline(__always) func integer(_ integer: Int) throws(DanaError) -> Value {
        if let value = Value(fitting: integer) { return value }
        return try self.integer(BigInteger(integer))
    }

    /// The smallest form of an integer.
    func integer(_ integer: BigInteger) throws(DanaError) -> Value {
        let magnitude = integer.magnitude
        if magnitude.count <= 1, let small = Int(exactly: integer), let value = Value(fitting: small) { return value }
        let object = try allocate(BigIntObject.self, trailingBytes: magnitude.count * 8)
        object.at.pointee.isNegative = integer.isNegative
        object.at.pointee.count = magnitude.count
        object.start.initialize(from: magnitude, count: magnitude.count)
        return object.value
    }

    /// Charges steps of about a word's multiplication each, as work with integers of any size tells of them.
    func charge(steps: Int) throws(DanaError) { try charge(steps >> 6 &+ 1) }
}
