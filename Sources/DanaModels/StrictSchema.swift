import DanaData

/// A JSON Schema in the strict form of OpenAI: each object names all of its properties as required and has no others,
/// and only some words may stand in it. A schema that means something else in that form is sent as it is and not strict.
enum StrictSchema {
    /// How deep a schema may be.
    private static let deepest = 100
    private static let words: Set<String> = [
        "type", "properties", "required", "additionalProperties", "items", "enum", "const", "anyOf", "$ref", "$defs",
        "definitions", "title", "description", "default", "format", "pattern", "multipleOf", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "minItems", "maxItems",
    ]
    private static let formats: Set<String> = [
        "date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid",
    ]

    /// Writes the fields `strict` and `schema`.
    static func append(_ schema: Tape, to json: inout TapeBuilder) {
        let strict = strict(schema)
        json.field("strict", strict != nil)
        json.field("schema", (strict ?? schema).root)
    }

    /// Nil when there is no strict form that means the same.
    static func strict(_ schema: Tape) -> Tape? {
        guard schema.root.text("type") == "object", schema.root["anyOf"] == nil else { return nil }
        var builder = TapeBuilder()
        return append(schema.root, to: &builder, 0) ? builder.finish() : nil
    }

    /// Whether it could be written; the builder is of no use otherwise.
    private static func append(_ schema: TapeValue, to json: inout TapeBuilder, _ depth: Int) -> Bool {
        guard depth < deepest, let pairs = schema.pairs, isKnown(schema) else { return false }
        // Beside a reference nothing may stand; so one that is described is the only form of several.
        let isReference = schema["$ref"] != nil
        guard !isReference || pairs.allSatisfy({ ["$ref", "title", "description", "default"].contains($0.key.text) })
        else { return false }
        json.beginDict()
        for (key, value) in pairs {
            let name = key.text ?? ""
            switch name {
            case "default", "required", "additionalProperties": continue
            case "title" where isReference, "description" where isReference: continue
            case "$ref" where schema["description"] != nil:
                if let description = schema["description"] { json.field("description", description) }
                json.list("anyOf", of: [value]) { json, target in json.object { $0.field("$ref", target) } }
                continue
            case "properties", "$defs", "definitions":
                json.appendString(name)
                json.beginDict()
                for (key, value) in value.fields {
                    json.append(key)
                    guard append(value, to: &json, depth + 1) else { return false }
                }
                json.end()
                continue
            case "items":
                json.appendString(name)
                guard append(value, to: &json, depth + 1) else { return false }
                continue
            case "anyOf":
                json.appendString(name)
                json.beginList()
                for form in value.items {
                    guard append(form, to: &json, depth + 1) else { return false }
                }
                json.end()
                continue
            default: break
            }
            json.field(name, value)
        }
        if schema["type"] == nil, let type = typeOfChoices(schema) { json.field("type", type) }
        if schema["properties"] != nil {
            json.list("required", of: schema["properties"]?.fields ?? []) { $0.append($1.key) }
        }
        if types(schema).contains("object") { json.field("additionalProperties", false) }
        json.end()
        return true
    }

    /// Whether all that a schema says by itself can be said in the strict form.
    private static func isKnown(_ schema: TapeValue) -> Bool {
        guard let pairs = schema.pairs, pairs.allSatisfy({ words.contains($0.key.text ?? "") }) else { return false }
        if let format = schema["format"], !formats.contains(format.text ?? "") { return false }
        guard ["type", "$ref", "anyOf", "enum", "const"].contains(where: { schema[$0] != nil }) else { return false }
        if types(schema).contains("array"), schema["items"] == nil { return false }
        guard types(schema).contains("object") else { return schema["properties"] == nil }
        // What may have any properties may have none, too, in the strict form.
        guard schema["additionalProperties"].map({ $0.bool == false }) ?? (schema["properties"] != nil) else {
            return false
        }
        let required = schema["required"]?.array?.compactMap(\.text) ?? []
        let properties = schema["properties"]?.fields ?? []
        guard Set(required).isSubset(of: properties.compactMap(\.key.text)) else { return false }
        // What may be left out can be demanded when leaving it out means null, which can be said as well.
        return properties.allSatisfy { name, property in
            required.contains(name.text ?? "") || property["default"]?.isNull == true && takesNull(property)
        }
    }

    private static func types(_ schema: TapeValue) -> [String] {
        schema["type"].map { type in type.text.map { [$0] } ?? type.array?.compactMap(\.text) ?? [] } ?? []
    }

    private static func takesNull(_ schema: TapeValue) -> Bool {
        types(schema).contains("null") || schema["enum"]?.array?.contains { $0.isNull } ?? false
            || schema["anyOf"]?.array?.contains { types($0).contains("null") } ?? false
    }

    /// The type that all of the values have that are allowed.
    private static func typeOfChoices(_ schema: TapeValue) -> String? {
        let values = schema["enum"]?.array.map(Array.init) ?? schema["const"].map { [$0] } ?? []
        if !values.isEmpty, values.allSatisfy({ $0.text != nil }) { return "string" }
        if !values.isEmpty, values.allSatisfy({ $0.int != nil }) { return "integer" }
        if !values.isEmpty, values.allSatisfy({ $0.bool != nil }) { return "boolean" }
        return nil
    }
}
