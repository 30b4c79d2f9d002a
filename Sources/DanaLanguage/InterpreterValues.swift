import DanaData

/// Values of the interpreter's heap as the host makes and keeps them. A value that is made belongs to the caller, who
/// hands it on or releases it; a value that is looked at is borrowed.
extension Interpreter {
    public func retain(_ value: Value) { machine.heap.retain(value) }
    public func release(_ value: Value) { machine.heap.release(value) }

    public static var null: Value { .null }
    public static func bool(_ value: Bool) -> Value { Value(value) }

    public func integer(_ value: Int) throws(ProgramError) -> Value {
        if let small = Value(fitting: value) { return small }
        return try made { () throws(DanaError) in try machine.heap.integer(value) }
    }

    /// An integer from its magnitude's words, least significant first.
    public func integer(isNegative: Bool, words: [UInt64]) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in
            try machine.heap.integer(BigInteger(isNegative: isNegative, magnitude: words))
        }
    }

    public func float(_ value: Double) throws(ProgramError) -> Value {
        if let small = Value(fitting: value) { return small }
        return try made { () throws(DanaError) in try machine.heap.float(value) }
    }

    public func string(_ text: String) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in try machine.heap.string(text).value }
    }

    /// A string from UTF-8 that is known to be valid and to be so many scalars.
    public func string(utf8: UnsafeBufferPointer<UInt8>, scalars: Int) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in try machine.heap.string(copying: utf8, scalars: scalars).value }
    }

    /// The one value of a name, for dicts' keys that come again and again.
    public func name(_ text: String) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in machine.heap.retained(try machine.heap.name(text)) }
    }

    public func bytes(_ bytes: UnsafeBufferPointer<UInt8>) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in
            try machine.heap.bytes(count: bytes.count) { start in
                if let source = bytes.baseAddress { start.update(from: source, count: bytes.count) }
            }.value
        }
    }

    /// An empty list with room for so many items.
    public func list(capacity: Int) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in try machine.heap.list(capacity: capacity).value }
    }

    /// A list whose items `fill` writes, each owned, and says how many; what it threw ends the list.
    public func list(
        count: Int, fill: (UnsafeMutablePointer<Value>) -> Int
    ) throws(ProgramError) -> Value {
        let list = try made { () throws(DanaError) in try machine.heap.list(capacity: count).value }
        guard count > 0, let items = ListObject(known: list).at.pointee.items else { return list }
        ListObject(known: list).at.pointee.count = min(max(fill(items), 0), count)
        return list
    }

    /// Makes values of integers in the place where these stand: how many, before the first that no value holds in itself.
    public static func makeValues(ofIntegers count: Int, in place: UnsafeMutablePointer<Value>) -> Int {
        place.withMemoryRebound(to: Int64.self, capacity: count) { integers in
            for index in 0..<count {
                guard let value = Value(fitting: Int(integers[index])) else { return index }
                integers[index] = Int64(bitPattern: value.bits)
            }
            return count
        }
    }

    /// Reads values that are all integers that a value holds in itself; false when one is anything else.
    public static func read(
        _ items: UnsafeBufferPointer<Value>, asIntegers integers: UnsafeMutablePointer<Int64>
    ) -> Bool {
        for index in items.indices {
            guard items[index].isSmallInteger else { return false }
            integers[index] = Int64(items[index].smallInteger)
        }
        return true
    }

    /// Appends to a list; the item is taken over.
    public func append(_ item: Value, to list: Value) throws(ProgramError) {
        guard let object = ListObject(list) else {
            machine.heap.release(item)
            return
        }
        _ = try made { () throws(DanaError) in
            let held = machine.heap.owned(item)
            try machine.heap.append(held.value, to: object)
            _ = held.take()
            return .null
        }
    }

    /// A tuple of the items, which are taken over. `names` are those by which the first of them are attributes, too.
    public func tuple(_ items: [Value], names: [String] = []) throws(ProgramError) -> Value {
        do {
            return try made { () throws(DanaError) in
                let tuple = try machine.heap.tuple(count: items.count)
                for (index, item) in items.enumerated() { tuple.start[index] = item }
                if !names.isEmpty, !items.isEmpty {
                    tuple.at.pointee.header.own = machine.heap.state.pointee.tupleNames.number(of: names)
                }
                return tuple.value
            }
        } catch {
            for item in items { machine.heap.release(item) }
            throw error
        }
    }

    public func dict(capacity: Int) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in
            let dict = try machine.heap.dict()
            let held = machine.heap.owned(dict.value)
            try machine.heap.ensureCapacity(of: dict.table, capacity)
            return held.take()
        }
    }

    /// Sets a key of a dict; both are taken over.
    public func set(_ key: Value, to value: Value, in dict: Value) throws(ProgramError) {
        guard let object = DictObject(dict) else {
            machine.heap.release(key)
            machine.heap.release(value)
            return
        }
        _ = try made { () throws(DanaError) in
            try machine.heap.set(key, to: value, in: object)
            return .null
        }
    }

    public func set(isFrozen: Bool) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in try machine.heap.set(isFrozen: isFrozen).value }
    }

    /// Adds an item, which is taken over, to a set.
    public func add(_ item: Value, to set: Value) throws(ProgramError) {
        guard let object = SetObject(set) else {
            machine.heap.release(item)
            return
        }
        _ = try made { () throws(DanaError) in
            try machine.heap.add(item, to: object)
            return .null
        }
    }

    public func range(start: Int, stop: Int, step: Int) throws(ProgramError) -> Value {
        try made { () throws(DanaError) in
            guard step != 0, let start = Value(fitting: start), let stop = Value(fitting: stop),
                let step = Value(fitting: step)
            else { throw machine.heap.valueError("a range's step is not 0 and its bounds fit 63 bits") }
            return try machine.heap.range(
                start: start.smallInteger, stop: stop.smallInteger, step: step.smallInteger
            ).value
        }
    }

    /// A slice of three parts, whose references are taken over even on an error.
    public func slice(start: Value, stop: Value, step: Value) throws(ProgramError) -> Value {
        do {
            return try made { () throws(DanaError) in
                try machine.heap.slice(start: start, stop: stop, step: step).value
            }
        } catch {
            for part in [start, stop, step] { machine.heap.release(part) }
            throw error
        }
    }

    /// Does something with the heap; what is thrown is told as a program's error.
    func made(_ make: () throws(DanaError) -> Value) throws(ProgramError) -> Value {
        do throws(DanaError) {
            return try make()
        } catch {
            throw machine.programError(error)
        }
    }

    /// Does something of the host's that takes as long as a program lets it: its time counts as a run's, and the next
    /// run ends where that was too long.
    public func timingHost<Result>(_ work: () -> Result) -> Result {
        let state = machine.heap.state
        let isOutside = state.pointee.meter.hostBegins()
        // The first look is the one from which time counts; what it finds, the next run finds, too.
        try? state.pointee.meter.poll()
        defer { if isOutside { state.pointee.meter.runEnds() } }
        return work()
    }

    /// Does something that may take as long as a program does: its time counts as a run's, and a limit that is used up
    /// ends what is under way.
    func timed(_ make: () throws(DanaError) -> Value) throws(ProgramError) -> Value {
        if machine.fibers.isEmpty { machine.heap.state.pointee.meter.entryBegins() }
        return try counting { isOutside throws(ProgramError) in
            do throws(ProgramError) {
                return try made(make)
            } catch {
                if isOutside, case .limit = error.cause, !machine.fibers.isEmpty { machine.exhausted = error }
                throw error
            }
        }
    }

    /// Works on an answer that a program waits for, with so many elements at most: its time and ticks are the
    /// program's. Whoever has more to do does it in portions.
    public func working<Result>(
        visiting count: Int, _ body: () throws(ProgramError) -> Result
    ) throws(ProgramError) -> Result {
        try counting { _ throws(ProgramError) in
            // Before the work: the time counts from the first look on.
            _ = try made { () throws(DanaError) in
                try machine.heap.charge(count >> 6 &+ 1)
                return .null
            }
            return try body()
        }
    }

    /// The value of a JSON text, which programs would get of `json.loads`.
    public func value(ofJSON text: String) throws(ProgramError) -> Value {
        try working(visiting: 0) { () throws(ProgramError) in
            let text = try string(text)
            defer { release(text) }
            return try made { () throws(DanaError) in try ModulesJSON.value(of: text, machine.heap) }
        }
    }

    private func counting<Result>(
        _ body: (_ isOutside: Bool) throws(ProgramError) -> Result
    ) throws(ProgramError) -> Result {
        let state = machine.heap.state
        let isOutside = state.pointee.meter.hostBegins()
        defer { if isOutside { state.pointee.meter.runEnds() } }
        return try body(isOutside)
    }
}
