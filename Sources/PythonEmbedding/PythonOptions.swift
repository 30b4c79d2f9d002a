import PythonBridge

/// How an embedding program wants its Python.
public struct PythonOptions: Sendable {
    /// The folder of a virtual environment. Nil: the one that `VIRTUAL_ENV` names, if any.
    public var environment: String?
    /// The folder of the Python installation, as `PYTHONHOME`. Nil: found as `python3` finds it.
    public var home: String?
    /// Ignores environment variables, the user's packages and the current folder.
    public var isolated = false
    /// Lets Python handle signals: Ctrl-C then raises `KeyboardInterrupt` in Python code instead of ending the program.
    public var handlesSignals = false
    /// `sys.argv`.
    public var arguments: [String] = CommandLine.arguments
    /// Swift modules that Python code can import, by full name: `"shapes"`, `"company.shapes._native"`.
    public var modules: [String: PythonModule] = [:]

    public init() {}
}

/// Why Python could not be started or ended, and what to do.
public struct PythonInterpreterError: Error, CustomStringConvertible, Sendable {
    public let description: String

    init(_ description: String) { self.description = description }
}
