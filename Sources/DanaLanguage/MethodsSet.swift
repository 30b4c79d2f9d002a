/// The methods of sets and frozensets.
enum MethodsSet {
    /// Those that both have.
    private static let common: [NativeFunction] = [
        NativeFunction(
            "set.copy", [.receiver], "A set of the same items.",
            body: { call throws(DanaError) in
                let set = try call.set(0)
                return set.isFrozen ? call.heap.retained(call[0]) : try call.heap.set(copying: set.table).value
            }),
        NativeFunction(
            "set.union", [.receiver, others], "The items of this set and of the others.",
            body: { call throws(DanaError) in try result(call, add) }),
        NativeFunction(
            "set.intersection", [.receiver, others], "The items that are also in all the others.",
            body: { call throws(DanaError) in try result(call, keep) }),
        NativeFunction(
            "set.difference", [.receiver, others], "The items that are in none of the others.",
            body: { call throws(DanaError) in try result(call, remove) }),
        NativeFunction(
            "set.symmetric_difference", [.receiver, .iterable("other")], "The items that are in one of the two.",
            body: { call throws(DanaError) in
                let result = call.heap.owned(try copy(call).value)
                try toggle(SetObject(known: result.value), call[1], call, at: 1)
                return result.take()
            }),
        NativeFunction(
            "set.isdisjoint", [.receiver, .iterable("other")], "Whether no item is in both.", body: isDisjoint),
        NativeFunction(
            "set.issubset", [.receiver, .iterable("other")], "Whether the other has all items.", body: isSubset),
        NativeFunction(
            "set.issuperset", [.receiver, .iterable("other")], "Whether this has all items of the other.",
            body: isSuperset),
    ]

    static let frozenSets = NativeCatalogue.Member.table(methods: common)

    static let sets = NativeCatalogue.Member.table(
        methods: common + [
            NativeFunction(
                "set.add", [.receiver, NativeParameter("item")], "Adds an item.",
                body: { call throws(DanaError) in
                    try call.heap.add(call.heap.retained(call[1]), to: try call.set(0))
                    return .null
                }),
            NativeFunction(
                "set.remove", [.receiver, NativeParameter("item")], "Removes an item, which must be there.",
                body: { call throws(DanaError) in
                    if try !discard(call[1], of: try call.set(0), call.heap) { throw call.heap.keyError(call[1]) }
                    return .null
                }),
            NativeFunction(
                "set.discard", [.receiver, NativeParameter("item")], "Removes an item if it is there.",
                body: { call throws(DanaError) in
                    _ = try discard(call[1], of: try call.set(0), call.heap)
                    return .null
                }),
            NativeFunction("set.pop", [.receiver], "Removes an item and returns it.", body: pop),
            NativeFunction(
                "set.clear", [.receiver], "Removes all items.",
                body: { call throws(DanaError) in
                    let set = try call.set(0)
                    try call.charge(visiting: set.count)
                    call.heap.clear(set.table)
                    return .null
                }),
            NativeFunction(
                "set.update", [.receiver, others], "Adds the items of the others.",
                body: { call throws(DanaError) in try change(call, add) }),
            NativeFunction(
                "set.intersection_update", [.receiver, others], "Keeps the items that are also in all the others.",
                body: { call throws(DanaError) in try change(call, keep) }),
            NativeFunction(
                "set.difference_update", [.receiver, others], "Removes the items of the others.",
                body: { call throws(DanaError) in try change(call, remove) }),
            NativeFunction(
                "set.symmetric_difference_update", [.receiver, .iterable("other")],
                "Keeps the items that are in one of the two.",
                body: { call throws(DanaError) in
                    try toggle(try call.set(0), call[1], call, at: 1)
                    return .null
                }),
        ])

    private static let others = NativeParameter("others", .rest, drains: true)

    private typealias Change = (SetObject, Value, NativeCall, Int) throws(DanaError) -> Void

    private static func copy(_ call: NativeCall) throws(DanaError) -> SetObject {
        let set = try call.set(0)
        return try call.heap.set(copying: set.table, isFrozen: set.isFrozen)
    }

    private static func result(_ call: NativeCall, _ change: Change) throws(DanaError) -> Value {
        let result = call.heap.owned(try copy(call).value)
        for (index, other) in call.rest(1).enumerated() {
            try change(SetObject(known: result.value), other, call, index + 1)
        }
        return result.take()
    }

    private static func change(_ call: NativeCall, _ change: Change) throws(DanaError) -> Value {
        for (index, other) in call.rest(1).enumerated() { try change(try call.set(0), other, call, index + 1) }
        return .null
    }

    private static func items(_ other: Value, _ call: NativeCall, _ index: Int) throws(DanaError) -> Iteration {
        guard other.isIterable else {
            throw call.heap.typeError(
                "\(call.native.pointee.function.name)() expects \(NativeCall.anyIterable) at argument \(index), got "
                    + other.typeName)
        }
        return try call.heap.iteration(over: other)
    }

    private static func add(_ set: SetObject, _ other: Value, _ call: NativeCall, at index: Int) throws(DanaError) {
        if other.isIdentical(to: set.value) { return }
        var items = try items(other, call, index)
        while let item = try items.next() { try call.heap.add(item, to: set) }
    }

    private static func remove(_ set: SetObject, _ other: Value, _ call: NativeCall, at index: Int) throws(DanaError) {
        if other.isIdentical(to: set.value) { return call.heap.clear(set.table) }
        var items = try items(other, call, index)
        while let item = try items.next() {
            let item = call.heap.owned(item)
            _ = try discard(item.value, of: set, call.heap)
        }
    }

    private static func keep(_ set: SetObject, _ other: Value, _ call: NativeCall, at index: Int) throws(DanaError) {
        let heap = call.heap
        let wanted = heap.owned(try members(other, call, at: index).value)
        let table = set.table
        let wantedTable = SetObject(known: wanted.value).table
        for place in 0..<table.used {
            let entry = table.entry(place).pointee
            if entry.key.isUndefined { continue }
            if place & 7 == 7 { try heap.charge(1) }
            if try heap.find(entry.key, hash: entry.hash, in: wantedTable) == nil {
                heap.release(heap.removeEntry(place, of: table).key)
            }
        }
    }

    private static func toggle(_ set: SetObject, _ other: Value, _ call: NativeCall, at index: Int) throws(DanaError) {
        let heap = call.heap
        if other.isIdentical(to: set.value) { return heap.clear(set.table) }
        let members = heap.owned(try members(other, call, at: index).value)
        let table = SetObject(known: members.value).table
        for place in 0..<table.used {
            let entry = table.entry(place).pointee
            if entry.key.isUndefined { continue }
            if place & 7 == 7 { try heap.charge(1) }
            if try !discard(entry.key, of: set, heap) { try heap.add(heap.retained(entry.key), to: set) }
        }
    }

    /// The items of any iterable as a set, owned: the set itself when it is one.
    private static func members(_ other: Value, _ call: NativeCall, at index: Int) throws(DanaError) -> SetObject {
        let heap = call.heap
        if let set = SetObject(other) {
            heap.retain(other)
            return set
        }
        var items = try items(other, call, index)
        let set = try heap.set()
        let held = heap.owned(set.value)
        while let item = try items.next() {
            if set.table.used & 7 == 7 { try heap.charge(1) }
            try heap.add(item, to: set)
        }
        return SetObject(known: held.take())
    }

    private static func discard(_ item: Value, of set: SetObject, _ heap: Heap) throws(DanaError) -> Bool {
        // A set cannot be an item; the frozenset of its items can.
        let isSet = SetObject(item).map { !$0.isFrozen } ?? false
        let key = isSet ? heap.owned(try frozen(item, heap)) : Owned(retaining: item, heap: heap)
        guard let index = try heap.find(key.value, hash: try heap.hash(of: key.value), in: set.table) else {
            return false
        }
        heap.release(heap.removeEntry(index, of: set.table).key)
        return true
    }

    private static func frozen(_ set: Value, _ heap: Heap) throws(DanaError) -> Value {
        try heap.set(copying: SetObject(known: set).table, isFrozen: true).value
    }

    private static func pop(_ call: NativeCall) throws(DanaError) -> Value {
        guard let first = try call.heap.removeFirst(of: try call.set(0).table) else {
            throw call.heap.error(.keyError, "pop from an empty set")
        }
        return first.key
    }

    private static func isDisjoint(_ call: NativeCall) throws(DanaError) -> Value {
        let set = try call.set(0)
        var items = try call.items(1)
        while let item = try items.next() {
            let item = call.heap.owned(item)
            if try call.heap.contains(item.value, in: set.table) { return .false }
        }
        return .true
    }

    private static func isSubset(_ call: NativeCall) throws(DanaError) -> Value {
        let other = call.heap.owned(try members(call[1], call, at: 1).value)
        return Value(try ValueOrder(heap: call.heap).holds(.lessOrEqual, call[0], other.value))
    }

    private static func isSuperset(_ call: NativeCall) throws(DanaError) -> Value {
        let other = call.heap.owned(try members(call[1], call, at: 1).value)
        return Value(try ValueOrder(heap: call.heap).holds(.greaterOrEqual, call[0], other.value))
    }
}

extension Heap {
    /// A set of a table's keys, owned.
    func set(copying source: TableObject, isFrozen: Bool = false) throws(DanaError) -> SetObject {
        let set = try self.set(isFrozen: isFrozen)
        let held = owned(set.value)
        try ensureCapacity(of: set.table, source.count)
        for index in 0..<source.used {
            if index & 7 == 7 { try charge(1) }
            let entry = source.entry(index).pointee
            if entry.key.isUndefined { continue }
            try insert(retained(entry.key), hash: entry.hash, value: .null, into: set.table)
        }
        return SetObject(known: held.take())
    }
}
