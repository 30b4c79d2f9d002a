// `str.translate` and the tables it takes.

extension MethodsString {
    static func translate(_ call: NativeCall) throws(DanaError) -> Value {
        let heap = call.heap
        let text = try call.string(0)
        let table = call[1]
        guard DictObject(table) != nil || isSequence(table) else {
            throw call.expects("a dict, or a list, tuple or str to look characters up in", at: 1)
        }
        try call.charge(visiting: text.byteCount * 8)
        var output = TextOutput(heap: heap)
        for scalar in ByteView(text.bytes).scalars {
            let found = heap.owned(try translation(of: Int(scalar.value), in: table, heap))
            switch found.value {
            case let value where value.isUndefined: output.append(scalar: scalar)
            case let value where value.isNull: break
            case let value:
                if let string = StringObject(value) {
                    output.append(string)
                } else if value.builtInType == .int || value.isBool {
                    output.append(scalar: try character(numbered: value, heap))
                } else {
                    throw heap.typeError("character mapping must return integer, None or str")
                }
            }
        }
        return try output.string()
    }

    /// The character that a table's number stands for.
    private static func character(numbered number: Value, _ heap: Heap) throws(DanaError) -> Unicode.Scalar {
        guard case .small(let number)? = Numbers.number(number), 0...0x10FFFF ~= number else {
            throw heap.valueError("character mapping must be in range(0x110000)")
        }
        guard let scalar = UInt32(exactly: number).flatMap(Unicode.Scalar.init) else {
            throw heap.valueError("character mapping must be no half of a surrogate pair")
        }
        return scalar
    }

    private static func isSequence(_ table: Value) -> Bool {
        switch table.objectKind {
        case .list, .tuple, .string, .bytes, .range: true
        default: false
        }
    }

    /// What a table has for a character, owned; undefined when it has nothing.
    private static func translation(of character: Int, in table: Value, _ heap: Heap) throws(DanaError) -> Value {
        if let dict = DictObject(table) {
            return try heap.value(under: Value(small: character), in: dict).map { heap.retained($0) } ?? .undefined
        }
        return character < heap.count(ofSequence: table) ? try heap.item(character, ofSequence: table) : .undefined
    }

    static let makeTranslation = NativeFunction(
        "str.maketrans",
        [NativeParameter("x"), NativeParameter("y", default: .absent), NativeParameter("z", default: .absent)],
        "A table for translate.",
        body: { call throws(DanaError) in
            let heap = call.heap
            let table = try heap.dict()
            let held = heap.owned(table.value)
            if call.isAbsent(1) {
                let source = try call.dict(0).table
                for index in 0..<source.used {
                    let entry = source.entry(index).pointee
                    if entry.key.isUndefined { continue }
                    var key = entry.key
                    if let string = StringObject(key) {
                        guard string.scalarCount == 1 else {
                            throw heap.valueError("string keys in translate table must be of length 1")
                        }
                        key = Value(small: Int(TextScalars.decode(ByteView(string.bytes), at: 0).scalar.value))
                    }
                    try heap.set(heap.retained(key), to: heap.retained(entry.value), in: table)
                }
                return held.take()
            }
            let (from, to) = (try call.string(0), try call.string(1))
            guard from.scalarCount == to.scalarCount else {
                throw heap.valueError("the first two maketrans arguments must have equal length")
            }
            var targets = ByteView(to.bytes).scalars
            for scalar in ByteView(from.bytes).scalars {
                let target = targets.next() ?? scalar
                try heap.set(Value(small: Int(scalar.value)), to: Value(small: Int(target.value)), in: table)
            }
            if !call.isAbsent(2) {
                for scalar in ByteView(try call.string(2).bytes).scalars {
                    try heap.set(Value(small: Int(scalar.value)), to: .null, in: table)
                }
            }
            return held.take()
        })
}
