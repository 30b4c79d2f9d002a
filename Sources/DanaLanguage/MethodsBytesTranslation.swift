// `bytes.translate` and the tables it takes, and `bytes.expandtabs`.

extension MethodsBytes {
    static let translating: [NativeFunction] = [
        NativeFunction(
            "bytes.translate",
            [.receiver, NativeParameter("table"), NativeParameter("delete", .either, default: .absent)],
            "The bytes with each changed by a table, without those to be left out.", body: translate),
        NativeFunction(
            "bytes.expandtabs", [.receiver, NativeParameter("tabsize", .either, default: .integer(8))],
            "The bytes with spaces for tabs.",
            body: { call throws(DanaError) in
                let text = try view(call)
                let size = try call.integer(1)
                try call.charge(visiting: text.count)
                let tabs = text.count { $0 == UInt8(ascii: "\t") }
                let (bound, overflow) = tabs.multipliedReportingOverflow(by: max(size, 0))
                guard !overflow else { throw .limit(.memory) }
                try call.reserve(bound)
                var output = TextOutput(heap: call.heap)
                TextPadding.writeExpandingTabs(text, size: size, isText: false, into: &output)
                return try output.byteString()
            }),
    ]

    static let makeTranslation = NativeFunction(
        "bytes.maketrans", [NativeParameter("from"), NativeParameter("to")], "A table for translate.",
        body: { call throws(DanaError) in
            let (from, to) = (try view(call, 0), try view(call, 1))
            guard from.count == to.count else {
                throw call.heap.valueError("maketrans arguments must have same length")
            }
            try call.charge(visiting: from.count)
            var table = Array(UInt8.min...UInt8.max)
            for index in 0..<from.count { table[Int(from[index])] = to[index] }
            return try table.withView { view throws(DanaError) in try call.heap.bytes(copying: view) }
        })

    private static func translate(_ call: NativeCall) throws(DanaError) -> Value {
        let text = try view(call)
        let table = call[1].isNull ? nil : try view(call, 1)
        if let table, table.count != 256 {
            throw call.heap.valueError("translation table must be 256 characters long")
        }
        var isDeleted = Array(repeating: false, count: 256)
        if !call.isAbsent(2) { for byte in try view(call, 2) { isDeleted[Int(byte)] = true } }
        try call.charge(visiting: text.count)
        var output = TextOutput(heap: call.heap)
        for byte in text where !isDeleted[Int(byte)] { output.append(table.map { $0[Int(byte)] } ?? byte) }
        return try output.byteString()
    }
}
