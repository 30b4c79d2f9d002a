/// Readers of a call's arguments; each refuses a value of another type in the one form of argument errors.
extension NativeCall {
    @inline(__always) func isAbsent(_ index: Int) -> Bool { self[index].isUndefined }

    /// Absent, or null given in its place.
    @inline(__always) func isAbsentOrNull(_ index: Int) -> Bool { self[index].isUndefined || self[index].isNull }

    @inline(__always) func string(_ index: Int) throws(DanaError) -> StringObject {
        guard let string = StringObject(self[index]) else { throw expects("str", at: index) }
        return string
    }

    /// Nil for absent or null.
    func optionalString(_ index: Int) throws(DanaError) -> StringObject? {
        if isAbsentOrNull(index) { return nil }
        guard let string = StringObject(self[index]) else { throw expects("str or None", at: index) }
        return string
    }

    func bytes(_ index: Int) throws(DanaError) -> BytesObject {
        guard let bytes = BytesObject(self[index]) else { throw expects("bytes", at: index) }
        return bytes
    }

    func list(_ index: Int) throws(DanaError) -> ListObject {
        guard let list = ListObject(self[index]) else { throw expects("list", at: index) }
        return list
    }

    func dict(_ index: Int) throws(DanaError) -> DictObject {
        guard let dict = DictObject(self[index]) else { throw expects("dict", at: index) }
        return dict
    }

    func set(_ index: Int) throws(DanaError) -> SetObject {
        guard let set = SetObject(self[index]) else { throw expects("set", at: index) }
        return set
    }

    /// An int or bool as it fits a machine word; an `OverflowError` otherwise.
    @inline(__always) func integer(_ index: Int) throws(DanaError) -> Int {
        let value = self[index]
        if value.isSmallInteger { return value.smallInteger }
        return try rareInteger(index)
    }

    private func rareInteger(_ index: Int) throws(DanaError) -> Int {
        let value = self[index]
        if value.isBool { return value.isIdentical(to: .true) ? 1 : 0 }
        guard let big = BigIntObject(value) else { throw expects("int", at: index) }
        if let fitting = big.fittingInteger { return fitting }
        throw heap.overflowError("Python int too large to convert to C ssize_t")
    }

    /// An int brought into the range of a machine word, as slices take their bounds.
    func clampedInteger(_ index: Int) throws(DanaError) -> Int {
        if let big = BigIntObject(self[index]) { return big.isNegative ? .min : .max }
        return try integer(index)
    }

    /// Nil for absent or null.
    func optionalInteger(_ index: Int) throws(DanaError) -> Int? {
        if isAbsentOrNull(index) { return nil }
        guard self[index].isSmallInteger || self[index].isBool || self[index].isObject(.bigInt) else {
            throw expects("int or None", at: index)
        }
        return try clampedInteger(index)
    }

    /// The truth of an argument; false when it is absent.
    func flag(_ index: Int) throws(DanaError) -> Bool {
        if isAbsent(index) { return false }
        return try heap.isTrue(self[index])
    }

    /// As `flag`, of what Python takes for an integer.
    func integerFlag(_ index: Int) throws(DanaError) -> Bool {
        let type = self[index].builtInType
        guard type == .bool || type == .int || self[index].isObject(.hostHandle) else {
            throw heap.typeError("'\(self[index].typeName)' object cannot be interpreted as an integer")
        }
        return try flag(index)
    }

    /// An int, bool or float as a float.
    @inline(__always) func float(_ index: Int) throws(DanaError) -> Double {
        guard let float = try heap.float(from: self[index]) else { throw expects("int or float", at: index) }
        return float
    }

    /// The arguments of `*args`.
    @inline(__always) func rest(_ index: Int) -> UnsafeBufferPointer<Value> { TupleObject(known: self[index]).items }

    /// The bounds that `find`, `index`, `count` take, as places in a sequence of `count` items.
    func bounds(_ start: Int, _ stop: Int, count: Int) throws(DanaError) -> (start: Int, stop: Int) {
        func place(_ bound: Int?, absent: Int) -> Int {
            guard let bound else { return absent }
            return bound < 0 ? Swift.max(0, bound &+ count < 0 ? 0 : bound &+ count) : bound
        }
        let first = place(try optionalInteger(start), absent: 0)
        let last = Swift.min(place(try optionalInteger(stop), absent: count), count)
        return (first, last)
    }

    /// What messages call an iterable of any kind.
    static let anyIterable = "a list, tuple, str, dict, set, range or other iterable"

    /// The items of an iterable argument.
    func items(_ index: Int) throws(DanaError) -> Iteration {
        guard self[index].isIterable else { throw expects(NativeCall.anyIterable, at: index) }
        return try heap.iteration(over: self[index])
    }

    /// The items of an iterable argument as a list: the argument itself when it is one.
    func itemList(_ index: Int) throws(DanaError) -> Owned {
        if self[index].isObject(.list) { return Owned(retaining: self[index], heap: heap) }
        guard let list = try heap.list(of: self[index]) else { throw expects(NativeCall.anyIterable, at: index) }
        return heap.owned(list.value)
    }
}

extension NativeParameter {
    /// The receiver of a method.
    static let receiver = NativeParameter("self")

    /// An iterable by position; a generator arrives as the list of what it gives.
    static func iterable(_ name: String = "iterable", default: Default = .required) -> NativeParameter {
        NativeParameter(name, default: `default`, drains: true)
    }
}

extension NativeCatalogue.Member {
    /// Methods and properties by the part of their name behind the type's.
    static func table(methods: [NativeFunction], properties: [NativeFunction] = [], prelude: [String: String] = [:])
        -> [String: NativeCatalogue.Member]
    {
        var table: [String: NativeCatalogue.Member] = [:]
        for function in methods { table[shortName(function)] = .method(function) }
        for function in properties { table[shortName(function)] = .property(function) }
        for (name, function) in prelude { table[name] = .prelude(function) }
        return table
    }

    private static func shortName(_ function: NativeFunction) -> String {
        String(function.name.drop { $0 != "." }.dropFirst())
    }
}

extension BigIntObject {
    /// The integer when it fits a machine word after all.
    var fittingInteger: Int? {
        guard count == 1 else { return nil }
        let word = start[0]
        if isNegative { return word <= 1 << 63 ? Int(truncatingIfNeeded: 0 &- word) : nil }
        return Int(exactly: word)
    }
}
