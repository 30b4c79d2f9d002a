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

extension Value {
    /// Nil when the integer needs a `BigIntObject`.
    fileprivate init?(fitting integer: IntegerView) {
        guard integer.magnitude.count <= 1 else { return nil }
        guard let word = integer.magnitude.first else {
            self.init(small: 0)
            return
        }
        guard let size = Int(exactly: word) else { return nil }
        self.init(fitting: integer.isNegative ? -size : size)
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
        let isNegative = integer.isNegative
        return try integer.magnitude.withUnsafeBufferPointer { magnitude throws(DanaError) in
            try self.integer(IntegerView(isNegative: isNegative, magnitude: magnitude))
        }
    }

    func integer(_ integer: IntegerView) throws(DanaError) -> Value {
        if let small = Value(fitting: integer) { return small }
        let object = try bigInteger(capacity: integer.magnitude.count)
        if let source = integer.magnitude.baseAddress { object.start.update(from: source, count: object.count) }
        object.at.pointee.isNegative = integer.isNegative
        return object.value
    }

    /// A big integer of so many words, which are to be written.
    func bigInteger(capacity: Int) throws(DanaError) -> BigIntObject {
        let object = try allocate(BigIntObject.self, trailingBytes: capacity * MemoryLayout<UInt64>.stride)
        object.at.pointee.isNegative = false
        object.at.pointee.count = capacity
        return object
    }

    /// Charges steps of about a word's multiplication each, as work with integers of any size tells of them.
    func charge(steps: Int) throws(DanaError) { try charge(steps >> 6 &+ 1) }
}
