/// The methods of lists.
enum MethodsList {
    static let table = NativeCatalogue.Member.table(
        methods: [
            NativeFunction(
                "list.append", [.receiver, NativeParameter("item")], "Adds an item at the end.", body: append),
            NativeFunction(
                "list.extend", [.receiver, .iterable()], "Adds all items of an iterable at the end.", body: extend),
            NativeFunction(
                "list.insert", [.receiver, NativeParameter("index"), NativeParameter("item")],
                "Puts an item before the one at the index.", body: insert),
            NativeFunction(
                "list.pop", [.receiver, NativeParameter("index", default: .integer(-1))],
                "Removes the item at the index and returns it.", body: pop),
            NativeFunction(
                "list.remove", [.receiver, NativeParameter("item")], "Removes the first item equal to this one.",
                body: remove),
            NativeFunction("list.clear", [.receiver], "Removes all items.", body: clear),
            NativeFunction("list.copy", [.receiver], "A new list of the same items.", body: copy),
            NativeFunction("list.reverse", [.receiver], "Turns the order of the items around.", body: reverse),
            NativeFunction(
                "list.index",
                [
                    .receiver, NativeParameter("item"), NativeParameter("start", default: .null),
                    NativeParameter("stop", default: .null),
                ], "The index of the first item equal to this one.",
                body: { call throws(DanaError) in
                    let list = try call.list(0)
                    return try index(call, in: list.items)
                }),
            NativeFunction(
                "list.count", [.receiver, NativeParameter("item")], "How many items are equal to this one.",
                body: { call throws(DanaError) in
                    let list = try call.list(0)
                    return try count(call, in: list.items)
                }),
        ],
        prelude: ["sort": "_list_sort"])

    /// What the prelude's `_list_sort` stands on.
    static let preludeFunctions: [NativeFunction] = [
        NativeFunction(
            "_sort_list", [NativeParameter("list"), NativeParameter("reverse")], "Sorts a list in place.", body: sort),
        NativeFunction(
            "_sort_list_by", [NativeParameter("list"), NativeParameter("keys"), NativeParameter("reverse")],
            "Sorts a list in place by keys computed before.", body: sortBy),
    ]

    private static func append(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        try call.heap.append(call[1], to: list)
        call.heap.retain(call[1])
        return .null
    }

    private static func extend(_ call: NativeCall) throws(DanaError) -> Value {
        try call.heap.extend(try call.list(0), by: call[1]) { call.expects(NativeCall.anyIterable, at: 1) }
        return .null
    }

    private static func insert(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        let count = list.count
        var index = try call.clampedInteger(1)
        index = index < 0 ? max(0, index &+ count < 0 ? 0 : index &+ count) : min(index, count)
        try call.heap.insert(call.heap.retained(call[2]), at: index, of: list)
        return .null
    }

    private static func pop(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        let count = list.count
        var index = try call.integer(1)
        if count == 0 { throw call.heap.indexError("pop from empty list") }
        if index < 0 { index += count }
        guard index >= 0, index < count else { throw call.heap.indexError("pop index out of range") }
        return try call.heap.removeItem(index, of: list)
    }

    private static func remove(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        guard let index = try firstIndex(of: call[1], in: list.items, from: 0, to: list.count, call) else {
            throw call.heap.valueError("list.remove(x): x not in list")
        }
        call.heap.release(try call.heap.removeItem(index, of: list))
        return .null
    }

    private static func clear(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        try call.charge(visiting: list.count)
        try call.heap.removeAll(of: list)
        return .null
    }

    private static func copy(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        return try call.heap.list(copying: list.items).value
    }

    private static func reverse(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        let items = UnsafeMutableBufferPointer(start: list.at.pointee.items, count: list.count)
        for index in 0..<(list.count / 2) {
            if index & 1023 == 1023 { try call.charge(16) }
            items.swapAt(index, list.count - 1 - index)
        }
        return .null
    }

    private static func sort(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        try ValueSort(heap: call.heap, isReversed: try call.integerFlag(1)).sort(list)
        return .true
    }

    private static func sortBy(_ call: NativeCall) throws(DanaError) -> Value {
        let list = try call.list(0)
        try ValueSort(heap: call.heap, isReversed: try call.integerFlag(2)).sort(list, by: try call.list(1))
        return .true
    }

    // MARK: Searching, of lists and tuples

    /// `index(item, start, stop)` of the items of a list or tuple.
    static func index(_ call: NativeCall, in items: UnsafeBufferPointer<Value>) throws(DanaError) -> Value {
        let (start, stop) = try call.bounds(2, 3, count: items.count)
        if let index = try firstIndex(of: call[1], in: items, from: start, to: stop, call) {
            return Value(small: index)
        }
        if call[0].isObject(.tuple) { throw call.heap.valueError("tuple.index(x): x not in tuple") }
        var writer = ValueWriter(heap: call.heap, style: .repr)
        try writer.write(call[1])
        writer.append(" is not in list")
        throw call.heap.error(.valueError, text: try writer.output.string())
    }

    static func count(_ call: NativeCall, in items: UnsafeBufferPointer<Value>) throws(DanaError) -> Value {
        try call.charge(visiting: items.count)
        var count = 0
        for item in items {
            if item.isIdentical(to: call[1]) { count += 1 } else if try call.heap.equal(item, call[1]) { count += 1 }
        }
        return Value(small: count)
    }

    private static func firstIndex(
        of item: Value, in items: UnsafeBufferPointer<Value>, from start: Int, to stop: Int, _ call: NativeCall
    ) throws(DanaError) -> Int? {
        var index = start
        while index < stop {
            if index & 63 == 63 { try call.charge(1) }
            if items[index].isIdentical(to: item) { return index }
            if try call.heap.equal(items[index], item) { return index }
            index += 1
        }
        return nil
    }
}

extension Heap {
    /// Empties a list and gives its memory back.
    func removeAll(of list: ListObject) throws(DanaError) {
        let count = list.count
        guard let items = list.at.pointee.items else { return }
        let capacity = list.at.pointee.capacity
        // The list is empty before any item goes, for the last reference to one may lead back here.
        list.at.pointee.items = nil
        list.at.pointee.count = 0
        list.at.pointee.capacity = 0
        for index in 0..<count { release(items[index]) }
        freeBuffer(items, bytes: capacity * MemoryLayout<Value>.stride)
    }

    /// Appends an iterable's items, its own among them when it is the list itself.
    func extend(_ list: ListObject, by iterable: Value, otherwise error: () -> DanaError) throws(DanaError) {
        if let items = ListObject(iterable)?.items ?? TupleObject(iterable)?.items {
            let (count, more) = (list.count, items.count)
            try charge(more >> 6)
            try ensureCapacity(of: list, forMore: more)
            // The items are read after the list grew, for they may be its own.
            guard let source = (ListObject(iterable)?.items ?? TupleObject(iterable)?.items) else { return }
            for index in 0..<more { list[unchecked: count + index] = retained(source[index]) }
            list.at.pointee.count = count + more
            return
        }
        guard iterable.isIterable else { throw error() }
        var items = try iteration(over: iterable)
        if let more = itemCount(of: iterable) { try ensureCapacity(of: list, forMore: more) }
        while let item = try items.next() {
            let item = owned(item)
            try append(item.value, to: list)
            _ = item.take()
        }
    }

    /// Room for some more items, growing by steps so that many small additions stay cheap.
    private func ensureCapacity(of list: ListObject, forMore more: Int) throws(DanaError) {
        let (needed, overflow) = list.count.addingReportingOverflow(more)
        if overflow { throw .limit(.memory) }
        guard needed > list.at.pointee.capacity else { return }
        try ensureCapacity(of: list, Swift.max(needed, list.count + list.count / 8))
    }

    /// An error whose message is a string, whose reference it takes over.
    func error(_ kind: ExceptionKind, text: Value) -> DanaError {
        let text = owned(text)
        do {
            let arguments = try tuple(count: 1)
            arguments.start[0] = text.take()
            return .raised(try exception(kind, arguments: arguments.value).value)
        } catch {
            return error
        }
    }
}
