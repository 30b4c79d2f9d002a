import DanaData

/// What an unknown name was probably meant to be, as an uncaught NameError says it.
struct NameHint {
    let machine: Machine

    func hint(for exception: ExceptionObject) -> String? {
        guard exception.exceptionKind == .nameError, exception.at.pointee.place >= 0,
            let message = exception.arguments.items.first.flatMap({ StringObject($0)?.text }),
            let name = NameHint.name(in: message)
        else { return nil }
        let code = machine.linked[TracePlace(packed: exception.at.pointee.place).code]
        let near = scoped(name) ?? unscoped(name, in: code)
        return near.map { "did you mean '\($0)'?" }
    }

    /// The name that a message says is not defined.
    private static func name(in message: String) -> String? {
        let (start, end) = ("name '", "' is not defined")
        guard message.hasPrefix(start), message.hasSuffix(end), message.count > start.count + end.count else {
            return nil
        }
        return String(message.dropFirst(start.count).dropLast(end.count))
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

    private func variables(of scope: DictObject) -> [String] {
        (0..<scope.table.used).compactMap { StringObject(scope.table.entry($0).pointee.key)?.text }
    }

    private func unscoped(_ name: String, in code: UnsafeMutablePointer<LinkedCode>) -> String? {
        guard !name.contains(":") else { return nil }
        let parameters = code.pointee.code._withUnsafeGuaranteedRef { $0.parts.parameters.names }
        return Spelling.nearest(to: name, among: parameters + names(of: code.pointee.module))
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
