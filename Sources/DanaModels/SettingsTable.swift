/// A table of settings that is read one by one; what is wrong is told with its place.
struct SettingsTable {
    typealias Fault = ModelConfiguration.Fault

    /// Such as `dana.toml: models.fast`.
    let place: String
    let values: [String: TOMLValue]

    func refuseOthers(than known: [String]) throws(Fault) {
        guard let wrong = values.keys.sorted().first(where: { !known.contains($0) }) else { return }
        throw Fault(description: "\(place).\(wrong) is no setting (known are \(known.joined(separator: ", ")))")
    }

    func text(_ name: String) throws(Fault) -> String? {
        try read(name, "a text that is not empty", isSecret: true) { $0.text.flatMap { $0.isEmpty ? nil : $0 } }
    }

    func boolean(_ name: String) throws(Fault) -> Bool? { try read(name, "true or false", \.boolean) }

    /// A whole number, at least so large.
    func count(_ name: String, least: Int = 1) throws(Fault) -> Int? {
        try read(name, "a whole number of at least \(least)") {
            $0.integer.flatMap(Int.init(exactly:)).flatMap { $0 >= least ? $0 : nil }
        }
    }

    /// A number, 0 or more.
    func number(_ name: String) throws(Fault) -> Double? {
        try read(name, "a number of at least 0") { value in
            guard let number = value.number, number >= 0, number.isFinite else { return nil }
            return number
        }
    }

    /// More than nothing, in seconds.
    func seconds(_ name: String) throws(Fault) -> Duration? {
        try read(name, "a number of seconds, more than 0 and at most 1000000") { value in
            guard let number = value.number, number > 0, number <= 1_000_000 else { return nil }
            return .nanoseconds(Int64(number * 1e9))
        }
    }

    func texts(_ name: String) throws(Fault) -> [String]? {
        try read(name, "a list of texts that is not empty") { value in
            guard case .array(let values) = value else { return nil }
            let texts = values.compactMap(\.text)
            return texts.isEmpty || texts.count < values.count ? nil : texts
        }
    }

    func table(_ name: String) throws(Fault) -> SettingsTable? {
        try read(name, "a table") { $0.table.map { SettingsTable(place: "\(place).\(name)", values: $0) } }
    }

    /// Nil when there is no such setting.
    private func read<Value>(
        _ name: String, _ expected: String, isSecret: Bool = false, _ meaning: (TOMLValue) -> Value?
    ) throws(Fault) -> Value? {
        guard let value = values[name] else { return nil }
        guard let result = meaning(value) else {
            throw Fault(
                description: "\(place).\(name) is \(isSecret ? value.kind : value.shown), \(expected) is expected")
        }
        return result
    }
}

extension TOMLValue {
    fileprivate var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    /// What it is, for errors; a text may be a key.
    fileprivate var shown: String {
        switch self {
        case .integer(let value): "\(value)"
        case .float(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .text, .array, .table: kind
        }
    }
}
