import CPython
import Dana
import DanaData
import DanaLanguage
import PythonBridge

/// The settings of a context as Python gives them.
struct SettingsReader {
    private let given: KeywordArguments

    init(_ given: KeywordArguments) { self.given = given }

    private static let known: Set<String> = [
        "capabilities", "memory", "timeout", "execution_time", "ticks", "depth", "source_size", "host_calls",
        "output_size", "search_path", "seed", "fixed_time", "overwrite_imports", "passed_scopes", "output",
        "output_ended", "log", "variables", "bounds", "grant_advice",
    ]

    func settings(_ py: borrowing Python) throws -> ContextSettings {
        for (name, _) in given.values where !Self.known.contains(name) {
            throw PythonError.typeError("create_context() got an unexpected keyword argument '\(name)'")
        }
        var settings = ContextSettings()
        if let names: [String] = try value("capabilities", py) {
            settings.capabilities = try Capabilities(parsing: names)
        }
        if let bytes: Int = try count("memory", py) { settings.limits.memory = bytes }
        if let ticks: Int = try count("ticks", py) { settings.limits.ticks = ticks }
        if let depth: Int = try count("depth", py) { settings.limits.depth = depth }
        if let size: Int = try count("source_size", py) { settings.limits.sourceSize = size }
        if let calls: Int = try count("host_calls", py) { settings.limits.hostCalls = calls }
        if let size: Int = try count("output_size", py) { settings.limits.output = size }
        if let time = try nanoseconds("execution_time", py) { settings.limits.executionTime = time }
        settings.timeout = try nanoseconds("timeout", py)
        settings.searchPath = try value("search_path", py) ?? []
        if let seed: BigInteger = try value("seed", py) {
            // Any integer: its lowest words count, and its sign.
            settings.seed = (seed.magnitude.first ?? 0) ^ (seed.isNegative ? .max : 0)
        }
        settings.fixedTime = try value("fixed_time", py)
        if let advice: String = try value("grant_advice", py) { settings.grantAdvice = advice }
        if let bounds: KeywordArguments = try value("bounds", py) {
            for (name, file) in bounds.values { settings.bounds[name] = try file.value(as: String.self, py) }
        }
        settings.mayOverwriteImports = try value("overwrite_imports", py) ?? false
        if let policy = try Self.policy(try value("passed_scopes", py)) { settings.passing = policy }
        if let output: PythonObject = try value("output", py) {
            settings.output = { bytes in
                output.callUnraisably { py throws(PythonError) in
                    _ = try output.call(String(decoding: bytes, as: UTF8.self), py: py)
                }
            }
        }
        if let flush: PythonObject = try value("output_ended", py) {
            settings.outputEnded = {
                flush.callUnraisably { py throws(PythonError) in _ = try flush.call(py: py) }
            }
        }
        settings.executor = WorkerPool.shared
        settings.interrupt = { await CallInterruption.interrupt($0) }
        settings.sleep = { try await TimerThread.shared.sleep(nanoseconds: $0) }
        if let log: PythonObject = try value("log", py) {
            settings.log = { line in
                log.callUnraisably { py throws(PythonError) in
                    let row = PythonRow(line.level, line.text, Int(clamping: line.context), line.place, line.function)
                    _ = try log.call(row, py: py)
                }
            }
        }
        return settings
    }

    /// What programs find in their scopes at first.
    func variables(_ py: borrowing Python) throws(PythonError) -> [(ScopeName, [(name: String, value: PythonObject)])] {
        guard let scopes: KeywordArguments = try value("variables", py) else { return [] }
        var found: [(ScopeName, [(name: String, value: PythonObject)])] = []
        for (name, variables) in scopes.values {
            let scope = try ScopeName.fromPython(try name.toPython(py), py)
            found.append((scope, try variables.value(as: KeywordArguments.self, py).values))
        }
        return found
    }

    /// What is given under a name; nil for nothing or `None`.
    private func value<Value: FromPython>(_ name: String, _ py: borrowing Python) throws(PythonError) -> Value? {
        guard let object = given[name], !object.isNone(py) else { return nil }
        do throws(PythonError) {
            return try object.value(as: Value.self, py)
        } catch {
            throw PythonError.typeError("\(name): \(error.message(py))")
        }
    }

    private func count(_ name: String, _ py: borrowing Python) throws(PythonError) -> Int? {
        guard let count: Int = try value(name, py) else { return nil }
        guard count > 0 else { throw .valueError("\(name) must be positive, got \(count)") }
        return count
    }

    private func nanoseconds(_ name: String, _ py: borrowing Python) throws(PythonError) -> UInt64? {
        guard let seconds: Double = try value(name, py) else { return nil }
        guard seconds > 0, seconds <= 1e9 else { throw .valueError("\(name) must be positive, got \(seconds)") }
        return UInt64(seconds * 1e9)
    }

    static func policy(_ scopes: [String]?) throws(PythonError) -> ScopePolicy? {
        guard let scopes else { return nil }
        return ScopePolicy(Set(try scopes.map { name throws(PythonError) in try ScopeName.scope(of: name) }))
    }
}
