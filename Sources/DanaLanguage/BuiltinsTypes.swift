/// `type` and `isinstance`.
enum BuiltinsTypes {
    static let functions: [NativeFunction] = [
        NativeFunction(
            "isinstance", [NativeParameter("value"), NativeParameter("type")],
            "Whether the value is of a type, or of one of a tuple of types.",
            body: { call throws(DanaError) in
                guard call[1].isTypeOrTypes else { throw call.expects("a type or a tuple of types", at: 1) }
                return Value(try call.heap.isInstance(call[0], of: call[1]))
            }),
        NativeFunction(
            "_type_name", [NativeParameter("value")], "The name of a value's type, for messages.",
            body: { call throws(DanaError) in try call.heap.string(call[0].typeName).value }),
    ]

    static let type = NativeFunction(
        "type", [NativeParameter("value")], "The type of a value.",
        body: { call throws(DanaError) in call.heap.retained(call.heap.type(of: call[0])) })
}

extension Value {
    /// Whether `isinstance` takes the value as its second argument.
    fileprivate var isTypeOrTypes: Bool {
        var pending = [self]
        while let next = pending.popLast() {
            switch next.objectKind {
            case .type, .structType, .enumType, .interface, .exceptionType: break
            case .tuple: pending.append(contentsOf: TupleObject(known: next).items)
            default: if !next.isNull { return false }
            }
        }
        return true
    }
}
