import DanaLanguage

/// Finds the modules that a program imports, as `.na` and `.py` files beneath its folder and the folders of its
/// search path.
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
    }

    /// Why there is no module, with the kind of exception that the program sees.
    public struct Failure: Error, Equatable, Sendable {
        public let kind: ExceptionKind
        public let message: String
    }

    private var folders: [SourceFolder]
    private let sizeLimit: Int
    /// The modules that are packages: they were read from an `__init__.na`, or are a folder without one.
    private var packages: Set<String> = []

    /// The program's own folder comes first.
    public init(folders: [SourceFolder], sizeLimit: Int) {
        self.folders = folders
        self.sizeLimit = sizeLimit
    }

    /// Looks in the folders of a context's search path.
    init(_ settings: ContextSettings) {
        let folders = settings.searchPath.compactMap { SourceFolder($0) }
        self.init(folders: folders, sizeLimit: settings.limits.sourceSize)
    }

    /// Looks in a further folder, after the others; a package's name says that its files are found beneath it.
    mutating func add(_ folder: SourceFolder, package: String?) {
        if let package { packages.insert(package) }
        if !folders.contains(where: { $0.path == folder.path }) { folders.append(folder) }
    }

    /// The module that an import names: `name` has its dots, `level` says how many stand before it.
    public mutating func find(_ name: String, form: ImportForm, level: Int, importer: String) throws(Failure) -> Found {
        let full = try level == 0 ? name : absolute(name, level: level, importer: importer)
        let parts = full.split(separator: ".", omittingEmptySubsequences: false)
        guard !parts.contains(where: \.isEmpty) else {
            throw Failure(kind: .moduleNotFoundError, message: "No module named '\(full)'")
        }
        let path = parts.joined(separator: "/")
        for folder in folders where form != .python {
            for (file, isPackage) in [("\(path).na", false), ("\(path)/__init__.na", true)] {
                guard let bytes = try read(file, in: folder) else { continue }
                if isPackage { packages.insert(full) }
                return Found(name: full, content: .dana(SourceText(bytes: bytes, name: folder.joined(file))))
            }
        }
        for folder in folders where form != .dana {
            for file in ["\(path).py", "\(path)/__init__.py"] where try read(file, in: folder) != nil {
                return Found(name: full, content: .python(folder: folder.path, file: file))
            }
        }
        for folder in folders where form != .python && folder.hasFolder(path) {
            packages.insert(full)
            return Found(name: full, content: .dana(SourceText("", name: folder.joined(path))))
        }
        let ending = form == .python ? "py" : "na"
        let places = folders.map { $0.joined("\(path).\(ending)") }.joined(separator: ", ")
        let looked = places.isEmpty ? "there is no folder to look in" : "looked for \(places)"
        throw Failure(kind: .moduleNotFoundError, message: "No module named '\(full)' (\(looked))")
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

    private func read(_ file: String, in folder: SourceFolder) throws(Failure) -> [UInt8]? {
        do {
            return try folder.read(file, limit: sizeLimit)
        } catch {
            throw Failure(kind: .importError, message: error.message)
        }
    }
}
