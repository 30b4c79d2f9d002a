import Foundation
import PythonBridge
import PythonEmbedding
import Testing

@Suite struct EmbeddingTests {
    @Test func swiftModulesAreImportedByName() throws {
        try TestInterpreter.hold { py in
            let probe = try py.import("bridge_probe")
            let sum = try probe.callMethod("add", 20, 22, as: Int.self, py: py)
            #expect(sum == 42)
            let origin = try probe.attribute("__spec__", py).attribute("origin", as: String.self, py)
            #expect(origin == "built-in")
            let inner = try py.import("bridge_probe.inner").attribute("NAME", as: String.self, py)
            #expect(inner == "inner")
        }
    }

    /// A file of that name, an extension with a Swift runtime of its own perhaps, must not be loaded in its place.
    @Test func aSwiftModuleComesBeforeAFileOfItsName() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "modules-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "".write(to: folder.appending(path: "bridge_probe.py"), atomically: true, encoding: .utf8)
        try TestInterpreter.hold { py in
            let found = try py.run(
                """
                import sys
                sys.path.insert(0, '\(folder.path)')
                specs = [finder.find_spec('bridge_probe', None) for finder in sys.meta_path]
                origins = [spec.origin for spec in specs if spec]
                sys.path.pop(0)
                """)
            let origins: [String] = try found.item("origins", py).value(py)
            #expect(origins == ["built-in", folder.appending(path: "bridge_probe.py").path])
        }
    }

    @Test func aSecondStartIsRefused() throws {
        try TestInterpreter.hold { _ in }
        #expect { try PythonInterpreter.start() } throws: {
            "\($0)" == "Python is already running: a process starts it once"
        }
    }

    @Test func pythonIsNotEndedByWhoHoldsIt() throws {
        try TestInterpreter.hold { _ -> Void in
            #expect { try PythonInterpreter.shutdown() } throws: { "\($0)".contains("leave Python.hold before") }
        }
    }

    @Test func theExamplePrintsWhatItShouldAndEndsCleanlyTwentyTimes() throws {
        let expected = """
            mean: 1.72
            json: {"born": 1815, "name": "Ada"}
            sorted: fig pear banana
            caught: json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: \
            line 1 column 2 (char 1)
            lines: 2 closed: true

            """
        for _ in 0..<20 {
            let run = try Self.example()
            #expect(run.status == 0)
            #expect(run.output.hasPrefix(expected))
            #expect(run.output.hasSuffix("\nawaited: awake\n"))
            #expect(run.errors == "")
        }
    }

    @Test func aWrongHomeIsNamedWithWhatToDo() throws {
        let run = try Self.example(["PYTHONHOME": "/nowhere"])
        #expect(run.status != 0)
        #expect(run.errors.contains("there is no standard library in /nowhere/lib/python3"))
        #expect(run.errors.contains("Set PYTHONHOME to the installation"))
    }

    @Test func aVirtualEnvironmentOfAnotherPythonIsRefused() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "venv-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let bare = try Self.example(["VIRTUAL_ENV": folder.path])
        #expect(bare.errors.contains("is not a virtual environment: it has no pyvenv.cfg"))
        try "home = /usr/bin\nversion = 3.1.4\n".write(
            to: folder.appending(path: "pyvenv.cfg"), atomically: true, encoding: .utf8)
        let old = try Self.example(["VIRTUAL_ENV": folder.path])
        #expect(old.errors.contains("is for Python 3.1.4, and this program was built for Python 3."))
    }

    @Test func packagesOfAVirtualEnvironmentAreFound() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "venv-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let executable = try TestInterpreter.hold { py in
            let script = "import venv, sys; venv.create(sys.argv[1], symlinks=True, with_pip=False)"
            let home = try py.import("sysconfig").callMethod("get_config_var", "BINDIR", as: String.self, py: py)
            let version = try py.import("sysconfig").callMethod("get_python_version", as: String.self, py: py)
            return ("\(home)/python\(version)", script, version)
        }
        _ = try Self.run(URL(filePath: executable.0), ["-c", executable.1, folder.path], [:])
        let package = folder.appending(path: "lib/python\(executable.2)/site-packages/numpy.py")
        try """
        class _Range:
            def sum(self): return 77
        def arange(n): return _Range()
        """.write(to: package, atomically: true, encoding: .utf8)
        let run = try Self.example(["VIRTUAL_ENV": folder.path])
        #expect(run.output.contains("\nnumpy: 77\n"))
        #expect(run.status == 0)
    }

    /// What a run of the example program printed and how it ended.
    private static func example(
        _ variables: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String) {
        let folder = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(filePath: folder).deletingLastPathComponent().appending(path: "embed-python")
        return try run(program, [], variables)
    }

    private static func run(
        _ program: URL, _ arguments: [String], _ variables: [String: String]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["SWIFT_BACKTRACE"] = "enable=no"
        environment["VIRTUAL_ENV"] = nil
        environment["PYTHONHOME"] = nil
        process.environment = environment.merging(variables) { $1 }
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text, complaint)
    }
}
