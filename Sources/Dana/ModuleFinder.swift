import DanaLanguage

/// Finds the modules that a program imports, as `.na` and `.py` files beneath its folder and the folders of its
/// search path, and those of a package beside each other.
public struct ModuleFinder: Sendable {
    /// A module and the full name it goes by.
    public struct Found: Sendable {
        public enum Content: Sendable {
            case dana(SourceText)
            /// A file of Python's, beneath one of the folders.
            case python(folder: String, file: String)
        }

        public let name: String
        public let content: Content
        /// What the file of a module of Dana's was known by when it was read.
        let mark: FileMark?
        /// Its program, when it was compiled before and has not changed.
        let program: Compiler.Program?

        init(name: String, content: Content, mark: FileMark? = nil, program: Compiler.Program? = nil) {
            self.name = name
            self.content = content
            self.mark = mark
            self.program = program
        }
    }

    /// Why there is no module, with the kind of exception that the program sees.
    public struct Failure: Error, Equatable, Sendable {
        public let kind: ExceptionKind
        public let message: String
    }

    /// A folder, opened when one first looks there.
    private struct Place {
        let path: String
        var folder: SourceFolder?
        var wasOpened = false
        /// It is that of a program's file: no other program's imports look there.
        var isPrograms = false
    }

    private var places: [Place]
    private let sizeLimit: Int
    private let programs: ProgramCache?
    /// The modules that are packages: they were read from an `__init__.na`, or are a folder without one.
    private var packages: Set<String> = []

    /// The program's own folder comes first.
    public init(folders: [SourceFolder], sizeLimit: Int) {
        places = folders.map { Place(path: $0.path, folder: $0, wasOpened: true) }
        self.sizeLimit = sizeLimit
        programs = nil
    }

    /// Looks in the folders of a context's search path. A path that depends on the working folder means what it means
    /// now; others are opened when one looks there.
    init(_ settings: ContextSettings, programs: ProgramCache) {
        places = settings.searchPath.map { path in
            let isFixed = path.utf8.first == UInt8(ascii: "/")
            return Place(path: path, folder: isFixed ? nil : SourceFolder(path), wasOpened: !isFixed)
        }
        sizeLimit = settings.limits.sourceSize
        self.programs = programs
    }

    /// Looks in a further folder, after the others; a package's name says that its files are found beneath it.
    mutating func add(_ folder: SourceFolder, package: String?) {
        if let package { packages.insert(package) }
        let isKnown = places.contains { place in
            place.path == folder.path && !place.isPrograms && (place.folder != nil || !place.wasOpened)
        }
        if isKnown { return }
        places.append(Place(path: folder.path, folder: folder, wasOpened: true))
    }

    /// The module that an import names: `name` has its dots, `level` says how many stand before it. What a program
    /// imports is looked for in the folder of its `file` first.
    public mutating func find(
        _ name: String, form: ImportForm, level: Int, importer: String, file: String? = nil
    ) throws(Failure) -> Found {
        let full = try level == 0 ? name : absolute(name, level: level, importer: importer)
        let parts = full.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard !parts.contains(where: \.isEmpty) else {
            throw Failure(kind: .moduleNotFoundError, message: "No module named '\(full)'")
        }
        let path = parts.count == 1 ? full : parts.map { "\(Substring($0))" }.joined(separator: "/")
        let searched = searched(by: file)
        // What lies beside the importer is found last.
        var names = [(name: full, path: path)]
        if level == 0, let package = package(of: importer) {
            names.append(("\(package).\(full)", "\(package.replacing(".", with: "/"))/\(path)"))
        }
        for (name, path) in names where form != .python {
            if let found = try danaFile(of: name, path, in: searched) { return found }
        }
        let folders = searched.compactMap { folder($0) }
        for (name, path) in names where form != .dana {
            if let found = try pythonFile(of: name, path, in: folders) { return found }
        }
        for folder in folders where form != .python && folder.hasFolder(path) {
            packages.insert(full)
            return Found(name: full, content: .dana(SourceText("", name: folder.joined(path))))
        }
        let ending = form == .python ? "py" : "na"
        let files = folders.map { $0.joined("\(path).\(ending)") }.joined(separator: ", ")
        let looked = files.isEmpty ? "there is no folder to look in" : "looked for \(files)"
        throw Failure(kind: .moduleNotFoundError, message: "No module named '\(full)' (\(looked))")
    }

    /// The places in which the imports of a program's file look, or of a module, which has none.
    private mutating func searched(by file: String?) -> [Int] {
        let shared = places.indices.filter { !places[$0].isPrograms }
        guard let file, let slash = file.lastIndex(of: "/") else { return shared }
        let path = slash == file.startIndex ? "/" : String(file[..<slash])
        if let known = places.firstIndex(where: { $0.path == path && $0.isPrograms }) { return [known] + shared }
        places.append(Place(path: path, folder: SourceFolder(path), wasOpened: true, isPrograms: true))
        return [places.count - 1] + shared
    }

    /// The package that a module is, or is part of.
    private func package(of module: String) -> String? {
        if packages.contains(module) { return module }
        return module.lastIndex(of: ".").map { String(module[..<$0]) }
    }

    /// A module's file of Dana's in the first of some places that has it.
    private mutating func danaFile(of name: String, _ path: String, in searched: [Int]) throws(Failure) -> Found? {
        for number in searched {
            if let found = try danaFile("\(path).na", of: name, inPlace: number) { return found }
            if let found = try danaFile("\(path)/__init__.na", of: name, inPlace: number) {
                packages.insert(name)
                return found
            }
        }
        return nil
    }

    /// A module's file of Python's in the first of some folders that has it.
    private func pythonFile(of name: String, _ path: String, in folders: [SourceFolder]) throws(Failure) -> Found? {
        for folder in folders {
            for file in ["\(path).py", "\(path)/__init__.py"] where try content(of: file, in: folder) != nil {
                return Found(name: name, content: .python(folder: folder.path, file: file))
            }
        }
        return nil
    }

    /// A module's file of Dana's in one of the places. One that was compiled before and is the same is not read.
    private mutating func danaFile(_ file: String, of name: String, inPlace number: Int) throws(Failure) -> Found? {
        if let known = programs?.program(ofFile: SourceFolder.joined(places[number].path, file)),
            known.source.bytes.count <= sizeLimit
        {
            return Found(name: name, content: .dana(known.source), program: known)
        }
        guard let folder = folder(number), let (bytes, mark) = try content(of: file, in: folder) else { return nil }
        return Found(name: name, content: .dana(SourceText(bytes: bytes, name: folder.joined(file))), mark: mark)
    }

    /// The folder of a place; nothing where there was none when one first looked.
    private mutating func folder(_ number: Int) -> SourceFolder? {
        if !places[number].wasOpened {
            places[number].folder = SourceFolder(places[number].path)
            places[number].wasOpened = true
        }
        return places[number].folder
    }

    /// The full name of what a relative import means: the first dot is the importer's own package.
    private func absolute(_ name: String, level: Int, importer: String) throws(Failure) -> String {
        var parts = importer.split(separator: ".")
        let steps = packages.contains(importer) ? level - 1 : level
        guard steps < parts.count || (steps == parts.count && packages.contains(importer)) else {
            let reason =
                parts.count <= 1
                ? "attempted relative import with no known parent package"
                : "attempted relative import beyond top-level package"
            throw Failure(kind: .importError, message: reason)
        }
        parts.removeLast(steps)
        return (parts.map(String.init) + (name.isEmpty ? [] : [name])).joined(separator: ".")
    }

    private func content(
        of file: String, in folder: SourceFolder
    ) throws(Failure) -> (bytes: [UInt8], mark: FileMark)? {
        do {
            return try folder.content(of: file, limit: sizeLimit)
        } catch {
            throw Failure(kind: .importError, message: error.message)
        }
    }
}
