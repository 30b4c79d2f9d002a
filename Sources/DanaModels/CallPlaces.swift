/// Which call of a streamed answer a piece belongs to. Servers that number no calls send a piece for each, or begin each
/// with an id or a name.
struct CallPlaces {
    private var places: [String: Int] = [:]
    private var last: Int?
    private var next = 0

    /// `told` is what the server says.
    mutating func place(told: Int?, id: String?, name: String?) -> Int {
        let id = id ?? ""
        let isNew = !id.isEmpty || !(name ?? "").isEmpty
        let place = told ?? places[id] ?? (isNew ? next : last ?? next)
        if !id.isEmpty { places[id] = place }
        last = place
        next = max(next, place + 1)
        return place
    }
}
