/// A JSON Schema that values are held against: types, constants, objects, arrays, lengths, ranges, combinations and
/// references within the schema. Other words are passed over, as the standard wants it; `pattern` and `format` are
/// among them.
public struct JSONSchema: Sendable {
    /// What a value has wrong, and where.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// Such as `$.items[3].price`.
        public let path: String
        public let message: String

        public var description: String { "at \(path): \(message)" }
    }

    /// How many faults are told.
    static let mostFaults = 10
    /// How deep schemas may lead into one another.
    static let deepest = 200
    /// What was found on the way.
    private struct Findings {
        var faults: [Fault] = []
        var steps = 0
    }

    private let root: TapeValue
    private let mostSteps: Int

    /// No more than `mostSteps` times is a part of a value held against a part of the schema.
    public init(_ schema: Tape, mostSteps: Int = 200_000) {
        root = schema.root
        self.mostSteps = mostSteps
    }

    /// What is wrong with a value; empty when nothing is.
    public func faults(in value: TapeValue) -> [Fault] {
        var findings = Findings()
        check(value, root, "$", 0, &findings)
        return Array(findings.faults.prefix(JSONSchema.mostFaults))
    }

    private func check(
        _ value: TapeValue, _ schema: TapeValue, _ path: String, _ depth: Int, _ findings: inout Findings
    ) {
        let fault = { (message: String) in Fault(path: path, message: message) }
        findings.steps += 1
        guard depth < JSONSchema.deepest, findings.steps < mostSteps else {
            return findings.faults.append(fault("the schema leads further than can be followed"))
        }
        guard findings.faults.count < JSONSchema.mostFaults else { return }
        if schema.bool == false { return findings.faults.append(fault("nothing may stand here")) }
        if let name = schema["$ref"]?.string {
            guard let target = resolve(name) else { return findings.faults.append(fault("the schema has no \(name)")) }
            check(value, target, path, depth + 1, &findings)
        }
        if let message = wrongType(value, schema) { return findings.faults.append(fault(message)) }
        if let choices = schema["enum"]?.array, !choices.contains(where: { JSONSchema.areEqual($0, value) }) {
            let words = choices.map { (try? JSONWriter.string($0)) ?? "" }.joined(separator: ", ")
            findings.faults.append(fault("must be one of \(words)"))
        }
        if let constant = schema["const"], !JSONSchema.areEqual(constant, value) {
            findings.faults.append(fault("must be \((try? JSONWriter.string(constant)) ?? "another")"))
        }
        checkSizes(value, schema, fault, &findings)
        if let pairs = value.pairs { checkObject(Array(pairs), schema, path, depth, &findings) }
        if let elements = value.array { checkArray(elements, schema, path, depth, &findings) }
        checkCombinations(value, schema, path, depth, &findings)
    }

    // MARK: Types

    private func wrongType(_ value: TapeValue, _ schema: TapeValue) -> String? {
        guard let type = schema["type"] else { return nil }
        let names = type.string.map { [$0] } ?? type.array?.compactMap(\.string) ?? []
        guard !names.contains(where: { JSONSchema.isOf($0, value) }) else { return nil }
        return "must be \(names.joined(separator: " or ")), found \(JSONSchema.type(of: value))"
    }

    private static func isOf(_ name: String, _ value: TapeValue) -> Bool {
        let own = type(of: value)
        return own == name || name == "number" && own == "integer"
            || name == "integer" && value.double.map { $0.rounded() == $0 } ?? false
    }

    private static func type(of value: TapeValue) -> String {
        switch value.kind {
        case .null: "null"
        case .bool: "boolean"
        case .int, .bigInteger: "integer"
        case .double: "number"
        case .string, .surrogateString: "string"
        case .list, .tuple: "array"
        case .dict: "object"
        default: "\(value.kind)"
        }
    }

    /// Below zero when the left number is the smaller one, above when it is the larger one; nil for what are no numbers.
    private static func order(_ left: TapeValue, _ right: TapeValue) -> Int? {
        if let first = left.double {
            guard let second = right.double else { return right.bigInteger?.compare(first).map { -$0 } }
            return first < second ? -1 : first > second ? 1 : first == second ? 0 : nil
        }
        guard let first = left.bigInteger else { return nil }
        if let second = right.double { return first.compare(second) }
        return right.bigInteger.map { first < $0 ? -1 : first == $0 ? 0 : 1 }
    }

    private static func areEqual(_ left: TapeValue, _ right: TapeValue) -> Bool {
        left == right || order(left, right) == 0
    }

    // MARK: Parts

    private func checkSizes(
        _ value: TapeValue, _ schema: TapeValue, _ fault: (String) -> Fault, _ findings: inout Findings
    ) {
        let bounds: [(String, String, (Int) -> Bool)] = [
            ("minimum", "at least", { $0 >= 0 }), ("maximum", "at most", { $0 <= 0 }),
            ("exclusiveMinimum", "more than", { $0 > 0 }), ("exclusiveMaximum", "less than", { $0 < 0 }),
        ]
        for (word, name, holds) in bounds {
            if let bound = schema[word], let order = JSONSchema.order(value, bound), !holds(order) {
                findings.faults.append(fault("must be \(name) \(bound)"))
            }
        }
        let size: (least: String, most: String, count: Int, unit: String)? =
            if let text = value.text {
                ("minLength", "maxLength", text.unicodeScalars.count, "characters")
            } else if value.array != nil {
                ("minItems", "maxItems", value.count, "elements")
            } else if value.pairs != nil {
                ("minProperties", "maxProperties", value.count, "properties")
            } else {
                nil
            }
        guard let (least, most, count, unit) = size else { return }
        if let bound = schema[least]?.int, Int64(count) < bound {
            findings.faults.append(fault("must have at least \(bound) \(unit), has \(count)"))
        }
        if let bound = schema[most]?.int, Int64(count) > bound {
            findings.faults.append(fault("must have at most \(bound) \(unit), has \(count)"))
        }
    }

    private func checkObject(
        _ pairs: [(key: TapeValue, value: TapeValue)], _ schema: TapeValue, _ path: String, _ depth: Int,
        _ findings: inout Findings
    ) {
        let names = Set(pairs.compactMap(\.key.string))
        for required in schema["required"]?.array?.compactMap(\.string) ?? [] where !names.contains(required) {
            findings.faults.append(Fault(path: path, message: "\(required) is missing"))
        }
        let properties = schema["properties"]
        for (key, value) in pairs {
            let name = key.string ?? ""
            if let known = properties?[name] {
                check(value, known, "\(path).\(name)", depth + 1, &findings)
            } else if let others = schema["additionalProperties"] {
                if others.bool == false {
                    findings.faults.append(Fault(path: path, message: "\(name) is no property here"))
                } else {
                    check(value, others, "\(path).\(name)", depth + 1, &findings)
                }
            }
        }
    }

    private func checkArray(
        _ elements: TapeElements, _ schema: TapeValue, _ path: String, _ depth: Int, _ findings: inout Findings
    ) {
        let first = schema["prefixItems"]?.array.map(Array.init) ?? []
        let rest = schema["items"]
        for (position, element) in elements.enumerated() {
            guard let wanted = position < first.count ? first[position] : rest else { return }
            check(element, wanted, "\(path)[\(position)]", depth + 1, &findings)
        }
    }

    private func checkCombinations(
        _ value: TapeValue, _ schema: TapeValue, _ path: String, _ depth: Int, _ findings: inout Findings
    ) {
        func fits(_ other: TapeValue) -> Bool {
            let faults = findings.faults
            findings.faults = []
            defer { findings.faults = faults }
            check(value, other, path, depth + 1, &findings)
            return findings.faults.isEmpty
        }
        for other in schema["allOf"]?.parts.map({ $0 }) ?? [] { check(value, other, path, depth + 1, &findings) }
        if let others = schema["anyOf"]?.array, !others.contains(where: fits) {
            findings.faults.append(
                Fault(path: path, message: "fits none of the \(others.count) forms that are allowed"))
        }
        if let others = schema["oneOf"]?.array {
            let count = others.count(where: fits)
            if count != 1 {
                findings.faults.append(
                    Fault(path: path, message: "fits \(count) of the forms of which it must fit one"))
            }
        }
        if let other = schema["not"], fits(other) {
            findings.faults.append(Fault(path: path, message: "has the form that it must not have"))
        }
    }

    /// The schema at `#/a/b`.
    private func resolve(_ reference: String) -> TapeValue? {
        guard reference.first == "#" else { return nil }
        var place = root
        for part in reference.dropFirst().split(separator: "/") {
            let name = String(part).unescaped
            guard let next = place[name] ?? Int(name).flatMap({ place[$0] }) else { return nil }
            place = next
        }
        return place
    }
}

extension String {
    /// A part of a JSON pointer as it is meant: `~1` is a slash and `~0` a tilde.
    fileprivate var unescaped: String {
        var result = ""
        var parts = split(separator: "~", omittingEmptySubsequences: false)[...]
        result += parts.popFirst() ?? ""
        for part in parts {
            switch part.first {
            case "1": result += "/" + part.dropFirst()
            case "0": result += "~" + part.dropFirst()
            default: result += "~" + part
            }
        }
        return result
    }
}
