/// One walk over a value that needs no Dana code to be walked: what natives use.
struct Iteration: ~Copyable {
    private let heap: Heap
    private let iterator: Owned
    private var visited = 0

    fileprivate init(heap: Heap, iterator: consuming Owned) {
        self.heap = heap
        self.iterator = iterator
    }

    /// The next item, owned by the caller; nil at the end. One tick is charged for 64 items.
    mutating func next() throws(DanaError) -> Value? {
        visited &+= 1
        if visited & 63 == 0 { try heap.charge(1) }
        let iterator = IteratorObject(known: iterator.value)
        return if let item = heap.nextOfList(iterator) { item } else { try heap.next(of: iterator) }
    }
}

extension Heap {
    /// Throws a TypeError for what cannot be walked; generators are drained before natives see them.
    func iteration(over value: Value) throws(DanaError) -> Iteration {
        Iteration(heap: self, iterator: owned(try iterator(over: value)))
    }

    /// A new iterator over a value, or the iterator itself; owned.
    func iterator(over value: Value) throws(DanaError) -> Value {
        guard value.isObject else { throw notIterable(value) }
        switch value.object.pointee.kind {
        case .iterator: return retained(value)
        case .list, .tuple, .string, .bytes, .range:
            return try iterator(.sequence, source: retained(value)).value
        case .dict, .set:
            let table = TableObject.Layout.table(of: value.object)
            return try iterator(.table, source: retained(value), expected: table.count).value
        case .dictView:
            return try iterator(
                .table, source: retained(value), expected: DictViewObject(known: value).dict.count
            ).value
        case .enumType: return try iterator(.members, source: retained(value)).value
        case .hostHandle: throw .handle
        default: throw notIterable(value)
        }
    }

    func notIterable(_ value: Value) -> DanaError { typeError("'\(value.typeName)' object is not iterable") }

    /// The next item, owned by the caller; nil at the end, where the iterator lets go of its source.
    func next(of iterator: IteratorObject) throws(DanaError) -> Value? {
        let source = iterator.at.pointee.source
        guard source.isObject else { return nil }
        if let item = try item(of: iterator, source) { return item }
        iterator.at.pointee.source = .null
        release(source)
        return nil
    }

    /// The next item, owned by the caller, of an iterator over a list that has one; nil for all others. Most of what
    /// natives walk over is a list.
    @inline(__always) fileprivate func nextOfList(_ iterator: IteratorObject) -> Value? {
        let source = iterator.at.pointee.source
        guard iterator.form == .sequence, source.isObject(.list) else { return nil }
        let list = ListObject(known: source)
        let position = iterator.at.pointee.position
        guard position < list.count else { return nil }
        iterator.at.pointee.position = position &+ 1
        return retained(list[unchecked: position])
    }

    private func item(of iterator: IteratorObject, _ source: Value) throws(DanaError) -> Value? {
        let position = iterator.at.pointee.position
        switch iterator.form {
        case .sequence:
            if let string = StringObject(source) {
                guard position < string.byteCount else { return nil }
                let length = Heap.scalarLength(string.start[position])
                iterator.at.pointee.position = position + length
                return try character(of: string, at: position, length: length)
            }
            guard position < count(ofSequence: source) else { return nil }
            iterator.at.pointee.position = position + 1
            return try item(position, ofSequence: source)
        case .reversedSequence:
            guard position > 0, position <= count(ofSequence: source) else { return nil }
            iterator.at.pointee.position = position - 1
            return try item(position - 1, ofSequence: source)
        case .table, .reversedTable: return try entry(of: iterator, source)
        case .enumerate:
            guard let item = try next(of: IteratorObject(known: source)) else { return nil }
            let held = owned(item)
            let number = owned(try integer(position))
            let pair = try tuple(count: 2)
            pair.start[0] = number.take()
            pair.start[1] = held.take()
            iterator.at.pointee.position = position + 1
            return pair.value
        case .zip: return try zipped(TupleObject(known: source))
        case .members:
            let table = EnumTypeObject(known: source).members.table
            guard position < table.used else { return nil }
            iterator.at.pointee.position = position + 1
            return retained(table.entry(position).pointee.value)
        }
    }

    private func zipped(_ iterators: TupleObject) throws(DanaError) -> Value? {
        let tuple = try tuple(count: iterators.count)
        let held = owned(tuple.value)
        if iterators.count == 0 { return nil }
        for index in 0..<iterators.count {
            guard let item = try next(of: IteratorObject(known: iterators[unchecked: index])) else { return nil }
            tuple.start[index] = item
        }
        return held.take()
    }

    private func entry(of iterator: IteratorObject, _ source: Value) throws(DanaError) -> Value? {
        let view = DictViewObject(source)
        let table = view?.dict.table ?? TableObject.Layout.table(of: source.object)
        guard table.count == iterator.at.pointee.expected else {
            let name = source.isObject(.set) ? "Set" : "dictionary"
            throw runtimeError("\(name) changed size during iteration")
        }
        let isReversed = iterator.form == .reversedTable
        while isReversed ? iterator.at.pointee.position > 0 : iterator.at.pointee.position < table.used {
            let position = iterator.at.pointee.position
            iterator.at.pointee.position = isReversed ? position - 1 : position + 1
            let index = isReversed ? position - 1 : position
            guard index < table.used else { continue }
            let entry = table.entry(index).pointee
            if entry.key.isUndefined { continue }
            switch view?.part {
            case .keys, nil: return retained(entry.key)
            case .values: return retained(entry.value)
            case .items: return try pair(entry.key, entry.value)
            }
        }
        return nil
    }

    /// A tuple of two borrowed values.
    func pair(_ first: Value, _ second: Value) throws(DanaError) -> Value {
        let pair = try tuple(count: 2)
        pair.start[0] = retained(first)
        pair.start[1] = retained(second)
        return pair.value
    }

    /// The one-character string at a byte offset, owned.
    func character(of string: StringObject, at offset: Int, length: Int) throws(DanaError) -> Value {
        if length == 1 { return retained(try character(string.start[offset])) }
        return try self.string(bytes: length, scalars: 1) { $0.update(from: string.start + offset, count: length) }
            .value
    }

    // MARK: Sequences by index

    /// The length of a list, tuple, string, bytes or range; 0 for anything else.
    func count(ofSequence value: Value) -> Int {
        switch value.objectKind {
        case .list: ListObject(known: value).count
        case .tuple: TupleObject(known: value).count
        case .string: StringObject(known: value).scalarCount
        case .bytes: BytesObject(known: value).count
        case .range: RangeObject(known: value).count
        default: 0
        }
    }

    /// The item at an index below the count, owned.
    func item(_ index: Int, ofSequence value: Value) throws(DanaError) -> Value {
        switch value.objectKind {
        case .list: return retained(ListObject(known: value)[unchecked: index])
        case .tuple: return retained(TupleObject(known: value)[unchecked: index])
        case .string:
            let string = StringObject(known: value)
            let offset = try byteOffset(of: index, in: string)
            return try character(of: string, at: offset, length: Heap.scalarLength(string.start[offset]))
        case .bytes: return Value(small: Int(BytesObject(known: value).start[index]))
        case .range: return try integer(RangeObject(known: value).item(index))
        default: return .null
        }
    }
}
