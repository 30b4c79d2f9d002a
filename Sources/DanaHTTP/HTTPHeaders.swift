/// The header fields of a request or a response, in order; names are compared without regard to case.
public struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
    public private(set) var fields: [(name: String, value: String)] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    public mutating func append(_ name: String, _ value: String) {
        fields.append((name, value))
    }

    /// The first field of this name. Setting one takes the place of all fields of the name.
    public subscript(name: String) -> String? {
        get { fields.first { HTTPHeaders.areEqual($0.name, name) }?.value }
        set {
            fields.removeAll { HTTPHeaders.areEqual($0.name, name) }
            if let newValue { append(name, newValue) }
        }
    }

    private static func areEqual(_ left: String, _ right: String) -> Bool {
        let lower = { (byte: UInt8) in (65...90).contains(byte) ? byte | 0x20 : byte }
        return left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { lower($0) == lower($1) }
    }
}
