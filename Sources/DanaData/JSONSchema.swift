/// A JSON Schema of draft 2020-12 that values are held against, or of an earlier draft, whose tuples are known too.
///
/// Of the words that say what is valid, `pattern`, `format` and the content words are passed over, and a property that
/// is named by itself in no schema may be one of `patternProperties`, where there are such. References lead to places
/// and anchors within the schema. Words that the standard does not know are notes.
public struct JSONSchema: Sendable {
    /// What a value has wrong, and where.
    public struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// Such as `$.items[3].price`.
        public let path: String
        public let message: String

        public var description: String { "at \(path): \(message)" }

        static func tooFar(_ path: String) -> Fault {
            Fault(path: path, message: "the schema leads further than can be followed")
        }
    }

    /// How many faults are told.
    static let mostFaults = 10
    /// How deep schemas may lead into one another.
    static let deepest = 200
    /// What was found on the way.
    struct Findings {
        var faults: [Fault] = []
        var steps = 0
    }

    let root: TapeValue
    let mostSteps: Int

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

    func check(
        _ value: TapeValue, _ schema: TapeValue, _ path: String, _ depth: Int, _ findings: inout Findings
    ) {
        let fault = { (message: String) in Fault(path: path, message: message) }
        findings.steps += 1
        guard depth < JSONSchema.deepest, findings.steps < mostSteps else {
            return findings.faults.append(Fault.tooFar(path))
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
        if let pairs = value.pairs { checkObject(Array(pairs), value, schema, path, depth, &findings) }
        if let elements = value.array { checkArray(elements, value, schema, path, depth, &findings) }
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

    static func areEqual(_ left: TapeValue, _ right: TapeValue) -> Bool {
        left == right || order(left, right) == 0
    }

    /// Whether a number is a whole multiple of another one, but for the rounding of fractions; nil for what are no
    /// numbers.
    private static func isMultiple(_ value: TapeValue, of factor: TapeValue) -> Bool? {
        if let value = value.int, let factor = factor.int, factor != 0 {
            return value.remainderReportingOverflow(dividingBy: factor).partialValue == 0
        }
        if let value = value.bigInteger, let factor = factor.bigInteger {
            return value.divided(by: factor) { _ in }?.remainder.isZero
        }
        guard let value = number(value), let factor = number(factor), factor > 0 else { return nil }
        let quotient = value / factor
        return (quotient - quotient.rounded()).magnitude <= 4 * quotient.ulp
    }

    /// As a float; nil for what is no number.
    static func number(_ value: TapeValue) -> Double? { value.double ?? value.bigInteger?.nearestDouble }

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
        if let factor = schema["multipleOf"], JSONSchema.isMultiple(value, of: factor) == false {
            findings.faults.append(fault("must be a multiple of \(factor)"))
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

    private func checkCombinations(
        _ value: TapeValue, _ schema: TapeValue, _ path: String, _ depth: Int, _ findings: inout Findings
    ) {
        for other in schema["allOf"]?.parts.map({ $0 }) ?? [] { check(value, other, path, depth + 1, &findings) }
        if let others = schema["anyOf"]?.array,
            !others.contains(where: { fits(value, $0, depth, &findings) })
        {
            findings.faults.append(
                Fault(path: path, message: "fits none of the \(others.count) forms that are allowed"))
        }
        if let others = schema["oneOf"]?.array {
            let count = others.count { fits(value, $0, depth, &findings) }
            if count != 1 {
                findings.faults.append(
                    Fault(path: path, message: "fits \(count) of the forms of which it must fit one"))
            }
        }
        if let other = schema["not"], fits(value, other, depth, &findings) {
            findings.faults.append(Fault(path: path, message: "has the form that it must not have"))
        }
        if let condition = schema["if"] {
            let then = schema[fits(value, condition, depth, &findings) ? "then" : "else"]
            if let then { check(value, then, path, depth + 1, &findings) }
        }
    }

    /// Whether a value has the form of a part of the schema.
    func fits(_ value: TapeValue, _ schema: TapeValue, _ depth: Int, _ findings: inout Findings) -> Bool {
        let faults = findings.faults
        findings.faults = []
        defer { findings.faults = faults }
        check(value, schema, "$", depth + 1, &findings)
        return findings.faults.isEmpty
    }

    /// The schema at `#/a/b`, or the one with the anchor `#a`.
    func resolve(_ reference: String) -> TapeValue? {
        guard reference.first == "#" else { return nil }
        if reference.count > 1, !reference.hasPrefix("#/") {
            return JSONSchema.anchored(String(reference.dropFirst()), in: root, 0)
        }
        var place = root
        for part in reference.dropFirst().split(separator: "/") {
            let name = String(part).unescaped
            guard let next = place[name] ?? Int(name).flatMap({ place[$0] }) else { return nil }
            place = next
        }
        return place
    }

    private static func anchored(_ name: String, in value: TapeValue, _ depth: Int) -> TapeValue? {
        guard depth < deepest else { return nil }
        if value["$anchor"]?.string == name { return value }
        let parts = value.pairs?.map(\.value) ?? value.array.map(Array.init) ?? []
        return parts.lazy.compactMap { anchored(name, in: $0, depth + 1) }.first
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
