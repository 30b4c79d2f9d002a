import DanaLanguage

/// Remembers how the variables of a scope stood when they were looked through for secrets, as far as that took long: what
/// is large is looked through again when it is another value or has more or fewer items, and else when the program has
/// worked for as long as it takes.
struct ScopeLooks {
    private struct Look {
        /// Only compared: it is not held.
        let value: Value
        let size: Int
        let visited: Int
        let ticks: Int
    }

    private var looks: [String: Look] = [:]

    /// Values that are looked at each time.
    private static let few = 100
    /// Ticks of a program that take as long as a look at a value.
    private static let ticksOfLook = 8

    /// Whether a variable is to be looked through.
    func areDue(_ name: String, _ value: Value, ticks: Int) -> Bool {
        guard let look = looks[name], look.value.isIdentical(to: value), look.size == Self.size(of: value) else {
            return true
        }
        return ticks - look.ticks >= look.visited * Self.ticksOfLook
    }

    /// A variable was looked through, so many values.
    mutating func note(_ name: String, _ value: Value, visited: Int, ticks: Int) {
        if visited > Self.few {
            looks[name] = Look(value: value, size: Self.size(of: value), visited: visited, ticks: ticks)
        } else if !looks.isEmpty {
            looks[name] = nil
        }
    }

    private static func size(of value: Value) -> Int {
        switch value.view {
        case .list(let items), .tuple(let items): items.count
        case .dict(let table): table.count
        case .set(let table, _): table.count
        default: 0
        }
    }
}
