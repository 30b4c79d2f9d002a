/// What a schema says of the properties of objects and the elements of arrays.
extension JSONSchema {
    func checkObject(
        _ pairs: [(key: TapeValue, value: TapeValue)], _ value: TapeValue, _ schema: TapeValue, _ path: String,
        _ depth: Int, _ findings: inout Findings
    ) {
        let names = Set(pairs.compactMap(\.key.string))
        func demand(_ required: TapeValue?, _ reason: String) {
            for name in required?.array?.compactMap(\.string) ?? [] where !names.contains(name) {
                findings.faults.append(Fault(path: path, message: "\(name) is missing\(reason)"))
            }
        }
        demand(schema["required"], "")
        for (key, required) in schema["dependentRequired"]?.pairs.map(Array.init) ?? [] {
            guard let name = key.string, names.contains(name) else { continue }
            demand(required, ", which \(name) needs")
        }
        for (key, other) in schema["dependentSchemas"]?.pairs.map(Array.init) ?? [] {
            guard let name = key.string, names.contains(name) else { continue }
            check(value, other, path, depth + 1, &findings)
        }
        if let form = schema["propertyNames"] {
            for (key, _) in pairs { check(key, form, path, depth + 1, &findings) }
        }
        let properties = schema["properties"]
        let others = JSONSchema.hasPatterns(schema) ? nil : schema["additionalProperties"]
        for (key, value) in pairs {
            let name = key.string ?? ""
            if let known = properties?[name] {
                check(value, known, "\(path).\(name)", depth + 1, &findings)
            } else if let others {
                checkOther(value, name, others, path, depth, &findings)
            }
        }
        guard let rest = schema["unevaluatedProperties"] else { return }
        let applied = forms(of: value, schema, depth, &findings)
        guard !applied.contains(where: JSONSchema.takesAnyProperty) else { return }
        for (key, value) in pairs {
            let name = key.string ?? ""
            guard !applied.contains(where: { $0["properties"]?[name] != nil }) else { continue }
            checkOther(value, name, rest, path, depth, &findings)
        }
    }

    /// A property that is not named is held against the schema of the others.
    private func checkOther(
        _ value: TapeValue, _ name: String, _ others: TapeValue, _ path: String, _ depth: Int,
        _ findings: inout Findings
    ) {
        if others.bool == false {
            findings.faults.append(Fault(path: path, message: "\(name) is no property here"))
        } else {
            check(value, others, "\(path).\(name)", depth + 1, &findings)
        }
    }

    private static func hasPatterns(_ schema: TapeValue) -> Bool {
        schema["patternProperties"].map { $0.count > 0 } ?? false
    }

    private static func takesAnyProperty(_ schema: TapeValue) -> Bool {
        hasPatterns(schema) || schema["additionalProperties"] != nil
    }

    func checkArray(
        _ elements: TapeElements, _ value: TapeValue, _ schema: TapeValue, _ path: String, _ depth: Int,
        _ findings: inout Findings
    ) {
        let (first, rest) = JSONSchema.elementForms(schema)
        for (position, element) in elements.enumerated() {
            guard let wanted = position < first.count ? first[position] : rest else { break }
            check(element, wanted, "\(path)[\(position)]", depth + 1, &findings)
        }
        if schema["uniqueItems"]?.bool == true { checkUnique(elements, path, &findings) }
        if let form = schema["contains"] { checkContains(elements, form, schema, path, depth, &findings) }
        guard let rest = schema["unevaluatedItems"] else { return }
        let applied = forms(of: value, schema, depth, &findings)
        guard !applied.contains(where: { JSONSchema.elementForms($0).rest != nil }) else { return }
        let known = applied.map { JSONSchema.elementForms($0).first.count }.max() ?? 0
        let wanted = applied.compactMap { $0["contains"] }
        for (position, element) in elements.enumerated().dropFirst(known) {
            guard !wanted.contains(where: { fits(element, $0, depth, &findings) }) else { continue }
            check(element, rest, "\(path)[\(position)]", depth + 1, &findings)
        }
    }

    /// The forms of the first elements, each its own, and of those behind them; earlier drafts say it in other words.
    private static func elementForms(_ schema: TapeValue) -> (first: [TapeValue], rest: TapeValue?) {
        if let tuple = schema["items"]?.array { return (Array(tuple), schema["additionalItems"]) }
        return (schema["prefixItems"]?.array.map(Array.init) ?? [], schema["items"])
    }

    private func checkUnique(_ elements: TapeElements, _ path: String, _ findings: inout Findings) {
        var seen: [Int: [TapeValue]] = [:]
        for (position, element) in elements.enumerated() {
            let key = JSONSchema.likeness(element)
            for other in seen[key] ?? [] {
                findings.steps += 1
                guard findings.steps < mostSteps else { return findings.faults.append(Fault.tooFar(path)) }
                guard JSONSchema.areEqual(element, other) else { continue }
                return findings.faults.append(
                    Fault(path: "\(path)[\(position)]", message: "stands here already, and each may only once"))
            }
            seen[key, default: []].append(element)
        }
    }

    /// Equal values are alike.
    private static func likeness(_ value: TapeValue) -> Int {
        number(value)?.hashValue ?? value.text?.hashValue ?? value.count
    }

    private func checkContains(
        _ elements: TapeElements, _ form: TapeValue, _ schema: TapeValue, _ path: String, _ depth: Int,
        _ findings: inout Findings
    ) {
        let count = Int64(elements.count { fits($0, form, depth, &findings) })
        let least = schema["minContains"]?.int ?? 1
        if count < least {
            findings.faults.append(
                Fault(path: path, message: "must have at least \(least) elements of a certain form, has \(count)"))
        }
        if let most = schema["maxContains"]?.int, count > most {
            findings.faults.append(
                Fault(path: path, message: "must have at most \(most) elements of a certain form, has \(count)"))
        }
    }

    /// The parts of the schema that say what a value may hold where it stands, the one that was asked for included.
    private func forms(
        of value: TapeValue, _ schema: TapeValue, _ depth: Int, _ findings: inout Findings
    ) -> [TapeValue] {
        guard depth < JSONSchema.deepest else { return [schema] }
        var others = schema["allOf"]?.array.map(Array.init) ?? []
        others += schema["$ref"]?.string.flatMap(resolve).map { [$0] } ?? []
        for word in ["anyOf", "oneOf"] {
            others += schema[word]?.array?.filter { fits(value, $0, depth, &findings) } ?? []
        }
        if let condition = schema["if"] {
            let holds = fits(value, condition, depth, &findings)
            others += (holds ? [condition] : []) + [schema[holds ? "then" : "else"]].compactMap { $0 }
        }
        for (key, other) in schema["dependentSchemas"]?.pairs.map(Array.init) ?? [] {
            if let name = key.string, value[name] != nil { others.append(other) }
        }
        return others.reduce([schema]) { $0 + forms(of: value, $1, depth + 1, &findings) }
    }
}
