/// Spells types as annotations do; of one that is very deep or very wide, the beginning.
struct TypeSpelling {
    private static let most = 1_000

    private let heap: Heap
    private var count = 0

    init(_ heap: Heap) {
        self.heap = heap
    }

    mutating func name(of type: Value, depth: Int = 0) -> String {
        count += 1
        guard count < TypeSpelling.most, depth < DeclaredTypes.deepest else { return "..." }
        switch type.objectKind {
        case .type, .structType, .enumType, .interface, .exceptionType: return heap.name(ofType: type)
        case .tuple, .pipeline:
            return names(of: type.typeChoices.map { Array($0.items) } ?? [], depth).joined(separator: " | ")
        case .list:
            if let named = NamedType(type) { return named.name }
            guard let form = ContainerForm(type) else { return BuiltInType.list.name }
            let types = names(of: form.types.map { form.type($0 - 2) }, depth) + (form.count < 0 ? ["..."] : [])
            return "\(name(of: form.container, depth: depth + 1))[\(types.joined(separator: ", "))]"
        default: return type.isIdentical(to: .true) ? "Any" : "None"
        }
    }

    private mutating func names(of types: [Value], _ depth: Int) -> [String] {
        var names: [String] = []
        for type in types where count < TypeSpelling.most { names.append(name(of: type, depth: depth + 1)) }
        return names
    }
}
