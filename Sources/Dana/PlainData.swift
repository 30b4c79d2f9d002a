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
        try append(value, to: &builder, depth: 0)
        return builder.finish()
    }

    func append(_ value: Value, to builder: inout TapeBuilder, depth: Int) throws {
        guard depth < ContextCore.depthLimit else {
            throw DanaFailure.usage("ValueError", "a value is nested more than \(ContextCore.depthLimit) levels deep")
        }
        switch value.view {
        case .null: builder.appendNull()
        case .bool(let flag): builder.appendBool(flag)
        case .integer(let integer): builder.appendInt(Int64(integer))
        case .bigInteger(let isNegative, let words):
            builder.append(BigInteger(isNegative: isNegative, magnitude: Array(words)))
        case .float(let float): builder.appendDouble(float)
        case .string(let utf8, _): builder.appendString(utf8: UnsafeRawBufferPointer(utf8))
        case .list(let items), .tuple(let items):
            builder.beginList()
            for item in items { try append(item, to: &builder, depth: depth + 1) }
            builder.end()
        case .set(let table, _):
            builder.beginList()
            for place in 0..<table.places {
                if let entry = table.entry(place) { try append(entry.key, to: &builder, depth: depth + 1) }
            }
            builder.end()
        case .dict(let table):
            builder.beginDict()
            for place in 0..<table.places {
                guard let entry = table.entry(place) else { continue }
                builder.appendString(try text(ofKey: entry.key))
                try append(entry.value, to: &builder, depth: depth + 1)
            }
            builder.end()
        case .structure:
            builder.beginDict()
            for field in interpreter.fields(of: value) ?? [] {
                builder.appendString(field.name)
                try append(field.value, to: &builder, depth: depth + 1)
            }
            builder.end()
        case .enumMember: builder.appendString(interpreter.member(value)?.name ?? "")
        case .handle(let number):
            // To ask it for its text would be a call of the host's.
            builder.appendString("<\(core.object(number)?.typeName ?? "object")>")
        default: builder.appendString(try interpreter.text(of: value, isRepr: false))
        }
    }

    private func text(ofKey key: Value) throws -> String {
        if case .string(let utf8, _) = key.view { return String(decoding: utf8, as: UTF8.self) }
        return try interpreter.text(of: key, isRepr: false)
    }
}
