/// What of any iterable is known without a walk over it, and lists of its items.
extension Value {
    /// Whether the value can be walked, by Dana code or without.
    var isIterable: Bool {
        switch objectKind {
        case .list, .tuple, .string, .bytes, .range, .dict, .set, .dictView, .enumType, .iterator, .generator,
            .hostHandle:
            true
        default: false
        }
    }
}

extension Heap {
    /// A list of an iterable's items, owned; nil for what is not iterable.
    func list(of iterable: Value) throws(DanaError) -> ListObject? {
        if let list = ListObject(iterable) { return try self.list(copying: list.items) }
        if let tuple = TupleObject(iterable) { return try self.list(copying: tuple.items) }
        if let range = RangeObject(iterable) { return try list(of: range) }
        guard iterable.isIterable else { return nil }
        var items = try iteration(over: iterable)
        let list = owned(try self.list(capacity: itemCount(of: iterable) ?? 0).value)
        while let item = try items.next() {
            let item = owned(item)
            try append(item.value, to: ListObject(known: list.value))
            _ = item.take()
        }
        return ListObject(known: list.take())
    }

    /// A tuple of an iterable's items, owned, which is the iterable itself where that is one; nil for what is not iterable.
    func tuple(of iterable: Value) throws(DanaError) -> TupleObject? {
        if iterable.isObject(.tuple) { return TupleObject(known: retained(iterable)) }
        if let list = ListObject(iterable) { return try tuple(copying: list.items) }
        guard let list = try list(of: iterable) else { return nil }
        let held = owned(list.value)
        return try tuple(copying: ListObject(known: held.value).items)
    }

    private func list(of range: RangeObject) throws(DanaError) -> ListObject {
        guard range.count <= Int.max / 16 else { throw .limit(.memory) }
        let list = try self.list(capacity: range.count)
        let held = owned(list.value)
        for index in 0..<range.count {
            if index & 1023 == 1023 { try charge(16) }
            // The items of a range are small integers: a list that is given up on has nothing to release.
            list[unchecked: index] = Value(small: range.item(index))
        }
        list.at.pointee.count = range.count
        return ListObject(known: held.take())
    }

    /// Python's `len` where it is known without walking; nil where there is none.
    func itemCount(of value: Value) -> Int? {
        guard value.isObject else { return nil }
        switch value.object.pointee.kind {
        case .string: return StringObject(known: value).scalarCount
        case .bytes: return BytesObject(known: value).count
        case .list: return ListObject(known: value).count
        case .tuple: return TupleObject(known: value).count
        case .dict, .set: return DictObject(known: value).count
        case .dictView: return DictViewObject(known: value).dict.count
        case .range: return RangeObject(known: value).count
        case .enumType: return EnumTypeObject(known: value).members.count
        default: return nil
        }
    }
}
