/// Compares any two values for equality, walking nested ones with a stack of its own and charging ticks. A comparison
/// that comes round to itself is an error.
struct ValueEquality {
    let heap: Heap

    func equal(_ left: Value, _ right: Value) throws(DanaError) -> Bool {
        var pending: [(Value, Value)] = []
        var round = RoundTrip()
        guard try step(left, right, isInside: false, &pending) else { return false }
        while let (left, right) = pending.popLast() {
            try heap.charge(1)
            let height = pending.count
            guard try step(left, right, isInside: true, &pending) else { return false }
            if pending.count > height, round.closes(with: left, right, height: height) {
                throw heap.error(.recursionError, "maximum recursion depth exceeded in comparison")
            }
        }
        return true
    }

    /// Notices that the comparison of two containers is asked for within itself. One pair that is being compared is
    /// remembered, another one after twice as many steps; on a way that leads round for ever one of them comes again.
    private struct RoundTrip {
        private var left = Value.undefined
        private var right = Value.undefined
        /// How many pairs waited below it; with fewer it is no longer being compared.
        private var height = Int.max
        private var steps = 0
        private var limit = 64

        mutating func closes(with left: Value, _ right: Value, height: Int) -> Bool {
            steps += 1
            if height >= self.height, left.isIdentical(to: self.left), right.isIdentical(to: self.right) { return true }
            if height < self.height || steps >= limit {
                (self.left, self.right, self.height) = (left, right, height)
                if steps >= limit { limit *= 2 }
            }
            return false
        }
    }

    /// Compares two values except for what they hold, which is added to `pending`. Inside containers identical
    /// values count as equal, as in Python.
    private func step(_ left: Value, _ right: Value, isInside: Bool, _ pending: inout [(Value, Value)])
        throws(DanaError) -> Bool
    {
        if left.isIdentical(to: right) && (isInside || left.float == nil) { return true }
        if let order = Numbers.compare(left, right) { return order == .same }
        guard left.isObject && right.isObject else { return false }
        switch (left.object.pointee.kind, right.object.pointee.kind) {
        case (.string, .string): return StringObject(known: left).hasSameBytes(as: StringObject(known: right))
        case (.bytes, .bytes):
            return BytesObject(known: left).bytes.elementsEqual(BytesObject(known: right).bytes)
        case (.list, .list): return try pair(ListObject(known: left).items, ListObject(known: right).items, &pending)
        case (.tuple, .tuple):
            return try pair(TupleObject(known: left).items, TupleObject(known: right).items, &pending)
        case (.dict, .dict): return try pair(DictObject(known: left), DictObject(known: right), &pending)
        case (.set, .set): return try sameItems(SetObject(known: left).table, SetObject(known: right).table)
        case (.range, .range): return sameRange(RangeObject(known: left), RangeObject(known: right))
        case (.structure, .structure):
            let (left, right) = (StructObject(known: left), StructObject(known: right))
            guard left.at.pointee.type.isIdentical(to: right.at.pointee.type) else { return false }
            return try pair(
                UnsafeBufferPointer(start: left.fields, count: left.count),
                UnsafeBufferPointer(start: right.fields, count: right.count), &pending)
        case (.boundMethod, .boundMethod):
            let (left, right) = (BoundMethodObject(known: left), BoundMethodObject(known: right))
            return left.at.pointee.receiver.isIdentical(to: right.at.pointee.receiver)
                && left.at.pointee.function.isIdentical(to: right.at.pointee.function)
        case (.hostHandle, .hostHandle):
            return HostHandleObject(known: left).identifier == HostHandleObject(known: right).identifier
        case (.slice, .slice):
            let (left, right) = (SliceObject(known: left).at.pointee, SliceObject(known: right).at.pointee)
            pending.append((left.step, right.step))
            pending.append((left.stop, right.stop))
            pending.append((left.start, right.start))
            return true
        case (.dictView, .dictView):
            return try pair(DictViewObject(known: left), DictViewObject(known: right), &pending)
        case (.dictView, .set): return try pair(DictViewObject(known: left), SetObject(known: right).table, &pending)
        case (.set, .dictView): return try pair(DictViewObject(known: right), SetObject(known: left).table, &pending)
        default: return false
        }
    }

    private func pair(
        _ left: UnsafeBufferPointer<Value>, _ right: UnsafeBufferPointer<Value>, _ pending: inout [(Value, Value)]
    ) throws(DanaError) -> Bool {
        guard left.count == right.count else { return false }
        try heap.charge(left.count >> 6)
        if left.count > 64 { try heap.reserve((pending.count + left.count) * MemoryLayout<(Value, Value)>.stride) }
        for index in stride(from: left.count - 1, through: 0, by: -1) { pending.append((left[index], right[index])) }
        return true
    }

    private func pair(_ left: DictObject, _ right: DictObject, _ pending: inout [(Value, Value)]) throws(DanaError)
        -> Bool
    {
        guard left.count == right.count else { return false }
        for index in 0..<left.table.used {
            let entry = left.table.entry(index).pointee
            if entry.key.isUndefined { continue }
            try heap.charge(1)
            guard let other = try heap.find(entry.key, hash: entry.hash, in: right.table) else { return false }
            pending.append((entry.value, right.table.entry(other).pointee.value))
        }
        return true
    }

    private func sameItems(_ left: TableObject, _ right: TableObject) throws(DanaError) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.used {
            let entry = left.entry(index).pointee
            if entry.key.isUndefined { continue }
            try heap.charge(1)
            if try heap.find(entry.key, hash: entry.hash, in: right) == nil { return false }
        }
        return true
    }

    /// Views of keys and of items compare as sets do; other views equal only themselves.
    private func pair(_ left: DictViewObject, _ right: DictViewObject, _ pending: inout [(Value, Value)])
        throws(DanaError) -> Bool
    {
        switch (left.part, right.part) {
        case (.keys, .keys): return try sameItems(left.dict.table, right.dict.table)
        case (.items, .items): return try pair(left.dict, right.dict, &pending)
        default: return false
        }
    }

    private func pair(_ view: DictViewObject, _ set: TableObject, _ pending: inout [(Value, Value)])
        throws(DanaError) -> Bool
    {
        switch view.part {
        case .keys: return try sameItems(view.dict.table, set)
        case .items:
            guard view.dict.count == set.count else { return false }
            for index in 0..<set.used {
                let item = set.entry(index).pointee.key
                if item.isUndefined { continue }
                try heap.charge(1)
                guard let item = TupleObject(item), item.count == 2,
                    let value = try heap.value(under: item[unchecked: 0], in: view.dict)
                else { return false }
                pending.append((item[unchecked: 1], value))
            }
            return true
        case .values: return false
        }
    }

    private func sameRange(_ left: RangeObject, _ right: RangeObject) -> Bool {
        guard left.count == right.count else { return false }
        if left.count == 0 { return true }
        return left.start == right.start && (left.count == 1 || left.step == right.step)
    }
}
