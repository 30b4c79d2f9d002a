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

    /// The pairs of an object; none of anything else.
    var fields: [(key: TapeValue, value: TapeValue)] { pairs.map { Array($0) } ?? [] }

    /// The elements of an array; none of anything else.
    var items: [TapeValue] { array.map { Array($0) } ?? [] }

    /// A text under this key.
    func text(_ key: String) -> String? { self[key]?.text }

    /// A count under these keys; 0 when there is none or it is no count.
    func count(_ keys: String...) -> Int {
        var value = self
        for key in keys {
            guard let next = value[key] else { return 0 }
            value = next
        }
        return value.counted ?? 0
    }

    /// It as a count of tokens or places, from 0 to a billion, which is more than there are; nil when it is no number.
    var counted: Int? {
        let most = 1_000_000_000
        if let number = int { return Int(min(max(0, number), Int64(most))) }
        if let number = double { return number > 0 ? Int(min(number, Double(most))) : 0 }
        return bigInteger.map { $0.isNegative ? 0 : most }
    }
}

extension TapeValue {
    /// It as JSON, for errors.
    var json: String { (try? JSONWriter.string(self)) ?? "\(self)" }

    /// The JSON that it stands for: a text is JSON already, as the arguments of calls are; nothing stands for none.
    var writtenJSON: String { text ?? (isNull ? "" : json) }
}
