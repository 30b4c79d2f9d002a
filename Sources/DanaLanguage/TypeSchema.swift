import DanaData

/// Writes the JSON Schema of types that a program declares. A struct that is mentioned more than once stands under
/// `$defs`, so that structs may lead back to themselves.
struct TypeSchema: ~Copyable {
    /// A type that no JSON stands for, and where.
    enum Fault: Error {
        case type(path: String, String)
        case dana(DanaError)
    }

    /// How deep structs stand in one another before they are put under `$defs`.
    static let deepest = 16
    /// Longer defaults are not told.
    static let longestDefault = 200

    let machine: Machine
    var types: DeclaredTypes
    var tape = TapeBuilder()
    /// How often each struct is mentioned, by its address.
    var mentions: [UInt: Int] = [:]
    /// What stands under `$defs`, by the structs' addresses, and in the order in which it is met.
    var names: [UInt: String] = [:]
    var definitions: [StructTypeObject] = []
    var usedNames: Set<String> = []

    init(_ machine: Machine) {
        self.machine = machine
        types = DeclaredTypes(machine)
    }

    /// The schema of one type.
    static func schema(of type: Value, _ machine: Machine) throws(Fault) -> Tape {
        var writer = TypeSchema(machine)
        let root: DeclaredType
        do throws(DeclaredTypes.Fault) { root = try writer.types.read(type) } catch {
            throw .type(path: "", error.message)
        }
        try writer.count(mentionsFrom: [root])
        writer.tape.beginDict()
        if case .structure(let type) = root {
            try writer.writeFields(of: type, note: nil, path: root.name, depth: 0)
        } else {
            try writer.write(root, note: nil, path: "", depth: 0)
        }
        try writer.writeDefinitions()
        writer.tape.end()
        return writer.finish()
    }

    /// The schema of an object with a property for each parameter.
    static func schema(
        ofParameters parameters: [CallableParameter], of name: String, _ types: consuming DeclaredTypes,
        _ machine: Machine
    ) throws(Fault) -> Tape {
        var writer = TypeSchema(machine)
        writer.types = types
        try writer.count(mentionsFrom: parameters.map(\.type))
        writer.tape.beginDict()
        writer.pair("type", "object")
        writer.tape.appendString("properties")
        writer.tape.beginDict()
        for parameter in parameters {
            let note = try writer.told(default: parameter.defaultValue)
            try writer.writeProperty(
                parameter.name, parameter.type, note: note, path: "\(name)(\(parameter.name))", depth: 0)
        }
        writer.tape.end()
        writer.writeRequired(parameters.filter(\.isRequired).map(\.name))
        try writer.writeDefinitions()
        writer.tape.end()
        return writer.finish()
    }

    private consuming func finish() -> Tape { tape.finish() }

    /// Counts how often each struct is mentioned.
    private mutating func count(mentionsFrom roots: [DeclaredType]) throws(Fault) {
        var pending = roots.flatMap(\.structures)
        while let type = pending.popLast() {
            let key = UInt(bitPattern: type.at)
            mentions[key, default: 0] += 1
            guard mentions[key] == 1 else { continue }
            pending += try fields(of: type, path: DeclaredType.structure(type).name).flatMap(\.structures)
        }
    }

    mutating func fields(of type: StructTypeObject, path: String) throws(Fault) -> [DeclaredType] {
        do throws(DeclaredTypes.Fault) {
            return try types.fields(of: type)
        } catch {
            throw .type(path: path, error.message)
        }
    }

    // MARK: Types

    /// Writes the pairs of a type's schema into the object that is open.
    mutating func write(_ type: DeclaredType, note: String?, path: String, depth: Int) throws(Fault) {
        switch type {
        case .anything: break
        case .null: pair("type", "null")
        case .bool: pair("type", "boolean")
        case .int: pair("type", "integer")
        case .float: pair("type", "number")
        case .string: pair("type", "string")
        case .list(let item), .row(let item):
            pair("type", "array")
            try writeObject("items", item, path: "\(path)[]", depth: depth)
        case .set(let item, _):
            pair("type", "array")
            try writeObject("items", item, path: "\(path)[]", depth: depth)
            tape.appendString("uniqueItems")
            tape.appendBool(true)
        case .tuple(let items): try writeTuple(items, path: path, depth: depth)
        case .dict(let key, let value): try writeDict(key, value, path: path, depth: depth)
        case .union(let parts): try writeUnion(parts, path: path, depth: depth)
        case .structure(let type): return try writeStruct(type, note: note, path: path, depth: depth)
        case .enumeration(let type):
            pair("title", machine.text(type.at.pointee.name))
            pair("type", "string")
            tape.appendString("enum")
            tape.beginList()
            for name in machine.memberNames(of: type) { tape.appendString(name) }
            tape.end()
        case .other(_, let name): throw .type(path: path, "no JSON stands for \(name)")
        }
        if let note { pair("description", note) }
    }

    private mutating func writeObject(_ key: String, _ type: DeclaredType, path: String, depth: Int) throws(Fault) {
        tape.appendString(key)
        tape.beginDict()
        try write(type, note: nil, path: path, depth: depth)
        tape.end()
    }

    private mutating func writeTuple(_ items: [DeclaredType], path: String, depth: Int) throws(Fault) {
        pair("type", "array")
        tape.appendString("prefixItems")
        tape.beginList()
        for (index, item) in items.enumerated() {
            tape.beginDict()
            try write(item, note: nil, path: "\(path)[\(index)]", depth: depth)
            tape.end()
        }
        tape.end()
        tape.appendString("items")
        tape.appendBool(false)
        for word in ["minItems", "maxItems"] {
            tape.appendString(word)
            tape.appendInt(Int64(items.count))
        }
    }

    /// The keys of an object in JSON are texts, so that a dict's are what texts stand for.
    private mutating func writeDict(_ key: DeclaredType, _ value: DeclaredType, path: String, depth: Int) throws(Fault)
    {
        guard key.isKey else { throw .type(path: path, "no JSON stands for a dict with keys of type \(key.name)") }
        pair("type", "object")
        if case .enumeration = key { try writeObject("propertyNames", key, path: path, depth: depth) }
        try writeObject("additionalProperties", value, path: "\(path)[]", depth: depth)
    }

    private mutating func writeUnion(_ parts: [DeclaredType], path: String, depth: Int) throws(Fault) {
        if parts.contains(where: { if case .anything = $0 { true } else { false } }) { return }
        tape.appendString("anyOf")
        tape.beginList()
        for part in parts {
            tape.beginDict()
            try write(part, note: nil, path: path, depth: depth)
            tape.end()
        }
        tape.end()
    }

    mutating func pair(_ key: String, _ value: String) {
        tape.appendString(key)
        tape.appendString(value)
    }
}
