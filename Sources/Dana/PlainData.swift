import DanaData
import DanaLanguage

/// Writes a program's values as plain data for those outside: structs become dicts of their fields, members of enums
/// their names, what has no other form its text. With the lock held.
struct PlainData {
    let core: ContextCore
    let interpreter: Interpreter

    /// A value as plain data.
    func tape(_ value: Value) throws -> Tape {
        var builder = TapeBuilder()
        var budget = OutgoingBudget(of: core)
        try append(value, to: &builder, &budget, depth: 0)
        return builder.finish()
    }

    private func append(
        _ value: Value, to builder: inout TapeBuilder, _ budget: inout OutgoingBudget, depth: Int
    ) throws {
        switch value.view {
        case .null: builder.appendNull()
        case .bool(let flag): builder.appendBool(flag)
        case .integer(let integer):
            try budget.take(bytes: OutgoingBudget.number)
            builder.appendInt(Int64(integer))
        case .bigInteger(let isNegative, let words):
            try budget.take(.sequence, of: words.count, depth: 0)
            builder.append(BigInteger(isNegative: isNegative, magnitude: Array(words)))
        case .float(let float):
            try budget.take(bytes: OutgoingBudget.number)
            builder.appendDouble(float)
        case .string(let utf8, _):
            try budget.take(text: utf8.count)
            builder.appendString(utf8: UnsafeRawBufferPointer(utf8))
        case .list(let items), .tuple(let items):
            try budget.take(.sequence, of: items.count, depth: depth)
            builder.beginList()
            for item in items { try append(item, to: &builder, &budget, depth: depth + 1) }
            builder.end()
        case .set(let table, _):
            try budget.take(.sequence, of: table.places, depth: depth)
            builder.beginList()
            for place in 0..<table.places {
                if let entry = table.entry(place) { try append(entry.key, to: &builder, &budget, depth: depth + 1) }
            }
            builder.end()
        case .dict(let table):
            try budget.take(.dict, of: table.places, depth: depth)
            builder.beginDict()
            for place in 0..<table.places {
                guard let entry = table.entry(place) else { continue }
                let key = try text(ofKey: entry.key)
                try budget.take(text: key.utf8.count)
                builder.appendString(key)
                try append(entry.value, to: &builder, &budget, depth: depth + 1)
            }
            builder.end()
        case .structure:
            let fields = interpreter.fields(of: value) ?? []
            try budget.take(.dict, of: fields.count, depth: depth)
            builder.beginDict()
            for field in fields {
                builder.appendString(field.name)
                try append(field.value, to: &builder, &budget, depth: depth + 1)
            }
            builder.end()
        case .enumMember: builder.appendString(interpreter.member(value)?.name ?? "")
        case .handle(let number):
            // To ask it for its text would be a call of the host's.
            builder.appendString("<\(core.object(number)?.typeName ?? "object")>")
        case .iterator:
            throw StandardArguments.fault(
                .typeError,
                "Expected data that can be written down, got \(interpreter.typeName(of: value)), which can be read only "
                    + "once: give a list of what it yields")
        default:
            let text = try interpreter.text(of: value, isRepr: false)
            try budget.take(text: text.utf8.count)
            builder.appendString(text)
        }
    }

    private func text(ofKey key: Value) throws -> String {
        if case .string(let utf8, _) = key.view { return String(decoding: utf8, as: UTF8.self) }
        return try interpreter.text(of: key, isRepr: false)
    }
}
