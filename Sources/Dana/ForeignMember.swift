import DanaLanguage

/// An object that a module of another language has brought into a context, under the number that programs know it by.
struct ForeignMember {
    let module: String
    let name: String
    let number: UInt64
}

extension ContextCore {
    /// The objects that are variables of modules of another language; with the lock held.
    func foreignMembers(_ interpreter: Interpreter) -> [ForeignMember] {
        foreignVariables(interpreter).compactMap { module, name, value in
            guard case .handle(let number) = value.view else { return nil }
            return ForeignMember(module: module, name: name, number: number)
        }
    }

    /// The variables of modules of another language, their values borrowed; with the lock held.
    func foreignVariables(_ interpreter: Interpreter) -> [(module: String, name: String, value: Value)] {
        interpreter.moduleNames.filter { $0.hasSuffix(ForeignModule.suffix) }.flatMap { name in
            let module = interpreter.module(name)
            let names = module.map { interpreter.names(ofModule: $0) } ?? []
            return names.compactMap { variable in
                module.flatMap { try? interpreter.variable(variable, ofModule: $0) }.map {
                    (String(name.dropLast(ForeignModule.suffix.count)), variable, $0)
                }
            }
        }
    }

    /// Imports the modules of another language again that a context had when it was saved, for the objects in them.
    func importAgain() throws(DanaFailure) {
        let members = Dictionary(grouping: try locked { foreignMembers($0) }, by: \.module)
        for (module, members) in members.sorted(by: { $0.key < $1.key }) {
            let objects = try foreignObjects(members.map(\.name), of: module)
            try locked { _ in
                for (member, object) in zip(members, objects) { restore(object, member.number) }
            }
        }
    }

    private func foreignObjects(_ names: [String], of module: String) throws(DanaFailure) -> [any HostObject] {
        guard let foreign = runtime.foreign else {
            throw .usage("ImportError", "'\(module)' is a module of Python, which this runtime does not run")
        }
        let found = try locked { _ in
            try? withFinder { finder throws(ModuleFinder.Failure) in
                try finder.find(module, form: .python, level: 0, importer: "")
            }
        }
        var file: String?
        if case .python(let folder, let name) = found?.content { file = "\(folder)/\(name)" }
        let wanted = ForeignModule(name: module, file: file)
        guard isGranted(wanted, foreign) else {
            let capability = Capability(.pythonImport, scope: scope(of: wanted, foreign))
            throw .usage(
                "CapabilityError",
                settings.capabilityMessage("importing '\(module)' from Python", capability.description))
        }
        do throws(DanaFailure) {
            return try foreign.objects(names, of: wanted)
        } catch {
            throw .usage("ImportError", "the module '\(module)' cannot be imported again: \(error.message)")
        }
    }
}
