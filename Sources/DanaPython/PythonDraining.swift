import CPython
import Dana
import PythonBridge

/// Built-ins that go through all that an object of Python's gives, which may have no end: they do that in steps, between
/// which Python interrupts them, for as long as the context may run, and keep no more than it may hold.
struct PythonDraining {
    let core: ContextCore

    /// Whether a built-in goes through its arguments.
    static func concerns(_ name: String) -> Bool {
        name.contains(".") || keeping.contains(name) || passing.contains(name)
    }

    /// Whether it may keep all the items.
    static func mayKeep(_ name: String) -> Bool { !passing.contains(name) }

    /// Does something with values that have an end. Where the time is used up the context is to end.
    func result(
        of values: [PythonObject], mayKeep: Bool, _ py: borrowing Python,
        _ body: ([PythonObject]) throws(PythonError) -> PythonObject
    ) throws -> PythonObject {
        guard let hook = Hooks[.drained], values.contains(where: { py_kind($0.pointer) == Int32(PY_KIND_OTHER) }) else {
            return try body(values)
        }
        let limits = core.settings.limits
        let most = mayKeep ? limits.memory / MemoryLayout<Int>.size : -1
        let end = ContinuousClock.now + .nanoseconds(Int64(clamping: limits.executionTime))
        do {
            var bounded: [PythonObject] = []
            for value in values {
                bounded.append(try hook.call(value, most, Double(limits.executionTime) / 1e9, py: py))
            }
            return try body(bounded)
        } catch {
            guard ContinuousClock.now >= end else { throw error }
            throw DanaFailure(
                .limit(.executionTime), kind: "LimitExceeded", "an iterator of the host's has not ended in time")
        }
    }

    private static let keeping: Set<String> = ["sorted", "list", "tuple", "dict", "set", "frozenset", "bytes"]
    private static let passing: Set<String> = ["sum", "min", "max", "any", "all"]
}
