/// The places that names have in a table of one function after the other.
struct SymbolPlaces {
    private struct Entry {
        /// The function that gave the place.
        var function: Int32
        var place: Int32
    }

    /// By symbol, as far as one was met.
    private var entries: [Entry] = []
    private var function: Int32 = 0

    /// Forgets all places.
    mutating func begin() { function += 1 }

    subscript(symbol: Symbol) -> Int? {
        get {
            let index = Int(symbol.rawValue)
            guard entries.indices.contains(index), entries[index].function == function else { return nil }
            return Int(entries[index].place)
        }
        set {
            let index = Int(symbol.rawValue)
            guard index >= 0 else { return }
            while entries.count <= index { entries.append(Entry(function: -1, place: 0)) }
            guard let newValue else {
                entries[index].function = -1
                return
            }
            entries[index] = Entry(function: function, place: Int32(truncatingIfNeeded: newValue))
        }
    }
}
