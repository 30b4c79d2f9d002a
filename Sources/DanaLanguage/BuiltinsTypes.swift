/// `type` and `isinstance`.
enum BuiltinsTypes {
    static let functions: [NativeFunction] = [
        NativeFunction(
            "isinstance", [NativeParameter("value"), NativeParameter("type")],
            "Whether the value is of a type, or of one of several: `(A, B)` or `A | B`.",
            body: { call throws(DanaError) in
                guard try isTypeOrTypes(call[1], call.heap, of: call[0]) else {
                    throw call.expects("a type or a tuple of types", at: 1)
                }
                return Value(try call.heap.isInstance(call[0], of: call[1]))
            }),
        NativeFunction(
            "_type_name", [NativeParameter("value")], "The name of a value's type, for messages.",
            body: { call throws(DanaError) in try call.heap.string(call[0].typeName).value }),
    ]

    static let type = NativeFunction(
        "type", [NativeParameter("value")], "The type of a value.",
        body: { call throws(DanaError) in call.heap.retained(try call.heap.type(of: call[0])) })

    /// Whether `isinstance` takes a value as its second argument. The host is to be asked about its own types, and which
    /// exceptions its objects are.
    private static func isTypeOrTypes(_ value: Value, _ heap: Heap, of tested: Value) throws(DanaError) -> Bool {
        var pending = [value]
        while let next = pending.popLast() {
            try heap.charge(1)
            switch next.objectKind {
            case .hostHandle: throw .handle
            case .exceptionType where tested.isObject(.hostHandle): throw .handle
            case .tuple, .pipeline: pending.append(contentsOf: next.typeChoices?.items ?? .init(start: nil, count: 0))
            default: if !next.isTypeChoice { return false }
            }
        }
        return true
    }
}
