import DanaData

/// A JSON Schema whose texts and lists have a length, so that a small model comes to their end.
enum BoundedSchema {
    /// For texts that the schema sets no limit.
    static let longestText: Int64 = 120
    /// For lists that the schema sets no limit.
    static let mostItems: Int64 = 10
    private static let deepest = 100

    static func of(_ schema: Tape) -> Tape {
        var builder = TapeBuilder()
        append(schema.root, to: &builder, depth: 0)
        return builder.finish()
    }

    private static func append(_ value: TapeValue, to builder: inout TapeBuilder, depth: Int) {
        guard depth < deepest else { return builder.append(value) }
        if let pairs = value.pairs {
            builder.beginDict()
            for pair in pairs {
                builder.append(pair.key)
                append(pair.value, to: &builder, depth: depth + 1)
            }
            switch value["type"]?.string {
            case "string" where value["enum"] == nil && value["format"] == nil && value["pattern"] == nil:
                if value["maxLength"] == nil {
                    builder.field("maxLength", max(longestText, value["minLength"]?.int ?? 0))
                }
            case "array" where value["maxItems"] == nil && value["prefixItems"] == nil:
                builder.field("maxItems", max(mostItems, value["minItems"]?.int ?? 0))
            default: break
            }
            builder.end()
        } else if let items = value.array {
            builder.beginList()
            for item in items { append(item, to: &builder, depth: depth + 1) }
            builder.end()
        } else {
            builder.append(value)
        }
    }
}
