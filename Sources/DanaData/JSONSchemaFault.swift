/// What is wrong with a schema itself, found before a value is held against it.
extension JSONSchema {
    private enum Form {
        case schema
        case schemas
        case namedSchemas
        case tuple
        case number
        case count
        case texts
        case namedTexts
        case text
        case yesOrNo

        var expected: String {
            switch self {
            case .schema: "a schema"
            case .schemas: "a list of schemas that is not empty"
            case .namedSchemas: "an object of schemas"
            case .tuple: "a schema or a list of schemas"
            case .number: "a number"
            case .count: "a whole number of at least 0"
            case .texts: "a list of strings"
            case .namedTexts: "an object of lists of strings"
            case .text: "a string"
            case .yesOrNo: "true or false"
            }
        }
    }

    private static let forms: [(words: [String], form: Form)] = [
        (
            [
                "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else", "additionalItems",
                "unevaluatedProperties", "unevaluatedItems",
            ], .schema
        ),
        (["allOf", "anyOf", "oneOf", "prefixItems"], .schemas),
        (["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"], .namedSchemas),
        (["items"], .tuple),
        (["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"], .number),
        (
            [
                "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains",
                "maxContains",
            ], .count
        ),
        (["required"], .texts), (["dependentRequired"], .namedTexts), (["$ref", "pattern", "format"], .text),
        (["uniqueItems"], .yesOrNo),
    ]
    private static let types = ["null", "boolean", "integer", "number", "string", "array", "object"]

    /// The first fault of the schema, and where it is, such as `#/properties/name`; nil when there is none.
    public var fault: Fault? { fault(in: root, "#", 0) }

    private func fault(in schema: TapeValue, _ path: String, _ depth: Int) -> Fault? {
        if schema.bool != nil { return nil }
        guard schema.pairs != nil else { return Fault(path: path, message: "a schema is an object, or true or false") }
        guard depth < JSONSchema.deepest else {
            return Fault(path: path, message: "the schema leads deeper than can be followed")
        }
        if let message = typeFault(schema) { return Fault(path: "\(path)/type", message: message) }
        if let choices = schema["enum"], choices.array == nil {
            return Fault(path: "\(path)/enum", message: "a list of values is expected")
        }
        if let reference = schema["$ref"]?.string, resolve(reference) == nil {
            return Fault(
                path: "\(path)/$ref",
                message: reference.first == "#"
                    ? "the schema has no \(reference)"
                    : "\(reference) leads out of the schema, which is not followed: put it into `$defs`")
        }
        if schema["$dynamicRef"] != nil || schema["$recursiveRef"] != nil {
            return Fault(path: path, message: "references that change with their place are not followed: use `$ref`")
        }
        for (words, form) in JSONSchema.forms {
            for word in words {
                guard let value = schema[word] else { continue }
                if let fault = fault(in: value, as: form, "\(path)/\(word)", depth) { return fault }
            }
        }
        guard let factor = schema["multipleOf"].flatMap(JSONSchema.number), factor <= 0 else { return nil }
        return Fault(path: "\(path)/multipleOf", message: "a number above 0 is expected")
    }

    private func typeFault(_ schema: TapeValue) -> String? {
        guard let type = schema["type"] else { return nil }
        let names = type.string.map { [$0] } ?? type.array?.map { $0.string ?? "\($0)" } ?? []
        guard let wrong = names.isEmpty ? "\(type)" : names.first(where: { !JSONSchema.types.contains($0) }) else {
            return nil
        }
        return "\(wrong) is no type: there are \(JSONSchema.types.joined(separator: ", "))"
    }

    private func fault(in value: TapeValue, as form: Form, _ path: String, _ depth: Int) -> Fault? {
        let named = value.pairs.map(Array.init)
        let listed = value.array.map(Array.init)
        func isText(_ value: TapeValue) -> Bool { value.string != nil }
        func areTexts(_ value: TapeValue) -> Bool { value.array?.allSatisfy(isText) ?? false }
        func among(_ values: [TapeValue]) -> Fault? {
            values.enumerated().lazy.compactMap { fault(in: $1, "\(path)/\($0)", depth + 1) }.first
        }
        let isFine: Bool
        switch form {
        case .tuple where listed != nil: return among(listed ?? [])
        case .schema, .tuple: return fault(in: value, path, depth + 1)
        case .schemas:
            if let listed, !listed.isEmpty { return among(listed) }
            isFine = false
        case .namedSchemas:
            if let named {
                return named.lazy.compactMap { fault(in: $1, "\(path)/\($0.string ?? "")", depth + 1) }.first
            }
            isFine = false
        case .number: isFine = value.double != nil || value.bigInteger != nil
        case .count: isFine = value.int.map { $0 >= 0 } ?? value.double.map { $0 >= 0 && $0.rounded() == $0 } ?? false
        case .texts: isFine = areTexts(value)
        case .namedTexts: isFine = named?.allSatisfy { areTexts($0.value) } ?? false
        case .text: isFine = isText(value)
        case .yesOrNo: isFine = value.bool != nil
        }
        return isFine ? nil : Fault(path: path, message: "\(form.expected) is expected")
    }
}
