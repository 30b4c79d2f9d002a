/// The methods of tuples, and the methods and bounds of ranges.
enum MethodsTuple {
    static let tuples = NativeCatalogue.Member.table(methods: [
        NativeFunction(
            "tuple.index",
            [
                .receiver, NativeParameter("item"), NativeParameter("start", default: .null),
                NativeParameter("stop", default: .null),
            ], "The index of the first item equal to this one.",
            body: { call throws(DanaError) in
                guard let tuple = TupleObject(call[0]) else { throw call.expects("tuple", at: 0) }
                return try MethodsList.index(call, in: tuple.items)
            }),
        NativeFunction(
            "tuple.count", [.receiver, NativeParameter("item")], "How many items are equal to this one.",
            body: { call throws(DanaError) in
                guard let tuple = TupleObject(call[0]) else { throw call.expects("tuple", at: 0) }
                return try MethodsList.count(call, in: tuple.items)
            }),
    ])

    static let ranges = NativeCatalogue.Member.table(
        methods: [
            NativeFunction(
                "range.index", [.receiver, NativeParameter("item")], "The index of an integer in the range.",
                body: { call throws(DanaError) in
                    if let index = try place(call) { return try call.heap.integer(index) }
                    var writer = ValueWriter(heap: call.heap, style: .repr)
                    try writer.write(call[1])
                    writer.append(" is not in range")
                    throw call.heap.error(.valueError, text: try writer.output.string())
                }),
            NativeFunction(
                "range.count", [.receiver, NativeParameter("item")], "1 when the integer is in the range, else 0.",
                body: { call throws(DanaError) in Value(small: try place(call) == nil ? 0 : 1) }),
        ],
        properties: [
            NativeFunction(
                "range.start", [.receiver], "The first bound.",
                body: { call throws(DanaError) in
                    try call.heap.integer(try range(call).start)
                }),
            NativeFunction(
                "range.stop", [.receiver], "The bound that is not reached.",
                body: { call throws(DanaError) in
                    try call.heap.integer(try range(call).stop)
                }),
            NativeFunction(
                "range.step", [.receiver], "What lies between two items.",
                body: { call throws(DanaError) in
                    try call.heap.integer(try range(call).step)
                }),
        ])

    private static func range(_ call: NativeCall) throws(DanaError) -> RangeObject {
        guard let range = RangeObject(call[0]) else { throw call.expects("range", at: 0) }
        return range
    }

    private static func place(_ call: NativeCall) throws(DanaError) -> Int? {
        let range = try range(call)
        switch Numbers.number(call[1]) {
        case .small(let integer): return range.index(of: integer)
        case .float(let float): return Int(exactly: float).flatMap { range.index(of: $0) }
        case .big, nil: return nil
        }
    }
}
