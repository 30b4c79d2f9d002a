import DanaData

/// Reads the options of a call one by one, each checked for its type and range.
struct OptionReader {
    /// The largest number of tokens, rows, bytes or steps that an option asks for.
    static let most = 1_000_000_000

    private let value: TapeValue
    private let typeName: (TapeValue) -> String

    /// `typeName` is what errors call the type of a value.
    init(_ value: TapeValue, typeName: @escaping (TapeValue) -> String = \.typeName) {
        self.value = value
        self.typeName = typeName
    }

    /// Throws for the first option that is none of these.
    func allow(_ known: [String]) throws(OptionFault) {
        guard let pairs = value.pairs else {
            throw OptionFault(.type, "Expected dict, got \(value.typeName) at argument 'options'")
        }
        for pair in pairs {
            guard let name = pair.key.string else {
                throw OptionFault(
                    .type, "Expected string, got \(pair.key.typeName) as a key of argument 'options'")
            }
            guard known.contains(name) else {
                let hint = Spelling.nearest(to: name, among: known).map { ": did you mean '\($0)'?" }
                throw OptionFault(
                    .value,
                    "there is no option '\(name)'" + (hint ?? "; there are: \(known.sorted().joined(separator: ", "))"))
            }
        }
    }

    /// Throws for the first field that is set and none of these.
    func allow(_ known: [String], in what: String) throws(OptionFault) {
        guard let pairs = value.pairs else {
            throw OptionFault(.type, "Expected dict, got \(value.typeName) as \(what)")
        }
        for pair in pairs where !pair.value.isNull {
            let name = pair.key.string ?? pair.key.typeName
            guard known.contains(name) else {
                throw OptionFault(
                    .value, "\(what) has no field '\(name)'; there are: \(known.joined(separator: ", "))")
            }
        }
    }

    /// What an option is set to; null counts as not set.
    subscript(name: String) -> TapeValue? {
        guard let found = value[name], !found.isNull else { return nil }
        return found
    }

    func text(_ name: String) throws(OptionFault) -> String? {
        guard let found = self[name] else { return nil }
        guard let text = found.string else { throw wrongType(name, found, "string") }
        return text
    }

    func texts(_ name: String) throws(OptionFault) -> [String] {
        guard let found = self[name] else { return [] }
        if let text = found.string { return [text] }
        guard let items = found.array else { throw wrongType(name, found, "string or list of strings") }
        var texts: [String] = []
        for item in items {
            guard let text = item.string else { throw wrongType(name, item, "list of strings, an item of it") }
            texts.append(text)
        }
        return texts
    }

    func list(_ name: String) throws(OptionFault) -> [TapeValue] {
        guard let found = self[name] else { return [] }
        guard let items = found.array else { throw wrongType(name, found, "list") }
        return Array(items)
    }

    func flag(_ name: String) throws(OptionFault) -> Bool? {
        guard let found = self[name] else { return nil }
        guard let flag = found.bool else { throw wrongType(name, found, "bool") }
        return flag
    }

    func count(_ name: String, from least: Int = 1, to most: Int = Self.most) throws(OptionFault) -> Int? {
        guard let found = self[name] else { return nil }
        guard let number = found.int else { throw wrongType(name, found, "int") }
        guard number >= least else {
            throw OptionFault(.value, "option '\(name)' must be \(least) or more, got \(number)")
        }
        guard let count = Int(exactly: number), count <= most else {
            throw OptionFault(.value, "option '\(name)' must be \(most) or less, got \(number)")
        }
        return count
    }

    func integer(_ name: String) throws(OptionFault) -> Int64? {
        guard let found = self[name] else { return nil }
        guard let number = found.int else { throw wrongType(name, found, "int") }
        return number
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(OptionFault) -> Double? {
        guard let found = self[name] else { return nil }
        guard let number = found.double ?? found.int.map(Double.init) else {
            throw wrongType(name, found, "int or float")
        }
        guard range.contains(number) else {
            throw OptionFault(
                .value, "option '\(name)' must be from \(range.lowerBound) to \(range.upperBound), got \(number)")
        }
        return number
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _: Choice.Type
    ) throws(OptionFault) -> Choice? {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw OptionFault(.value, "option '\(name)' must be one of \(known), got '\(text)'")
        }
        return choice
    }

    /// Throws for an object of the host's anywhere in an option that is written down for the model.
    func checkWritten(_ part: TapeValue, _ name: String) throws(OptionFault) {
        if part.opaque != nil { throw wrongType(name, part, "plain data") }
        if let items = part.array {
            for item in items { try checkWritten(item, name) }
        } else if let pairs = part.pairs {
            for pair in pairs { try checkWritten(pair.value, name) }
        }
    }

    func wrongType(_ name: String, _ found: TapeValue, _ expected: String) -> OptionFault {
        switch found.kind {
        case .surrogateString:
            return OptionFault(.value, "the text has a lone surrogate, which is no Unicode, at option '\(name)'")
        case .bigInteger: return OptionFault(.value, "option '\(name)' must be of 64 bits, got a larger number")
        default: break
        }
        return OptionFault(.type, "Expected \(expected), got \(typeName(found)) at option '\(name)'")
    }
}

extension TapeValue {
    /// The name of its type, for messages.
    public var typeName: String {
        switch kind {
        case .null: "null"
        case .double: "float"
        case .string, .surrogateString: "string"
        case .int, .bigInteger: "int"
        default: "\(kind)"
        }
    }
}
