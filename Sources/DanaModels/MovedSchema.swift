import DanaData

/// A JSON Schema put into another one: its references to its own parts follow it.
struct MovedSchema {
    /// How deep a schema may be; what lies deeper keeps its references as they are.
    private static let deepest = 200

    /// Where the schema will stand in the whole, such as `#/anyOf/0`.
    private let place: String
    /// Its fields that will stand at the top of the whole as they do in it; references into them stay.
    private let lifted: [String]

    init(to place: String, lifting lifted: [String] = []) {
        self.place = place
        self.lifted = lifted
    }

    /// Appends the schema, without what is lifted.
    func append(_ schema: TapeValue, to json: inout TapeBuilder) { append(schema, to: &json, 0, except: lifted) }

    /// Appends the fields that are lifted, to the object that is the whole.
    func appendLifted(of schema: TapeValue, to json: inout TapeBuilder) {
        for name in lifted {
            guard let value = schema[name] else { continue }
            json.appendString(name)
            append(value, to: &json, 1)
        }
    }

    private func append(_ schema: TapeValue, to json: inout TapeBuilder, _ depth: Int, except left: [String] = []) {
        if depth < Self.deepest, let pairs = schema.pairs {
            json.beginDict()
            for (key, value) in pairs where !left.contains(key.string ?? "") {
                json.append(key)
                if key.string == "$ref", let target = value.string, isOwn(target) {
                    json.appendString(place + target.dropFirst())
                } else {
                    append(value, to: &json, depth + 1)
                }
            }
            json.end()
        } else if depth < Self.deepest, let elements = schema.array {
            json.beginList()
            for element in elements { append(element, to: &json, depth + 1) }
            json.end()
        } else {
            json.append(schema)
        }
    }

    /// Whether a reference leads to what moves.
    private func isOwn(_ target: String) -> Bool {
        target.first == "#" && !lifted.contains { target == "#/\($0)" || target.hasPrefix("#/\($0)/") }
    }
}
