import DanaData

/// JSON written field by field.
enum JSONFields {
    /// The text of an object that `fill` gives its fields.
    static func object(_ fill: (inout TapeBuilder) -> Void) throws(JSONWriteError) -> [UInt8] {
        var builder = TapeBuilder()
        builder.object(fill)
        return try JSONWriter.utf8(builder.finish().root)
    }
}

extension TapeBuilder {
    mutating func object<Failure: Error>(
        _ fill: (inout TapeBuilder) throws(Failure) -> Void
    ) throws(Failure) {
        beginDict()
        try fill(&self)
        end()
    }

    mutating func object<Failure: Error>(
        _ key: String, _ fill: (inout TapeBuilder) throws(Failure) -> Void
    ) throws(Failure) {
        appendString(key)
        try object(fill)
    }

    mutating func list<Item>(_ key: String, of items: [Item], _ append: (inout TapeBuilder, Item) -> Void) {
        appendString(key)
        beginList()
        for item in items { append(&self, item) }
        end()
    }

    mutating func field(_ key: String, _ value: String) {
        appendString(key)
        appendString(value)
    }

    mutating func field(_ key: String, _ value: Bool) {
        appendString(key)
        appendBool(value)
    }

    mutating func field(_ key: String, _ value: TapeValue) {
        appendString(key)
        append(value)
    }

    /// Nothing when there is no value.
    mutating func field(_ key: String, _ value: Int64?) {
        guard let value else { return }
        appendString(key)
        appendInt(value)
    }

    /// Nothing when there is no value.
    mutating func field(_ key: String, _ value: Double?) {
        guard let value else { return }
        appendString(key)
        appendDouble(value)
    }
}

extension TapeValue {
    /// The value at the end of these keys; nil when one of them is missing.
    func at(_ keys: String...) -> TapeValue? {
        var value = self
        for key in keys {
            guard let next = value[key] else { return nil }
            value = next
        }
        return value
    }

    /// A text under this key.
    func text(_ key: String) -> String? { self[key]?.string }

    /// A count under this key; 0 when there is none or it is no count.
    func count(_ keys: String...) -> Int {
        var value = self
        for key in keys {
            guard let next = value[key] else { return 0 }
            value = next
        }
        return max(0, Int(value.int ?? 0))
    }
}

extension TapeValue {
    /// The beginning of the JSON, for errors.
    var shortened: String {
        let whole = (try? JSONWriter.string(self)) ?? "\(self)"
        return whole.count > 500 ? "\(whole.prefix(500))..." : whole
    }
}
