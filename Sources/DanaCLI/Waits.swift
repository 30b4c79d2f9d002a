import DanaLanguage

/// The calls of a program that wait for a moment, each with the moment; several wait side by side.
struct Waits {
    private var moments: [HostCall.Identifier: UInt64] = [:]

    /// A call waits until the clock reads `moment`; one that waits already keeps its moment.
    mutating func add(_ call: HostCall.Identifier, until moment: UInt64) {
        if moments[call] == nil { moments[call] = moment }
    }

    /// Forgets what is no longer asked for.
    mutating func keep(only calls: Set<HostCall.Identifier>) {
        moments = moments.filter { calls.contains($0.key) }
    }

    /// The moment at which the first call is due.
    var next: UInt64? { moments.values.min() }

    /// Takes the calls whose moment has come, the earliest first.
    mutating func take(at now: UInt64) -> [HostCall.Identifier] {
        let due = moments.filter { $0.value <= now }.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        for call in due { moments[call] = nil }
        return due
    }
}
