import DanaData

/// What the numeric types have in common: exact comparison across int, float and bool.
enum Numbers {
    enum Order {
        case less, same, greater
        /// One of them is NaN.
        case unordered
    }

    /// An int, bool or float as a case to switch over.
    enum Number {
        case small(Int)
        case big(BigIntObject)
        case float(Double)

        /// The integer as a byte; nil for floats and integers that fit none.
        var byte: UInt8? { if case .small(let integer) = self { UInt8(exactly: integer) } else { nil } }
    }

    /// Nil for what is no number.
    @inline(__always) static func number(_ value: Value) -> Number? {
        if value.isSmallInteger { return .small(value.smallInteger) }
        if value.isInlineFloat { return .float(value.inlineFloat) }
        if value.isBool { return .small(value.isIdentical(to: .true) ? 1 : 0) }
        if let big = BigIntObject(value) { return .big(big) }
        if let box = BoxedFloat(value) { return .float(box.float) }
        return nil
    }

    /// Nil unless both are numbers.
    static func compare(_ left: Value, _ right: Value) -> Order? {
        guard let left = number(left), let right = number(right) else { return nil }
        switch (left, right) {
        case (.small(let left), .small(let right)): return left < right ? .less : left == right ? .same : .greater
        case (.float(let left), .float(let right)):
            return left < right ? .less : left == right ? .same : left > right ? .greater : .unordered
        case (.small(let left), .float(let right)): return compare(left, right)
        case (.float(let left), .small(let right)): return reversed(compare(right, left))
        case (.small, .big(let right)): return right.isNegative ? .greater : .less
        case (.big(let left), .small): return left.isNegative ? .less : .greater
        case (.big(let left), .big(let right)): return compare(left, right)
        case (.big(let left), .float(let right)): return compare(left, right)
        case (.float(let left), .big(let right)): return reversed(compare(right, left))
        }
    }

    private static func reversed(_ order: Order) -> Order {
        switch order {
        case .less: .greater
        case .greater: .less
        case .same, .unordered: order
        }
    }

    private static func compare(_ left: Int, _ right: Double) -> Order {
        if right.isNaN { return .unordered }
        if right >= 0x1p63 { return .less }
        if right < -0x1p63 { return .greater }
        let whole = right.rounded(.down)
        let integer = Int(whole)
        if left != integer { return left < integer ? .less : .greater }
        return whole == right ? .same : .less
    }

    static func compare(_ left: BigIntObject, _ right: BigIntObject) -> Order {
        if left.isNegative != right.isNegative { return left.isNegative ? .less : .greater }
        let order = compare(left.magnitude, right.magnitude)
        return left.isNegative ? reversed(order) : order
    }

    private static func compare(_ left: UnsafeBufferPointer<UInt64>, _ right: UnsafeBufferPointer<UInt64>) -> Order {
        if left.count != right.count { return left.count < right.count ? .less : .greater }
        for index in stride(from: left.count - 1, through: 0, by: -1) where left[index] != right[index] {
            return left[index] < right[index] ? .less : .greater
        }
        return .same
    }

    private static func compare(_ left: BigIntObject, _ right: Double) -> Order {
        guard let order = BigInteger(left).compare(right) else { return .unordered }
        return order < 0 ? .less : order > 0 ? .greater : .same
    }
}
