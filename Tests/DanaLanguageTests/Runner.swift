import DanaData

@testable import DanaLanguage

/// Runs codes in an interpreter of its own and shows values as Swift text.
struct Runner {
    let interpreter: Interpreter

    init(
        limits: Limits = Limits(), catalogue: NativeCatalogue = TestCatalogue.catalogue,
        cancellation: Cancellation = Cancellation()
    )
        throws
    {
        interpreter = try Interpreter(catalogue: catalogue, limits: limits, cancellation: cancellation, seed: 7)
    }

    /// The result of a code as text, or the error's kind and message.
    func run(_ code: Code) throws -> String {
        try interpreter.start(code, module: "main")
        return show(interpreter.run())
    }

    func show(_ outcome: Outcome) -> String {
        switch outcome {
        case .finished: Runner.describe(interpreter.machine.resultPlace.pointee)
        case .failed(let error): "\(error.kind): \(error.message)"
        case .waiting(let calls): "waiting for \(calls.count)"
        case .sliceOver: "slice over"
        }
    }

    static func describe(_ value: Value) -> String {
        if value.isSmallInteger { return "\(value.smallInteger)" }
        if let float = value.float { return "\(float)" }
        if value.isNull { return "null" }
        if value.isBool { return value.isIdentical(to: .true) ? "true" : "false" }
        if value.isUndefined { return "undefined" }
        switch value.object.pointee.kind {
        case .string: return "'\(StringObject(known: value).text)'"
        case .bigInt: return BigInteger(BigIntObject(known: value)).description
        case .list: return "[" + ListObject(known: value).items.map(describe).joined(separator: ", ") + "]"
        case .tuple: return "(" + TupleObject(known: value).items.map(describe).joined(separator: ", ") + ")"
        case .dict:
            let table = DictObject(known: value).table
            let entries = (0..<table.used).map { table.entry($0).pointee }.filter { !$0.key.isUndefined }
            return "{" + entries.map { "\(describe($0.key)): \(describe($0.value))" }.joined(separator: ", ") + "}"
        case .set:
            let table = SetObject(known: value).table
            let keys = (0..<table.used).map { table.entry($0).pointee.key }.filter { !$0.isUndefined }
            return "{" + keys.map(describe).joined(separator: ", ") + "}"
        case .structure:
            let structure = StructObject(known: value)
            return "\(value.typeName)("
                + (0..<structure.count).map { describe(structure.fields[$0]) }.joined(separator: ", ") + ")"
        default: return "<\(value.object.pointee.kind)>"
        }
    }
}

/// A few built-ins to test calls with.
enum TestCatalogue {
    static let catalogue = NativeCatalogue(
        functions: [
            NativeFunction(
                "range",
                [NativeParameter("start"), NativeParameter("stop"), NativeParameter("step", default: .integer(1))], ""
            ) {
                call throws(DanaError) in
                try call.heap.range(
                    start: call[0].smallInteger, stop: call[1].smallInteger, step: call[2].smallInteger
                ).value
            },
            NativeFunction("list", [NativeParameter("items", drains: true)], "") { call throws(DanaError) in
                let list = try call.heap.list()
                let held = call.heap.owned(list.value)
                var items = try call.heap.iteration(over: call[0])
                while let item = try items.next() { try call.heap.append(item, to: list) }
                return held.take()
            },
            NativeFunction("pair", [NativeParameter("x", .either), NativeParameter("y", .either, default: .null)], "") {
                call throws(DanaError) in try call.heap.pair(call[0], call[1])
            },
            NativeFunction("parallel", [NativeParameter("functions", .rest)], "", action: .parallel),
            NativeFunction(
                "next", [NativeParameter("iterator"), NativeParameter("fallback", default: .null)], "", action: .next),
            NativeFunction(
                "send", [NativeParameter("generator"), NativeParameter("value")], "", action: .generatorSend),
            NativeFunction("close", [NativeParameter("generator")], "", action: .generatorClose),
        ],
        members: [
            .list: [
                "append": .method(
                    NativeFunction("list.append", [NativeParameter("self"), NativeParameter("item")], "") {
                        call throws(DanaError) in
                        try call.heap.append(call.heap.retained(call[1]), to: ListObject(known: call[0]))
                        return .null
                    })
            ]
        ])
}
