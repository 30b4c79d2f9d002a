import Glibc

/// Orders any two values as Python's `<` and its like do, walking nested sequences with a stack of its own.
struct ValueOrder {
    let heap: Heap

    func holds(_ ordering: Ordering, _ left: Value, _ right: Value) throws(DanaError) -> Bool {
        var left = left
        var right = right
        while true {
            if let order = Numbers.compare(left, right) { return ordering.holds(order) }
            guard left.isObject && right.isObject else { throw unordered(ordering, left, right) }
            switch (left.object.pointee.kind, right.object.pointee.kind) {
            case (.string, .string):
                return ordering.holds(
                    ValueOrder.compare(StringObject(known: left).bytes, StringObject(known: right).bytes))
            case (.bytes, .bytes):
                return ordering.holds(
                    ValueOrder.compare(BytesObject(known: left).bytes, BytesObject(known: right).bytes))
            case (.list, .list), (.tuple, .tuple):
                let (leftItems, rightItems) = (items(left), items(right))
                guard let different = try firstDifference(leftItems, rightItems) else {
                    return ordering.holds(leftItems.count, rightItems.count)
                }
                left = leftItems[different]
                right = rightItems[different]
                try heap.charge(1)
            case (.set, .set): return try isSubset(ordering, SetObject(known: left), SetObject(known: right))
            case (.dictView, .set), (.set, .dictView), (.dictView, .dictView):
                guard let leftSet = try items(ofSetLike: left), let rightSet = try items(ofSetLike: right) else {
                    throw unordered(ordering, left, right)
                }
                defer {
                    heap.release(leftSet.value)
                    heap.release(rightSet.value)
                }
                return try isSubset(ordering, leftSet, rightSet)
            default: throw unordered(ordering, left, right)
            }
        }
    }

    /// The items of a set, or of a view of keys or pairs, as a set, owned; nil for a view of values.
    private func items(ofSetLike value: Value) throws(DanaError) -> SetObject? {
        if let set = SetObject(value) {
            heap.retain(value)
            return set
        }
        guard let view = DictViewObject(value), view.part != .values else { return nil }
        if view.part == .keys { return try heap.set(copying: view.dict.table) }
        let set = try heap.set()
        let held = heap.owned(set.value)
        var items = try heap.iteration(over: value)
        while let item = try items.next() { try heap.add(item, to: set) }
        return SetObject(known: held.take())
    }

    /// The order of two strings' or byte strings' bytes, which for UTF-8 is that of the scalars.
    static func compare(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Numbers.Order {
        let common = min(left.count, right.count)
        if common > 0, let leftStart = left.baseAddress, let rightStart = right.baseAddress {
            let order = memcmp(leftStart, rightStart, common)
            if order != 0 { return order < 0 ? .less : .greater }
        }
        return left.count < right.count ? .less : left.count == right.count ? .same : .greater
    }

    private func items(_ value: Value) -> UnsafeBufferPointer<Value> {
        value.isObject(.list) ? ListObject(known: value).items : TupleObject(known: value).items
    }

    private func firstDifference(_ left: UnsafeBufferPointer<Value>, _ right: UnsafeBufferPointer<Value>)
        throws(DanaError) -> Int?
    {
        for index in 0..<min(left.count, right.count) {
            if index & 63 == 63 { try heap.charge(1) }
            if left[index].isIdentical(to: right[index]) { continue }
            if !(try heap.equal(left[index], right[index])) { return index }
        }
        return nil
    }

    private func isSubset(_ ordering: Ordering, _ left: SetObject, _ right: SetObject) throws(DanaError) -> Bool {
        let isReversed = ordering == .greater || ordering == .greaterOrEqual
        let (smaller, larger) = isReversed ? (right.table, left.table) : (left.table, right.table)
        let isStrict = ordering == .less || ordering == .greater
        guard isStrict ? smaller.count < larger.count : smaller.count <= larger.count else { return false }
        for index in 0..<smaller.used {
            let entry = smaller.entry(index).pointee
            if entry.key.isUndefined { continue }
            try heap.charge(1)
            if try heap.find(entry.key, hash: entry.hash, in: larger) == nil { return false }
        }
        return true
    }

    private func unordered(_ ordering: Ordering, _ left: Value, _ right: Value) -> DanaError {
        if left.isObject(.hostHandle) || right.isObject(.hostHandle) { return .handle }
        return heap.typeError(
            "'\(ordering.symbol)' not supported between instances of '\(left.typeName)' and '\(right.typeName)'")
    }
}
