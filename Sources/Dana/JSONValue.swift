import DanaData

/// JSON as values.
enum JSONValue {
    static func value(_ node: TapeValue) -> DanaValue {
        switch node.kind {
        case .null: return .null
        case .bool: return .bool(node.bool ?? false)
        case .int: return .int(Int(node.int ?? 0))
        case .double: return .float(node.double ?? 0)
        case .string: return .string(node.string ?? "")
        case .bigInteger:
            guard let integer = node.bigInteger else { return .null }
            return .bigInt(isNegative: integer.isNegative, words: integer.magnitude)
        case .list: return .list(node.array?.map(value) ?? [])
        case .dict: return .dict(node.pairs?.map { (value($0.key), value($0.value)) } ?? [])
        default: return .null
        }
    }
}
