import DanaData

extension DanaValue: CustomStringConvertible {
    /// As a program would write it.
    public var description: String {
        switch self {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .int(let integer): "\(integer)"
        case .bigInt(let isNegative, let words): "\(BigInteger(isNegative: isNegative, magnitude: words))"
        case .float(let float): "\(float)"
        case .string(let text): text.debugDescription
        case .bytes(let bytes): "bytes of \(bytes.count)"
        case .list(let items): "[\(Self.row(items))]"
        case .tuple(let items): items.count == 1 ? "(\(items[0]),)" : "(\(Self.row(items)))"
        case .dict(let pairs): "{\(pairs.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
        case .set(let items): items.isEmpty ? "set()" : "{\(Self.row(items))}"
        case .object(let object): "<\(object.typeName)>"
        case .function(let function): "<function \(function.signature?.name ?? "")>"
        case .module(let module): "<module \(module.name)>"
        case .host(let object): "<\(object.typeName)>"
        }
    }

    private static func row(_ items: [DanaValue]) -> String { items.map(\.description).joined(separator: ", ") }
}
