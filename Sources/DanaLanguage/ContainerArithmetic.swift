/// `+`, `*`, `|`, `&`, `-` and `^` of strings, sequences, sets and dicts.
extension Arithmetic {
    /// An owned result; nil when the operator has no meaning for these operands.
    func containers(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(DanaError) -> Value? {
        switch operation {
        case .add: return try sum(left, right)
        case .multiply:
            if let count = try repetitions(right, of: left) { return try product(left, count) }
            if let count = try repetitions(left, of: right) { return try product(right, count) }
            return nil
        case .or:
            if let left = DictObject(left), let right = DictObject(right) {
                let result = try copy(left)
                let held = heap.owned(result.value)
                try update(result, from: right)
                return held.take()
            }
            return try sets(operation, left, right)
        case .and, .subtract, .exclusiveOr: return try sets(operation, left, right)
        case .remainder:
            if let template = BytesObject(left) {
                return try PercentFilling(heap: heap, values: right, isBytes: true).bytes(of: template)
            }
            guard let template = StringObject(left) else { return nil }
            return try PercentFilling(heap: heap, values: right).text(of: template)
        default: return nil
        }
    }

    /// Changes the left operand of an augmented assignment and returns it, owned; nil when it cannot be changed.
    func changedInPlace(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(DanaError) -> Value? {
        switch (left.objectKind, operation) {
        case (.list, .add) where right.isObject(.generator), (.dict, .or) where right.isObject(.generator):
            throw .handle
        case (.list, .add):
            try extend(ListObject(known: left), with: right)
        case (.list, .multiply):
            guard let count = try repetitions(right, of: left) else { return nil }
            try multiply(ListObject(known: left), by: count)
        case (.dict, .or):
            guard right.isIterable else { return nil }
            try heap.update(DictObject(known: left), with: right) { heap.notIterable(right) }
        case (.set, .or), (.set, .and), (.set, .subtract), (.set, .exclusiveOr):
            let set = SetObject(known: left)
            guard !set.isFrozen, right.isObject(.set) else { return nil }
            try change(set, operation, SetObject(known: right))
        default: return nil
        }
        return heap.retained(left)
    }

    // MARK: Sequences

    private func sum(_ left: Value, _ right: Value) throws(DanaError) -> Value? {
        switch (left.objectKind, right.objectKind) {
        case (.string, .string):
            let right = StringObject(known: right)
            try heap.charge(StringObject(known: left).byteCount >> 10)
            return try heap.concatenation(Owned(retaining: left, heap: heap), right)
        case (.list, .list):
            let (left, right) = (ListObject(known: left), ListObject(known: right))
            let result = try heap.list(capacity: left.count + right.count)
            let held = heap.owned(result.value)
            try heap.append(copying: left.items, to: result)
            try heap.append(copying: right.items, to: result)
            return held.take()
        case (.tuple, .tuple):
            let (left, right) = (TupleObject(known: left), TupleObject(known: right))
            let result = try heap.tuple(count: left.count + right.count)
            let held = heap.owned(result.value)
            try heap.copy(left.items, to: result.start)
            try heap.copy(right.items, to: result.start + left.count)
            return held.take()
        case (.bytes, .bytes):
            let (left, right) = (BytesObject(known: left), BytesObject(known: right))
            try heap.charge((left.count + right.count) >> 10)
            return try heap.bytes(count: left.count + right.count) { start throws(DanaError) in
                try heap.copy(left.count, from: left.start, to: start)
                try heap.copy(right.count, from: right.start, to: start + left.count)
            }.value
        case (.string, _):
            throw heap.typeError("can only concatenate str (not \"\(right.typeName)\") to str")
        case (.list, _): throw heap.typeError("can only concatenate list (not \"\(right.typeName)\") to list")
        case (.tuple, _): throw heap.typeError("can only concatenate tuple (not \"\(right.typeName)\") to tuple")
        case (.bytes, _): throw heap.typeError("can't concat \(right.typeName) to bytes")
        default: return nil
        }
    }

    /// The factor when `sequence` can be repeated; nil when it cannot, or the factor is no integer.
    private func repetitions(_ factor: Value, of sequence: Value) throws(DanaError) -> Int? {
        switch sequence.objectKind {
        case .string, .bytes, .list, .tuple: break
        default: return nil
        }
        if factor.isSmallInteger { return max(factor.smallInteger, 0) }
        if factor.isBool { return factor.isIdentical(to: .true) ? 1 : 0 }
        if let big = BigIntObject(factor) {
            if big.isNegative { return 0 }
            throw heap.overflowError("cannot fit 'int' into an index-sized integer")
        }
        throw heap.typeError("can't multiply sequence by non-int of type '\(factor.typeName)'")
    }

    private func product(_ sequence: Value, _ factor: Int) throws(DanaError) -> Value {
        let count =
            sequence.isObject(.string)
            ? StringObject(known: sequence).byteCount : heap.count(ofSequence: sequence)
        let (whole, overflow) = count.multipliedReportingOverflow(by: factor)
        guard !overflow, whole <= Int.max / 16 else { throw .limit(.memory) }
        switch sequence.objectKind {
        case .string:
            let string = StringObject(known: sequence)
            return try heap.string(bytes: whole, scalars: string.scalarCount * factor) { start throws(DanaError) in
                try fill(start, whole, with: string.start, string.byteCount)
            }.value
        case .bytes:
            let bytes = BytesObject(known: sequence)
            return try heap.bytes(count: whole) { start throws(DanaError) in
                try fill(start, whole, with: bytes.start, bytes.count)
            }.value
        case .tuple:
            let tuple = TupleObject(known: sequence)
            let result = try heap.tuple(count: whole)
            let held = heap.owned(result.value)
            try repeated(tuple.items, factor) { place, item in result.start[place] = item }
            return held.take()
        default:
            let list = ListObject(known: sequence)
            let result = try heap.list(capacity: whole)
            let held = heap.owned(result.value)
            try repeated(list.items, factor) { place, item in
                result[unchecked: place] = item
                // A list that is given up on releases its items up to the last object.
                if item.isObject { result.at.pointee.count = place &+ 1 }
            }
            result.at.pointee.count = whole
            return held.take()
        }
    }

    /// Fills memory with repetitions by copying what is there, more and more at a time.
    private func fill(
        _ target: UnsafeMutablePointer<UInt8>, _ whole: Int, with source: UnsafePointer<UInt8>, _ count: Int
    ) throws(DanaError) {
        guard whole > 0 else { return }
        target.update(from: source, count: count)
        var done = count
        while done < whole {
            // What is copied begins at the same place of a repetition.
            let phase = done % count
            let more = min(done - phase, whole - done, 1 << 20)
            (target + done).update(from: target + phase, count: more)
            try heap.charge(more >> 10)
            done += more
        }
    }

    /// Gives each place its item, retained.
    @inline(__always)
    private func repeated(
        _ items: UnsafeBufferPointer<Value>, _ factor: Int, _ put: (Int, Value) -> Void
    ) throws(DanaError) {
        var place = 0
        for _ in 0..<factor {
            for item in items {
                if place & 1023 == 1023 { try heap.charge(16) }
                heap.retain(item)
                put(place, item)
                place &+= 1
            }
        }
    }

    private func extend(_ list: ListObject, with value: Value) throws(DanaError) {
        if let other = ListObject(value) {
            try heap.ensureCapacity(of: list, list.count + other.count)
            return try heap.append(copying: other.items, to: list)
        }
        var items = try heap.iteration(over: value)
        while let item = try items.next() {
            if list.count & 63 == 63 { try heap.charge(1) }
            do { try heap.append(item, to: list) } catch {
                heap.release(item)
                throw error
            }
        }
    }

    private func multiply(_ list: ListObject, by factor: Int) throws(DanaError) {
        let held = heap.owned(try product(list.value, factor))
        let result = ListObject(known: held.value)
        swap(&list.at.pointee.items, &result.at.pointee.items)
        swap(&list.at.pointee.count, &result.at.pointee.count)
        swap(&list.at.pointee.capacity, &result.at.pointee.capacity)
    }

    // MARK: Sets and dicts

    private func copy(_ dict: DictObject) throws(DanaError) -> DictObject {
        let result = try heap.dict()
        let held = heap.owned(result.value)
        try update(result, from: dict)
        _ = held.take()
        return result
    }

    func update(_ dict: DictObject, from other: DictObject) throws(DanaError) {
        for index in 0..<other.table.used {
            if index & 7 == 7 { try heap.charge(1) }
            let entry = other.table.entry(index).pointee
            if entry.key.isUndefined { continue }
            try heap.set(heap.retained(entry.key), to: heap.retained(entry.value), in: dict)
        }
    }

    /// What holds the items of an operand of sets and of views of dicts as a table: a set, the dict of a keys view, a
    /// new set of what else there is; nil where that runs Dana code.
    private func members(_ value: Value) throws(DanaError) -> Owned? {
        if value.isObject(.set) { return Owned(retaining: value, heap: heap) }
        if let view = DictViewObject(value), view.part == .keys { return Owned(retaining: view.dict.value, heap: heap) }
        if value.isObject(.generator) { return nil }
        let set = try heap.set()
        let held = heap.owned(set.value)
        var items = try heap.iteration(over: value)
        while let item = try items.next() { try heap.add(item, to: set) }
        return held
    }

    private func isSetLike(_ value: Value) -> Bool { DictViewObject(value).map { $0.part != .values } ?? false }

    private func sets(_ operation: BinaryOperator, _ left: Value, _ right: Value) throws(DanaError) -> Value? {
        let hasView = isSetLike(left) || isSetLike(right)
        guard hasView || left.isObject(.set) && right.isObject(.set) else { return nil }
        guard let leftMembers = try members(left), let rightMembers = try members(right) else { return nil }
        defer { _ = (leftMembers.value, rightMembers.value) }
        let leftTable = TableObject.Layout.table(of: leftMembers.value.object)
        let rightTable = TableObject.Layout.table(of: rightMembers.value.object)
        let result = try heap.set(isFrozen: !hasView && SetObject(known: left).isFrozen)
        let held = heap.owned(result.value)
        switch operation {
        case .or:
            try add(leftTable, to: result, unlessIn: nil)
            try add(rightTable, to: result, unlessIn: nil)
        case .and: try add(leftTable, to: result, ifIn: rightTable)
        case .subtract: try add(leftTable, to: result, unlessIn: rightTable)
        default:
            try add(leftTable, to: result, unlessIn: rightTable)
            try add(rightTable, to: result, unlessIn: leftTable)
        }
        return held.take()
    }

    private func change(_ set: SetObject, _ operation: BinaryOperator, _ other: SetObject) throws(DanaError) {
        if operation == .or { return try add(other.table, to: set, unlessIn: nil) }
        guard let result = try sets(operation, set.value, other.value) else { return }
        let held = heap.owned(result)
        exchange(set.table, SetObject(known: held.value).table)
    }

    private func exchange(_ left: TableObject, _ right: TableObject) {
        swap(&left.at.pointee.entries, &right.at.pointee.entries)
        swap(&left.at.pointee.used, &right.at.pointee.used)
        swap(&left.at.pointee.live, &right.at.pointee.live)
        swap(&left.at.pointee.capacity, &right.at.pointee.capacity)
        swap(&left.at.pointee.slotCount, &right.at.pointee.slotCount)
    }

    private func add(_ items: TableObject, to set: SetObject, unlessIn other: TableObject?) throws(DanaError) {
        for index in 0..<items.used {
            if index & 7 == 7 { try heap.charge(1) }
            let entry = items.entry(index).pointee
            if entry.key.isUndefined { continue }
            if let other, try heap.find(entry.key, hash: entry.hash, in: other) != nil { continue }
            try heap.add(heap.retained(entry.key), to: set)
        }
    }

    private func add(_ items: TableObject, to set: SetObject, ifIn other: TableObject) throws(DanaError) {
        for index in 0..<items.used {
            if index & 7 == 7 { try heap.charge(1) }
            let entry = items.entry(index).pointee
            if entry.key.isUndefined { continue }
            if try heap.find(entry.key, hash: entry.hash, in: other) == nil { continue }
            try heap.add(heap.retained(entry.key), to: set)
        }
    }
}
