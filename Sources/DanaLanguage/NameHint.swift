import DanaData

/// What an unknown name was probably meant to be, as an uncaught NameError, AttributeError or ImportError says it.
struct NameHint {
    let machine: Machine

    func hint(for exception: ExceptionObject) -> String? {
        guard let message = exception.arguments.items.first.flatMap({ shortText($0) }) else { return nil }
        // One that the host asked for itself has no place in a program.
        let place = exception.at.pointee.place
        let parts = message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        let near: String?
        switch exception.exceptionKind {
        case .nameError where place >= 0 && parts.count == 3 && parts[2] == " is not defined":
            let code = machine.linked[TracePlace(packed: place).code]
            near = LiteralWord.meant(by: parts[1]) ?? scoped(parts[1]) ?? unscoped(parts[1], in: code)
        case .attributeError where parts.count == 5 && parts[1] == "function" && parts[3] == "from_iterable":
            near = "chain_from"
        case .attributeError where parts.count == 5 && parts[0] == "enum ":
            near = Spelling.nearest(to: parts[3], among: enumMembers(of: parts[1]))
        case .attributeError where parts.count == 5:
            near = Spelling.nearest(to: parts[3], among: members(of: parts[1], isModule: parts[0] == "module "))
        case .importError where parts.count == 5 && parts[2] == " from ":
            near = Spelling.nearest(to: parts[1], among: members(of: parts[3], isModule: true))
        case .moduleNotFoundError where parts.count == 3 && parts[0] == "No module named ":
            near = Spelling.nearest(to: parts[1], among: machine.catalogue.modules.map(\.name))
        default: near = nil
        }
        return near.map { "did you mean '\($0)'?" }
    }

    /// A text that is no longer than one with names in it.
    private func shortText(_ value: Value) -> String? {
        guard let string = StringObject(value), string.byteCount <= 4096 else { return nil }
        return string.text
    }

    /// The names that may stand after a dot behind a module, or behind a value of a type.
    private func members(of owner: String, isModule: Bool) -> [String] {
        if isModule { return machine.moduleOrder.last { $0.name == owner }.map(names(of:)) ?? [] }
        var tables: [MemberTable?] = []
        if let type = BuiltInType.allCases.first(where: { $0.name == owner }) {
            let number = Int(type.rawValue)
            tables = [machine.builtIns.typeTables[number], machine.builtIns.staticTables[number]]
        } else if ExceptionKind.allCases.contains(where: { $0.name == owner }) {
            tables = [machine.builtIns.exceptionTable]
        }
        let builtIn = tables.flatMap { $0?.members.keys.sorted() ?? [] }
        return builtIn.isEmpty ? structMembers(of: owner) : builtIn
    }

    /// The fields and methods of the structs of that name.
    private func structMembers(of name: String) -> [String] {
        variables.flatMap { value -> [String] in
            guard let type = StructTypeObject(value), StringObject(type.at.pointee.name)?.text == name else {
                return []
            }
            return type.fieldNames.items.compactMap { StringObject($0)?.text } + variables(of: type.methods)
        }
    }

    /// The members of the enums of that name.
    private func enumMembers(of name: String) -> [String] {
        variables.flatMap { value -> [String] in
            guard let type = EnumTypeObject(value), StringObject(type.at.pointee.name)?.text == name else { return [] }
            return variables(of: type.members)
        }
    }

    /// What the variables of all modules are.
    private var variables: [Value] {
        machine.moduleOrder.flatMap { module in (0..<module.count).map { module.slot($0).pointee.value } }
    }

    /// A variable of a scope: with this name, where the name has no scope, or else nearly with it.
    private func scoped(_ name: String) -> String? {
        let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
        for scope in ScopeKind.allCases {
            let names = variables(of: machine.scopes[Int(scope.rawValue)])
            if parts.count == 1 {
                if names.contains(name) { return "\(scope.name):\(name)" }
            } else if parts[0] == scope.name {
                return Spelling.nearest(to: parts[1], among: names).map { "\(scope.name):\($0)" }
            }
        }
        return nil
    }

    /// The names that are the keys of a dict.
    private func variables(of scope: DictObject) -> [String] {
        (0..<scope.table.used).compactMap { StringObject(scope.table.entry($0).pointee.key)?.text }
    }

    private func unscoped(_ name: String, in code: UnsafeMutablePointer<LinkedCode>) -> String? {
        guard !name.contains(":") else { return nil }
        let parameters = code.pointee.code._withUnsafeGuaranteedRef { $0.parts.parameters.names }
        return Spelling.nearest(to: name, among: parameters + names(of: code.pointee.module))
            ?? LiteralWord.near(name)
            ?? Spelling.nearest(to: name, among: machine.coreNames.filter { !$0.hasPrefix("_") }.sorted())
    }

    private func names(of module: ModuleObject) -> [String] {
        (0..<module.count).compactMap { number in
            let slot = module.slot(number).pointee
            guard !slot.value.isUndefined || !slot.fallback.isUndefined else { return nil }
            let name = StringObject(known: slot.name).text
            return name.hasPrefix("_") ? nil : name
        }
    }
}
