import Foundation

/// The package's rooms on disk, and which room may import which.
struct House {
    /// What each room may import of the package's own modules. A room that does not stand here fails the tests:
    /// whoever adds one decides its arrows here.
    static let arrows: [String: Set<String>] = [
        "CPython": [],
        "CPythonLib": [],
        "GlibcFloor": [],
        "ForkedThread": [],
        "PythonTrampolines": ["CPython"],
        "DanaSystem": [],
        "DanaData": [],
        "DanaLanguage": ["DanaData"],
        "DanaPools": ["DanaSystem"],
        "OpenBeneath": [],
        "Dana": ["DanaLanguage", "DanaModels", "DanaData", "DanaSystem", "DanaHTTP", "OpenBeneath"],
        "DanaCLI": ["Dana", "DanaLanguage", "DanaData", "DanaSystem"],
        "CURL": [],
        "DanaHTTP": ["CURL", "DanaSystem"],
        "DanaProcesses": ["DanaPools", "DanaSystem"],
        "DanaModels": ["DanaHTTP", "DanaData", "DanaPools", "DanaProcesses", "DanaSystem"],
        "PythonBridge": ["CPython", "PythonTrampolines", "DanaData", "DanaSystem", "ForkedThread"],
        "PythonEmbedding": ["CPython", "CPythonLib", "PythonBridge", "DanaSystem"],
        "DanaPython": ["CPython", "PythonBridge", "Dana", "DanaLanguage", "DanaModels", "DanaPools", "DanaData"],
    ]

    /// The rooms that are linked into the Python extension; Foundation would make it nine times as large.
    static let extensionRooms: Set<String> = [
        "DanaSystem", "DanaData", "DanaLanguage", "DanaPools", "OpenBeneath", "Dana", "DanaHTTP",
        "DanaProcesses", "DanaModels", "PythonBridge", "DanaPython",
    ]

    /// What may be imported from outside the package: into every room, and where there is no extension to keep small.
    static let systemModules: Set<String> = ["Swift", "_Concurrency", "Synchronization", "Glibc"]
    static let foundation: Set<String> = [
        "Foundation", "FoundationEssentials", "FoundationInternationalization", "FoundationNetworking", "Dispatch",
    ]

    /// The rooms found in `Sources/`; the folder `Python` holds the Python package and no Swift.
    let rooms: [String]
    let files: [SourceFile]

    init(sources: URL) throws {
        let manager = FileManager.default
        let folders = try manager.contentsOfDirectory(at: sources, includingPropertiesForKeys: [.isDirectoryKey])
        rooms = folders.map(\.lastPathComponent).filter { $0 != "Python" && !$0.hasPrefix(".") }.sorted()
        files = try rooms.flatMap { room in
            try manager.subpathsOfDirectory(atPath: sources.appending(path: room).path)
                .filter { $0.hasSuffix(".swift") }.sorted()
                .map { name in
                    let path = "\(room)/\(name)"
                    let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
                    return SourceFile(room: room, path: "Sources/\(path)", text: text)
                }
        }
    }

    /// The house this test was compiled in.
    static func here() throws -> House {
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try House(sources: package.appending(path: "Sources"))
    }

    /// A sentence for every import that the table does not allow, and for every room it does not know.
    func violations() -> [String] {
        let unknown = rooms.filter { Self.arrows[$0] == nil }.map {
            "Sources/\($0) is no room of the table: add it to House.arrows with what it may import"
        }
        return unknown + files.flatMap(violations)
    }

    private func violations(of file: SourceFile) -> [String] {
        let own = Self.arrows[file.room, default: []]
        let small = Self.extensionRooms.contains(file.room)
        let allowed = own.union(Self.systemModules).union(small ? [] : Self.foundation)
        return file.imports.filter { !allowed.contains($0) }.map { module in
            small && Self.foundation.contains(module)
                ? "\(file.path) imports \(module): \(file.room) goes into the Python extension and does without it"
                : "\(file.path) imports \(module), which \(file.room) may not: its arrows are \(own.sorted())"
        }
    }
}
