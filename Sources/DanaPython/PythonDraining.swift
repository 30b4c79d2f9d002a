import CPython
import Dana
import PythonBridge

/// Functions of Python's that go through all that an object gives, which may have no end: they do that in steps, between
/// which Python interrupts them, for as long as the context may run, and keep no more than it may hold.
struct PythonDraining {
    let core: ContextCore
    /// The function's name; `in` for the operator.
    let function: String

    /// What it does with its arguments once they have an end. Where the time is used up the context is to end.
    func result(
        of arguments: [PythonObject], _ keywords: [(String, PythonObject)], _ py: borrowing Python,
        _ body: ([PythonObject], [(String, PythonObject)]) throws(PythonError) -> PythonObject
    ) throws -> PythonObject {
        let places = places(of: arguments.count)
        let named = isOfModule ? keywords.map(\.1) : []
        guard let hook = Hooks[.drained],
            arguments[places].contains(where: PythonDraining.mayBeEndless)
                || named.contains(where: PythonDraining.mayBeEndless)
        else { return try body(arguments, keywords) }
        let limits = core.settings.limits
        let most = keeps ? limits.memory / MemoryLayout<Int>.size : -1
        let end = ContinuousClock.now + .nanoseconds(Int64(clamping: limits.executionTime))
        func bounded(_ value: PythonObject) throws(PythonError) -> PythonObject {
            guard PythonDraining.mayBeEndless(value) else { return value }
            return try hook.call(value, most, Double(limits.executionTime) / 1e9, function, py: py)
        }
        do {
            var (arguments, keywords) = (arguments, keywords)
            for place in places { arguments[place] = try bounded(arguments[place]) }
            if isOfModule {
                for place in keywords.indices { keywords[place].1 = try bounded(keywords[place].1) }
            }
            return try body(arguments, keywords)
        } catch {
            guard ContinuousClock.now >= end else { throw error }
            throw DanaFailure(
                .limit(.executionTime), kind: "LimitExceeded", "an iterator of the host's has not ended in time")
        }
    }

    /// Whether it is a function of a module, or a method, any of whose arguments it may go through.
    private var isOfModule: Bool {
        function.contains(".")
            && (function.hasPrefix("math.") || function.hasPrefix("statistics.")
                || PythonDraining.methods.contains(function))
    }

    private var keeps: Bool { isOfModule || PythonDraining.keeping.contains(function) }

    /// The places of the arguments that it goes through, of so many.
    private func places(of count: Int) -> Range<Int> {
        if isOfModule { return 0..<count }
        guard keeps || PythonDraining.passing.contains(function) else { return 0..<0 }
        // Of several values it is these themselves that are compared.
        if function == "min" || function == "max", count > 1 { return 0..<0 }
        return 0..<min(count, 1)
    }

    /// A range can be longer than anyone waits; what else is built in has as many items as fit into memory.
    private static func mayBeEndless(_ value: PythonObject) -> Bool {
        let kind = Int(py_kind(value.pointer))
        return kind == PY_KIND_OTHER || kind == PY_KIND_RANGE
    }

    private static let methods: Set<String> = ["str.join", "bytes.join", "int.from_bytes"]
    private static let keeping: Set<String> = ["sorted", "list", "tuple", "dict", "set", "frozenset", "bytes"]
    private static let passing: Set<String> = ["sum", "min", "max", "any", "all", "in"]
}
