import DanaData

/// A JSON Schema put into another one: its references to its own parts follow it.
enum MovedSchema {
    /// How deep a schema may be; what lies deeper keeps its references as they are.
    private static let deepest = 200

    /// Appends `schema`, which will stand at `place` of the whole, such as `#/anyOf/0`.
    static func append(_ schema: TapeValue, to json: inout TapeBuilder, movedTo place: String, depth: Int = 0) {
        if depth < deepest, let pairs = schema.pairs {
            json.beginDict()
            for (key, value) in pairs {
                json.append(key)
                if key.string == "$ref", let target = value.string, target.first == "#" {
                    json.appendString(place + target.dropFirst())
                } else {
                    append(value, to: &json, movedTo: place, depth: depth + 1)
                }
            }
            json.end()
        } else if depth < deepest, let elements = schema.array {
            json.beginList()
            for element in elements { append(element, to: &json, movedTo: place, depth: depth + 1) }
            json.end()
        } else {
            json.append(schema)
        }
    }
}
