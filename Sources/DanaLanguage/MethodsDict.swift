/// The methods of dicts and of their views.
enum MethodsDict {
    static let dicts = NativeCatalogue.Member.table(methods: [
        NativeFunction(
            "dict.get", [.receiver, NativeParameter("key"), NativeParameter("default", default: .null)],
            "The value under a key, or the default.", body: get),
        NativeFunction(
            "dict.keys", [.receiver], "A live view of the keys.",
            body: { call throws(DanaError) in
                try call.heap.view(.keys, of: try call.dict(0)).value
            }),
        NativeFunction(
            "dict.values", [.receiver], "A live view of the values.",
            body: { call throws(DanaError) in
                try call.heap.view(.values, of: try call.dict(0)).value
            }),
        NativeFunction(
            "dict.items", [.receiver], "A live view of the pairs of key and value.",
            body: { call throws(DanaError) in
                try call.heap.view(.items, of: try call.dict(0)).value
            }),
        NativeFunction(
            "dict.pop", [.receiver, NativeParameter("key"), NativeParameter("default", default: .absent)],
            "Removes a key and returns its value.", body: pop),
        NativeFunction("dict.popitem", [.receiver], "Removes the last pair and returns it.", body: popItem),
        NativeFunction(
            "dict.setdefault", [.receiver, NativeParameter("key"), NativeParameter("default", default: .null)],
            "The value under a key, which is set to the default when it is not there.", body: setDefault),
        NativeFunction(
            "dict.update",
            [.receiver, .iterable("other", default: .absent), NativeParameter("pairs", .keywordRest)],
            "Takes over the pairs of another dict, of an iterable of pairs, and those given by keyword.", body: update),
        NativeFunction(
            "dict.clear", [.receiver], "Removes all pairs.",
            body: { call throws(DanaError) in
                let dict = try call.dict(0)
                try call.charge(visiting: dict.count)
                call.heap.clear(dict.table)
                return .null
            }),
        NativeFunction(
            "dict.copy", [.receiver], "A new dict of the same pairs.",
            body: { call throws(DanaError) in
                try call.heap.dict(copying: try call.dict(0)).value
            }),
    ])

    static let fromKeys = NativeFunction(
        "dict.fromkeys", [.iterable(), NativeParameter("value", default: .null)],
        "A dict with these keys, all with one value.",
        body: { call throws(DanaError) in
            let heap = call.heap
            var items = try call.items(0)
            let dict = try heap.dict()
            let held = heap.owned(dict.value)
            while let key = try items.next() { try heap.set(key, to: heap.retained(call[1]), in: dict) }
            return held.take()
        })

    static let views = NativeCatalogue.Member.table(methods: [
        NativeFunction(
            "dict_view.isdisjoint", [.receiver, .iterable("other")], "Whether no item is in both.",
            body: { call throws(DanaError) in
                let heap = call.heap
                var items = try call.items(1)
                guard let view = DictViewObject(call[0]) else { throw call.expects("a view of a dict", at: 0) }
                while let item = try items.next() {
                    let item = heap.owned(item)
                    if try heap.contains(item.value, in: view) { return .false }
                }
                return .true
            })
    ])

    private static func get(_ call: NativeCall) throws(DanaError) -> Value {
        let dict = try call.dict(0)
        return call.heap.retained(try call.heap.value(under: call[1], in: dict) ?? call[2])
    }

    private static func pop(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let table = try call.dict(0).table
        // An empty dict has no key to compare with, so that the key may even be one without a hash.
        guard table.count > 0, let index = try heap.find(call[1], hash: try heap.hash(of: call[1]), in: table) else {
            if call.isAbsent(2) { throw heap.keyError(call[1]) }
            return heap.retained(call[2])
        }
        let removed = heap.removeEntry(index, of: table)
        heap.release(removed.key)
        return removed.value
    }

    private static func popItem(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        guard let last = try heap.removeLast(of: try call.dict(0).table) else {
            throw heap.error(.keyError, "popitem(): dictionary is empty")
        }
        let key = heap.owned(last.key)
        let value = heap.owned(last.value)
        let pair = try heap.tuple(count: 2)
        (pair.start[0], pair.start[1]) = (key.take(), value.take())
        return pair.value
    }

    private static func setDefault(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let dict = try call.dict(0)
        let hash = try heap.hash(of: call[1])
        if let index = try heap.find(call[1], hash: hash, in: dict.table) {
            return heap.retained(dict.table.entry(index).pointee.value)
        }
        try heap.insert(heap.retained(call[1]), hash: hash, value: heap.retained(call[2]), into: dict.table)
        return heap.retained(call[2])
    }

    private static func update(_ call: NativeCall) throws(DanaError) -> Value {
        let dict = try call.dict(0)
        if !call.isAbsent(1) {
            try call.heap.update(dict, with: call[1]) {
                call.expects("a dict or an iterable of pairs", at: 1)
            }
        }
        try call.heap.update(dict, withDict: try call.dict(2))
        return .null
    }
}

extension Heap {
    /// A new dict of the same pairs, owned.
    func dict(copying source: DictObject) throws(DanaError) -> DictObject {
        let dict = try self.dict()
        let held = owned(dict.value)
        try ensureCapacity(of: dict.table, source.count)
        try update(dict, withDict: source)
        return DictObject(known: held.take())
    }

    func update(_ dict: DictObject, withDict source: DictObject) throws(DanaError) {
        if source.at == dict.at { return }
        let table = source.table
        let isEmpty = dict.table.used == 0
        for index in 0..<table.used {
            if index & 7 == 7 { try charge(1) }
            let entry = table.entry(index).pointee
            if entry.key.isUndefined { continue }
            if !isEmpty, let found = try find(entry.key, hash: entry.hash, in: dict.table) {
                let old = dict.table.entry(found).pointee.value
                dict.table.entry(found).pointee.value = retained(entry.value)
                release(old)
            } else {
                try insert(retained(entry.key), hash: entry.hash, value: retained(entry.value), into: dict.table)
            }
        }
    }

    /// Takes over the pairs of a dict or of an iterable of pairs.
    func update(_ dict: DictObject, with other: Value, otherwise error: () -> DanaError) throws(DanaError) {
        if let source = DictObject(other) { return try update(dict, withDict: source) }
        guard other.isIterable else { throw error() }
        var items = try iteration(over: other)
        var number = 0
        while let item = try items.next() {
            let item = owned(item)
            try set(pair: item.value, number: number, in: dict)
            number += 1
            if number & 7 == 7 { try charge(1) }
        }
    }

    private func set(pair: Value, number: Int, in dict: DictObject) throws(DanaError) {
        if let items = ListObject(pair)?.items ?? TupleObject(pair)?.items {
            return try set(pair: items, number: number, in: dict)
        }
        guard let list = try list(of: pair) else {
            throw typeError("cannot convert dictionary update sequence element #\(number) to a sequence")
        }
        let held = owned(list.value)
        try set(pair: ListObject(known: held.value).items, number: number, in: dict)
    }

    private func set(pair items: UnsafeBufferPointer<Value>, number: Int, in dict: DictObject) throws(DanaError) {
        guard items.count == 2 else {
            throw valueError(
                "dictionary update sequence element #\(number) has length \(items.count); 2 is required")
        }
        try set(retained(items[0]), to: retained(items[1]), in: dict)
    }

    /// `in` for a view of a dict.
    func contains(_ item: Value, in view: DictViewObject) throws(DanaError) -> Bool {
        let table = view.dict.table
        switch view.part {
        case .keys: return try contains(item, in: table)
        case .values:
            for index in 0..<table.used where !table.entry(index).pointee.key.isUndefined {
                if index & 63 == 0 { try charge(1) }
                if try equal(table.entry(index).pointee.value, item) { return true }
            }
            return false
        case .items:
            guard let pair = TupleObject(item), pair.count == 2 else { return false }
            guard let value = try value(under: pair[unchecked: 0], in: view.dict) else { return false }
            return try equal(value, pair[unchecked: 1])
        }
    }
}
