import CPython
import Glibc

/// Where the Python of an embedding program comes from, checked before CPython is asked to start: its own
/// complaint about a wrong place is a page of paths, and it cannot be asked twice.
struct PythonInstallation {
    static let version = "\(PY_MAJOR_VERSION).\(PY_MINOR_VERSION)"
    static let name = "Python \(version)"

    /// The executable whose place tells CPython about the virtual environment.
    let program: String?
    let home: String?

    init(_ options: PythonOptions) throws(PythonInterpreterError) {
        let variables = !options.isolated
        let environment = options.environment ?? (variables ? Self.variable("VIRTUAL_ENV") : nil)
        program = try environment.map { folder throws(PythonInterpreterError) in try Self.interpreter(of: folder) }
        home = options.home
        let chosen = options.home ?? (variables ? Self.variable("PYTHONHOME") : nil)
        if let chosen, access("\(chosen)/lib/python\(Self.version)/os.py", R_OK) != 0 {
            throw PythonInterpreterError(
                "\(Self.name) cannot start: there is no standard library in \(chosen)/lib/python\(Self.version). "
                    + "Set \(options.home == nil ? "PYTHONHOME" : "`home`") to the installation that this program "
                    + "was built for, or leave it unset.")
        }
    }

    /// What to try when CPython refuses for a reason of its own.
    var advice: String {
        let place = home.map { "home \($0)" } ?? program.map { "environment \($0)" } ?? "no home and no environment"
        return "It was started with \(place); set `home`, `environment`, PYTHONHOME or VIRTUAL_ENV "
            + "to a \(Self.name) installation."
    }

    /// Starts CPython; returns what went wrong.
    func start(_ options: PythonOptions) -> String? {
        let arguments = (options.arguments.isEmpty ? [""] : options.arguments).map { strdup($0) }
        defer { for argument in arguments { free(argument) } }
        return Self.withOptionalCString(home) { home in
            Self.withOptionalCString(program) { program in
                arguments.withUnsafeBufferPointer { arguments -> String? in
                    guard let start = arguments.baseAddress else { return "there are no arguments" }
                    var request = py_start_options(
                        home: home, program: program, isolated: options.isolated ? 1 : 0,
                        handle_signals: options.handlesSignals ? 1 : 0, argument_count: Int32(arguments.count),
                        arguments: start)
                    return py_start(&request).map { String(cString: $0) }
                }
            }
        }
    }

    private static func interpreter(of environment: String) throws(PythonInterpreterError) -> String {
        guard let settings = read("\(environment)/pyvenv.cfg") else {
            throw PythonInterpreterError(
                "\(environment) is not a virtual environment: it has no pyvenv.cfg. "
                    + "Make one with `python\(version) -m venv \(environment)`.")
        }
        if let other = setting("version", in: settings) ?? setting("version_info", in: settings),
            !"\(other).".hasPrefix("\(version).")
        {
            throw PythonInterpreterError(
                "\(environment) is for Python \(other), and this program was built for \(name). "
                    + "Make it again with `python\(version) -m venv --clear \(environment)`.")
        }
        return "\(environment)/bin/python"
    }

    private static func setting(_ name: Substring, in settings: String) -> Substring? {
        for line in settings.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.drop { $0 == " " } }
            guard parts.count == 2, parts[0].prefix(while: { $0 != " " }) == name else { continue }
            return parts[1].prefix { $0 != " " }
        }
        return nil
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        // A pyvenv.cfg is a few lines: what lies beyond this is none.
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = fread(&bytes, 1, bytes.count, file)
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func withOptionalCString<Result>(
        _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
    ) -> Result {
        guard let text else { return body(nil) }
        return text.withCString { body($0) }
    }
}
