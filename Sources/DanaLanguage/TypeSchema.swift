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
    private static let deepest = 16
    /// Longer defaults are not told.
    private static let longestDefault = 200

    private let machine: Machine
    private var types: DeclaredTypes
    private var tape = TapeBuilder()
    /// How often each struct is mentioned, by its address.
    private var mentions: [UInt: Int] = [:]
    /// What stands under `$defs`, by the structs' addresses, and in the order in which it is met.
    private var names: [UInt: String] = [:]
    private var definitions: [StructTypeObject] = []
    private var usedNames: Set<String> = []

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
        ofParameters parameters: [CallableParameter], of name: String, _ types: consuming DeclaredTypes, _ machine: Machine
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

    private mutating func fields(of type: StructTypeObject, path: String) throws(Fault) -> [DeclaredType] {
        do throws(DeclaredTypes.Fault) {
            return try types.fields(of: type)
        } catch {
            throw .type(path: path, error.message)
        }
    }

    // MARK: Types

    /// Writes the pairs of a type's schema into the object that is open.
    private mutating func write(_ type: DeclaredType, note: String?, path: String, depth: Int) throws(Fault) {
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
    private mutating func writeDict(_ key: DeclaredType, _ value: DeclaredType, path: String, depth: Int) throws(Fault) {
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

    // MARK: Structs

    private mutating func writeStruct(_ type: StructTypeObject, note: String?, path: String, depth: Int) throws(Fault) {
        let key = UInt(bitPattern: type.at)
        guard mentions[key, default: 0] > 1 || depth >= TypeSchema.deepest else {
            return try writeFields(of: type, note: note, path: path, depth: depth + 1)
        }
        let name = names[key] ?? define(type)
        pair("$ref", "#/$defs/\(name)")
    }

    /// Gives a struct its name under `$defs`.
    private mutating func define(_ type: StructTypeObject) -> String {
        let own = machine.text(type.at.pointee.name)
        var name = own
        var number = 2
        while !usedNames.insert(name).inserted {
            name = "\(own)_\(number)"
            number += 1
        }
        names[UInt(bitPattern: type.at)] = name
        definitions.append(type)
        return name
    }

    private mutating func writeDefinitions() throws(Fault) {
        if definitions.isEmpty { return }
        tape.appendString("$defs")
        tape.beginDict()
        var next = 0
        while next < definitions.count {
            let type = definitions[next]
            next += 1
            tape.appendString(names[UInt(bitPattern: type.at)] ?? "")
            tape.beginDict()
            try writeFields(of: type, note: nil, path: machine.text(type.at.pointee.name), depth: 1)
            tape.end()
        }
        tape.end()
    }

    /// An object with all of a struct's fields: a model is to say each, also one that has a default.
    private mutating func writeFields(of type: StructTypeObject, note: String?, path: String, depth: Int) throws(Fault) {
        let types = try fields(of: type, path: path)
        let fields = type.fieldNames.items.map { machine.text($0) }
        pair("title", machine.text(type.at.pointee.name))
        let texts = [machine.description(of: type)?.struct.documentation, note].compactMap(\.self)
        if !texts.isEmpty { pair("description", texts.joined(separator: "\n")) }
        pair("type", "object")
        tape.appendString("properties")
        tape.beginDict()
        for (index, field) in fields.enumerated() {
            let note = try told(default: type.fieldDefaults[unchecked: index])
            try writeProperty(field, types[index], note: note, path: "\(path).\(field)", depth: depth)
        }
        tape.end()
        writeRequired(fields)
    }

    private mutating func writeProperty(
        _ name: String, _ type: DeclaredType, note: String?, path: String, depth: Int
    ) throws(Fault) {
        tape.appendString(name)
        tape.beginDict()
        try write(type, note: note, path: path, depth: depth)
        tape.end()
    }

    private mutating func writeRequired(_ names: [String]) {
        tape.appendString("required")
        tape.beginList()
        for name in names { tape.appendString(name) }
        tape.end()
        tape.appendString("additionalProperties")
        tape.appendBool(false)
    }

    /// What a property without a value has, when that is a literal.
    private func told(default value: Value?) throws(Fault) -> String? {
        guard let value, !value.isUndefined else { return nil }
        switch value.builtInType {
        case .null, .bool, .int, .float, .string: break
        default: return nil
        }
        var writer = ValueJSONWriter(heap: machine.heap, style: ValueJSONWriter.Style())
        do throws(DanaError) { try writer.write(value) } catch { throw .dana(error) }
        let text = String(decoding: writer.output.bytes, as: UTF8.self)
        return text.utf8.count <= TypeSchema.longestDefault ? "default: \(text)" : nil
    }

    private mutating func pair(_ key: String, _ value: String) {
        tape.appendString(key)
        tape.appendString(value)
    }
}

extension DeclaredType {
    /// Whether an object's names can stand for its values.
    var isKey: Bool {
        switch self {
        case .anything, .string, .int, .enumeration: true
        default: false
        }
    }
}

extension Machine {
    /// The names of an enum's members, in order.
    func memberNames(of type: EnumTypeObject) -> [String] {
        let table = ValueTable(table: type.members.table)
        return (0..<table.places).compactMap { table.entry($0) }.map { text($0.key) }
    }
}
