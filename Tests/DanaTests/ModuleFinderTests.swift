import DanaLanguage
import Foundation
import Testing

@testable import Dana

/// Which file an import means.
@Suite struct ModuleFinderTests {
    /// A folder of modules that removes itself.
    private final class Modules {
        let root = FileManager.default.temporaryDirectory.appending(path: "dana-modules-\(UUID().uuidString)")

        init(_ names: [String]) throws {
            for name in names {
                let file = root.appending(path: name)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data("# \(name)".utf8).write(to: file)
            }
        }

        deinit { try? FileManager.default.removeItem(at: root) }

        func finder(_ folders: String...) throws -> ModuleFinder {
            let opened = try folders.map { try #require(SourceFolder(root.appending(path: $0).path)) }
            return ModuleFinder(folders: opened, sizeLimit: 1000)
        }
    }

    private static let names = [
        "main/util.na", "main/pkg/__init__.na", "main/pkg/deep/__init__.na", "main/pkg/deep/leaf.na",
        "main/pkg/beside.na", "main/python.py", "main/both.na", "main/both.py", "lib/util.na", "lib/extra.na",
    ]

    private static func text(_ found: ModuleFinder.Found) -> String {
        switch found.content {
        case .dana(let source): String(decoding: source.bytes, as: UTF8.self)
        case .python(_, let file): file
        }
    }

    @Test(arguments: [
        ("util", "# main/util.na"), ("pkg", "# main/pkg/__init__.na"), ("pkg.deep.leaf", "# main/pkg/deep/leaf.na"),
        ("extra", "# lib/extra.na"), ("both", "# main/both.na"), ("python", "python.py"),
    ])
    func theProgramsFolderComesFirst(name: String, text: String) throws {
        let modules = try Modules(Self.names)
        var finder = try modules.finder("main", "lib")
        let found = try finder.find(name, form: .any, level: 0, importer: "__main__")
        #expect(found.name == name)
        #expect(Self.text(found) == text)
    }

    @Test func aProgramsImportsLookBesideItsFileFirst() throws {
        let modules = try Modules(Self.names)
        var finder = try modules.finder("lib")
        let file = modules.root.appending(path: "main/program.na").path
        let own = try finder.find("util", form: .any, level: 0, importer: "__main__", file: file)
        #expect(Self.text(own) == "# main/util.na")
        let other = try finder.find("util", form: .any, level: 0, importer: "__main__")
        #expect(Self.text(other) == "# lib/util.na")
        #expect(throws: ModuleFinder.Failure.self) {
            try finder.find("both", form: .any, level: 0, importer: "util")
        }
    }

    @Test func aPackagesModulesAreBesideEachOtherBehindAllOthers() throws {
        let modules = try Modules(Self.names + ["main/pkg/util.na"])
        var finder = try modules.finder("main", "lib")
        #expect(try finder.find("beside", form: .dana, level: 0, importer: "pkg.other").name == "pkg.beside")
        #expect(try finder.find("leaf", form: .any, level: 0, importer: "pkg.deep.other").name == "pkg.deep.leaf")
        #expect(try finder.find("util", form: .any, level: 0, importer: "pkg.other").name == "util")
        #expect(throws: ModuleFinder.Failure.self) {
            try finder.find("beside", form: .any, level: 0, importer: "util")
        }
    }

    @Test(arguments: [
        ("leaf", 1, "pkg.deep", "pkg.deep.leaf"), ("beside", 2, "pkg.deep.leaf", "pkg.beside"),
        ("beside", 1, "pkg", "pkg.beside"), ("", 1, "pkg.beside", "pkg"),
        ("deep.leaf", 1, "pkg.beside", "pkg.deep.leaf"),
    ])
    func dotsAreCountedFromTheImportersPackage(name: String, level: Int, importer: String, full: String) throws {
        let modules = try Modules(Self.names)
        var finder = try modules.finder("main")
        for package in ["pkg", "pkg.deep"] { _ = try finder.find(package, form: .dana, level: 0, importer: "__main__") }
        #expect(try finder.find(name, form: .any, level: level, importer: importer).name == full)
    }

    @Test(arguments: [
        ("nothing", ImportForm.any, 0, ExceptionKind.moduleNotFoundError, "No module named 'nothing' (looked for "),
        ("util", .python, 0, .moduleNotFoundError, "No module named 'util' (looked for "),
        ("python", .dana, 0, .moduleNotFoundError, "No module named 'python'"),
        ("util", .any, 1, .importError, "attempted relative import with no known parent package"),
        ("", .any, 0, .moduleNotFoundError, "No module named ''"),
        ("..lib.util", .any, 0, .moduleNotFoundError, "No module named"),
    ])
    func whatIsNotThereSaysWhy(name: String, form: ImportForm, level: Int, kind: ExceptionKind, message: String) throws
    {
        let modules = try Modules(Self.names)
        var finder = try modules.finder("main")
        let failure = #expect(throws: ModuleFinder.Failure.self) {
            try finder.find(name, form: form, level: level, importer: "__main__")
        }
        #expect(failure?.kind == kind)
        #expect(failure?.message.hasPrefix(message) == true)
    }
}
