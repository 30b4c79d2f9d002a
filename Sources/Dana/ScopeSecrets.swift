import DanaLanguage

/// Finds what is secret in a variable of a scope that is not public: the texts under names that sound secret, its own or
/// those in dicts and structs, and of private variables those that are particular under whatever name.
struct ScopeSecrets {
    private(set) var found: [String] = []
    private let interpreter: Interpreter
    private let isPrivate: Bool
    /// Values that are still looked at.
    private var left = ScopeSecrets.most

    private static let most = 10_000

    /// How many values were looked at.
    var visited: Int { ScopeSecrets.most - left }

    init(_ interpreter: Interpreter, isPrivate: Bool) {
        self.interpreter = interpreter
        self.isPrivate = isPrivate
    }

    mutating func look(at value: Value, named name: String) { look(at: value, named: name, isSecret: false, depth: 0) }

    private mutating func look(at value: Value, named name: String, isSecret: Bool, depth: Int) {
        guard depth < 8, left > 0 else { return }
        left -= 1
        let isSecret = isSecret || OutputFilter.isSecret(name)
        switch value.view {
        case .string(let utf8, _):
            guard isSecret || isPrivate && OutputFilter.isParticular(utf8) else { return }
            found.append(String(decoding: utf8, as: UTF8.self))
        case .integer(let number):
            guard isSecret || isPrivate else { return }
            var digits = String(number)
            digits.withUTF8 { if OutputFilter.isParticular($0) { found.append(String(decoding: $0, as: UTF8.self)) } }
        case .dict(let table):
            for place in 0..<table.places {
                guard let entry = table.entry(place) else { continue }
                let name =
                    if case .string(let key, _) = entry.key.view { String(decoding: key, as: UTF8.self) } else { "" }
                look(at: entry.value, named: name, isSecret: isSecret, depth: depth + 1)
            }
        case .structure:
            for (name, value) in interpreter.fields(of: value) ?? [] {
                look(at: value, named: name, isSecret: isSecret, depth: depth + 1)
            }
        case .list(let items), .tuple(let items):
            for item in items where left > 0 { look(at: item, named: "", isSecret: isSecret, depth: depth + 1) }
        case .set(let table, _):
            for place in 0..<table.places {
                guard let entry = table.entry(place) else { continue }
                look(at: entry.key, named: "", isSecret: isSecret, depth: depth + 1)
            }
        default: return
        }
    }
}
