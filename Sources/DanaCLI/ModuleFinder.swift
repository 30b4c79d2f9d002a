import DanaLanguage

/// Finds the modules that a program imports, as `.na` files beneath its folder and the folders of its search path.
struct ModuleFinder {
    /// A module's text and the full name it goes by.
    struct Found {
        let name: String
        let source: SourceText
    }

    /// Why there is no module, with the kind of exception that the program sees.
    struct Failure: Error, Equatable {
        let kind: ExceptionKind
        let message: String
    }

    private let folders: [SourceFolder]
    private let sizeLimit: Int
    /// The modules that are packages: they were read from an `__init__.na`, or are a folder without one.
    private var packages: Set<String> = []

    /// The program's own folder comes first.
    init(folders: [SourceFolder], sizeLimit: Int) {
        self.folders = folders
        self.sizeLimit = sizeLimit
    }

    /// The module that an import names: `name` has its dots, `level` says how many stand before it.
    mutating func find(_ name: String, form: ImportForm, level: Int, importer: String) throws(Failure) -> Found {
        let full = try level == 0 ? name : absolute(name, level: level, importer: importer)
        if form == .python { throw Failure(kind: .importError, message: ModuleFinder.needsPython(full)) }
        let parts = full.split(separator: ".", omittingEmptySubsequences: false)
        guard !parts.contains(where: \.isEmpty) else {
            throw Failure(kind: .moduleNotFoundError, message: "No module named '\(full)'")
        }
        let path = parts.joined(separator: "/")
        for folder in folders {
            for (file, isPackage) in [("\(path).na", false), ("\(path)/__init__.na", true)] {
                guard let bytes = try read(file, in: folder) else { continue }
                if isPackage { packages.insert(full) }
                return Found(name: full, source: SourceText(bytes: bytes, name: folder.joined(file)))
            }
        }
        if form == .any {
            for folder in folders where try read("\(path).py", in: folder) != nil {
                throw Failure(kind: .importError, message: ModuleFinder.needsPython(full))
            }
        }
        for folder in folders where folder.hasFolder(path) {
            packages.insert(full)
            return Found(name: full, source: SourceText("", name: folder.joined(path)))
        }
        let places = folders.map { $0.joined("\(path).na") }.joined(separator: ", ")
        throw Failure(kind: .moduleNotFoundError, message: "No module named '\(full)' (looked for \(places))")
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

    private static func needsPython(_ name: String) -> String {
        "'\(name)' is a module of Python, which this command does not run"
    }
}
