import DanaData

// Structs as objects, and their fields as properties.

extension TypeSchema {
    mutating func writeStruct(_ type: StructTypeObject, note: String?, path: String, depth: Int) throws(Fault) {
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

    mutating func writeDefinitions() throws(Fault) {
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

    /// An object with a struct's fields; those with a default may be left out.
    mutating func writeFields(of type: StructTypeObject, note: String?, path: String, depth: Int) throws(Fault) {
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
        writeRequired(fields.indices.filter { type.fieldDefaults[unchecked: $0].isUndefined }.map { fields[$0] })
    }

    mutating func writeProperty(
        _ name: String, _ type: DeclaredType, note: String?, path: String, depth: Int
    ) throws(Fault) {
        tape.appendString(name)
        tape.beginDict()
        try write(type, note: note, path: path, depth: depth)
        tape.end()
    }

    mutating func writeRequired(_ names: [String]) {
        tape.appendString("required")
        tape.beginList()
        for name in names { tape.appendString(name) }
        tape.end()
        tape.appendString("additionalProperties")
        tape.appendBool(false)
    }

    /// What a property without a value has, when that is a literal.
    func told(default value: Value?) throws(Fault) -> String? {
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
}

extension Machine {
    /// The names of an enum's members, in order.
    func memberNames(of type: EnumTypeObject) -> [String] {
        let table = ValueTable(table: type.members.table)
        return (0..<table.places).compactMap { table.entry($0) }.map { text($0.key) }
    }
}
