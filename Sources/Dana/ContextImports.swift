import DanaLanguage

/// The imports of programs: files of Dana's, files of another language's, and modules that such a language finds.
extension ContextCore {
    func importModule(
        _ call: HostCall, _ asked: String, _ form: ImportForm, _ level: Int, _ importer: String
    ) -> HostReply {
        // The part of a foreign module is asked for under the name that this has here.
        let isPart = asked.utf8.contains(UInt8(ascii: "."))
        let name =
            isPart ? asked.split(separator: "\(ForeignModule.suffix).", maxSplits: 1).joined(separator: ".") : asked
        runtime.audit.note(.imported, context: number, name, place: place(of: call))
        let file = importer == DanaContext.mainModule ? lockedIfOpen { $0.place(of: call)?.source } : nil
        let found = lockedIfOpen { _ -> Result<ModuleFinder.Found, ModuleFinder.Failure>? in
            do throws(ModuleFinder.Failure) {
                return .success(
                    try withFinder { finder throws(ModuleFinder.Failure) in
                        try finder.find(name, form: form, level: level, importer: importer, file: file)
                    })
            } catch {
                return .failure(error)
            }
        }
        switch found {
        case nil: return fail(call, .runtimeError, DanaFailure.contextClosed.message)
        case .success(let module):
            switch module.content {
            case .dana: return answer(call, with: module)
            case .python(let folder, let file):
                let module = ForeignModule(name: module.name, file: "\(folder)/\(file)")
                return importForeign(call, module)
            }
        case .failure(let failure):
            let mayBeForeign = form != .dana && level == 0 && !(asked == name && isPartOfKnown(name))
            guard mayBeForeign, failure.kind == .moduleNotFoundError else {
                return fail(call, failure.kind, failure.message)
            }
            return importForeign(
                call, ForeignModule(name: name, file: nil), missing: failure, isAsked: form == .python)
        }
    }

    /// Whether a name is one within a module of Dana's, in which no other language finds anything.
    private func isPartOfKnown(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        return lockedIfOpen { $0.module(String(name[..<dot])) } != nil
    }

    private func answer(_ call: HostCall, with module: ModuleFinder.Found) -> HostReply {
        do throws(DanaFailure) {
            guard let program = try program(of: module) else {
                return fail(call, .importError, "'\(module.name)' is no module of Dana's")
            }
            _ = lockedIfOpen { $0.answer(call.identifier, with: program, module: module.name) }
            return .answered
        } catch {
            let finding = error.findings.first.map { "\($0.message) (\($0.place.shortText))" } ?? error.message
            return fail(
                call, .syntaxError, "module '\(module.name)': \(finding)", origin: FaultyText(error.findings))
        }
    }

    /// The program of a module of Dana's, compiled once.
    private func program(of module: ModuleFinder.Found) throws(DanaFailure) -> Compiler.Program? {
        if let program = module.program { return program }
        guard case .dana(let source) = module.content else { return nil }
        let program = try program(source)
        if let mark = module.mark { runtime.programs.note(program, ofFile: source.name, mark) }
        return program
    }

    /// The program of a module that is yet to be found, when that is a file of Dana's without faults. It is compiled
    /// without the lock.
    func plainModule(_ name: String) -> Compiler.Program? {
        let found = lockedIfOpen { interpreter -> ModuleFinder.Found? in
            guard interpreter.isToBeFound(name) else { return nil }
            return try? withFinder { finder throws(ModuleFinder.Failure) in
                try finder.find(name, form: .any, level: 0, importer: "")
            }
        }
        return found.flatMap { try? program(of: $0) }
    }

    /// Imports a module of another language. `missing` says where none was found that its language then may find, and
    /// `isAsked` whether the program wants one of that language and no other.
    private func importForeign(
        _ call: HostCall, _ module: ForeignModule, missing: ModuleFinder.Failure? = nil, isAsked: Bool = true
    ) -> HostReply {
        guard let foreign = runtime.foreign else {
            if let missing, !isAsked { return fail(call, missing.kind, missing.message) }
            return fail(call, .importError, "'\(module.name)' is a module of Python, which this runtime does not run")
        }
        let isGranted = isGranted(module, foreign)
        if !isGranted, let missing, !foreign.isStandard(module.name),
            !isAsked || mayLookForForeign && !foreign.finds(module.name)
        {
            return fail(call, missing.kind, missing.message)
        }
        guard isGranted || isPackageOfGranted(module, foreign) else {
            let capability = Capability(.pythonImport, scope: scope(of: module, foreign))
            return deny(call, capability, for: "importing '\(module.name)' from Python")
        }
        if answer(call, withKnown: module.registeredName) { return .answered }
        if let missing, !foreign.finds(module.name) { return fail(call, missing.kind, missing.message) }
        guard isGranted else { return answer(call, withEmpty: module.registeredName) }
        return foreign.importModule(call, module, in: self)
    }

    /// Whether a module may be imported: by where its file lies, or by its name where its language finds it there, too.
    func isGranted(_ module: ForeignModule, _ foreign: any ForeignImporter) -> Bool {
        if module.isGranted(by: settings.capabilities) { return true }
        guard let file = module.file else { return false }
        let named = ForeignModule(name: module.name, file: nil)
        return named.isGranted(by: settings.capabilities) && foreign.finds(module.name, in: file)
    }

    /// Whether a module that may not be imported itself has parts that may: programs get nothing else of it.
    private func isPackageOfGranted(_ module: ForeignModule, _ foreign: any ForeignImporter) -> Bool {
        guard module.leadsToGranted(by: settings.capabilities) else { return false }
        return module.file.map { foreign.finds(module.name, in: $0) } ?? true
    }

    private func answer(_ call: HostCall, withEmpty name: String) -> HostReply {
        answer(call) { interpreter in
            let module = try interpreter.makeModule(name)
            interpreter.retain(module)
            try ForeignModule.bind(module, named: name, interpreter)
            return module
        }
    }

    /// Where the capability to import a module, and little else, is granted.
    func scope(of module: ForeignModule, _ foreign: any ForeignImporter) -> String {
        guard let file = module.file, !foreign.finds(module.name, in: file) else { return module.name }
        return String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    }

    /// Whether some modules of another language may be imported, so that it is no secret which there are.
    private var mayLookForForeign: Bool { settings.capabilities.scopes(of: .pythonImport)?.isEmpty == false }

    /// Answers with a module that was imported before; whether there is one.
    private func answer(_ call: HostCall, withKnown name: String) -> Bool {
        let known = lockedIfOpen { interpreter -> Value? in
            guard let known = interpreter.module(name) else { return nil }
            interpreter.retain(known)
            interpreter.answer(call.identifier, with: known)
            return known
        }
        return known != nil
    }

    /// Imports look in a file's folder from here on, after the others.
    func addFolder(of file: String, isPackage package: String?) {
        var folder = PathText.parts(of: file).folder
        // A package lies in a folder of its own name: imports of its parts begin beside that.
        for _ in 0..<(package.map { $0.split(separator: ".").count } ?? 0) {
            folder = PathText.parts(of: folder).folder
        }
        guard let opened = SourceFolder(folder) else { return }
        _ = lockedIfOpen { _ in withFinder { $0.add(opened, package: package) } }
    }

    /// Imports a module anew: its file is read again, and where that fails the module is what it was. Whoever has imported
    /// it has the same module with what is new in it.
    func reloadModule(_ name: String) async throws -> DanaModule {
        let known = try setModuleAside(name)
        do {
            return try await importModule(name)
        } catch {
            takeBack(known)
            throw error
        }
    }

    /// The same for a thread that waits.
    public func reloading<Result>(_ name: String, _ importing: () throws -> Result) throws -> Result {
        let known = try setModuleAside(name)
        do {
            return try importing()
        } catch {
            takeBack(known)
            throw error
        }
    }

    /// Sets a module aside, so that the next import reads its file again; gives the names that it went by.
    private func setModuleAside(_ name: String) throws(DanaFailure) -> [String] {
        try locked { interpreter in
            [name, ForeignModule(name: name, file: nil).registeredName].filter { interpreter.setModuleAside($0) }
        }
    }

    private func takeBack(_ known: [String]) {
        _ = lockedIfOpen { interpreter in
            for name in known { interpreter.takeModuleBack(name) }
        }
    }
}
