import DanaData

/// Integers of any size from text and to text, within the limit of digits that Python has, and to and from floats.
struct IntegerConversion {
    let heap: Heap

    /// The digits of the absolute value, in lower case.
    func digits(of integer: BigIntObject, radix: Int) throws(DanaError) -> [UInt8] {
        let value = BigInteger(integer).absolute
        try heap.reserve(value.bitCount / (63 - radix.leadingZeroBitCount) + 64)
        if radix.nonzeroBitCount != 1 {
            do throws(TextError) {
                try WrittenInteger.checkDigits(value)
            } catch { throw tooLong(error) }
        }
        try heap.charge(integer.count >> 3)
        return try value.digits(base: radix) { work throws(DanaError) in try heap.charge(steps: work) }
    }

    /// What `int(text, base)` gives, owned. Base 0 reads prefixes.
    func integer(from text: ByteView, base: Int) throws(DanaError) -> Value {
        let written: WrittenInteger
        switch try WrittenInteger.read(text, base: base, charge: { ticks throws(DanaError) in try heap.charge(ticks) })
        {
        case .success(let integer): written = integer
        case .failure(let error): throw tooLong(error)
        }
        if let small = written.small { return try heap.integer(small) }
        let value = try written.value { work throws(DanaError) in try heap.charge(steps: work) }
        return try heap.integer(value)
    }

    /// The error of too many digits, with what has no such limit; any other as it is.
    private func tooLong(_ error: TextError) -> DanaError {
        guard error.message.hasPrefix("Exceeds the limit") else { return heap.raised(error) }
        return heap.valueError(error.message + "; hexadecimal has no limit: hex(value), int(text, 16)")
    }
}

extension BigIntObject {
    /// The nearest float; nil when the integer is beyond the floats.
    var float: Double? { BigInteger(self).nearestDouble }
}

extension Heap {
    /// An int, bool or float as a float; an `OverflowError` for an int beyond the floats, nil for other values.
    @inline(__always) func float(from value: Value) throws(DanaError) -> Double? {
        if value.isInlineFloat { return value.inlineFloat }
        if value.isSmallInteger { return Double(value.smallInteger) }
        return try rareFloat(from: value)
    }

    private func rareFloat(from value: Value) throws(DanaError) -> Double? {
        switch Numbers.number(value) {
        case .small(let integer): return Double(integer)
        case .float(let float): return float
        case .big(let big):
            guard let float = big.float else { throw overflowError("int too large to convert to float") }
            return float
        case nil: return nil
        }
    }

    /// A float without its fraction as an integer, owned.
    func integer(truncating float: Double) throws(DanaError) -> Value {
        if let integer = Int(exactly: float.rounded(.towardZero)) { return try self.integer(integer) }
        if float.isNaN { throw valueError("cannot convert float NaN to integer") }
        guard let integer = BigInteger(truncating: float) else {
            throw overflowError("cannot convert float infinity to integer")
        }
        return try self.integer(integer)
    }
}
