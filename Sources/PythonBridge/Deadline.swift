import CPython
import Glibc

/// A point in time by which a task is to have ended: inherited by child tasks, and carried to Python and back.
///
/// Python sees it in the context variable that ``DeadlineVariable`` puts into a module, as seconds of
/// `time.monotonic()`; what Python sets there is the deadline of the Swift it calls.
public struct Deadline: Sendable, Hashable, Comparable {
    /// Nanoseconds on the monotonic clock.
    public let instant: UInt64

    /// The deadline this task is under.
    @TaskLocal public static var current: Deadline?

    public init(instant: UInt64) { self.instant = instant }

    /// A deadline from now on; one beyond the clock's range is its end.
    public static func after(nanoseconds: UInt64) -> Deadline {
        let (instant, overflow) = TimerThread.now.addingReportingOverflow(nanoseconds)
        return Deadline(instant: overflow ? .max : instant)
    }

    /// What is left until then; zero when it has passed.
    public var remainingNanoseconds: UInt64 {
        let now = TimerThread.now
        return instant > now ? instant - now : 0
    }

    public static func < (left: Deadline, right: Deadline) -> Bool { left.instant < right.instant }

    /// Runs `body` and cancels it at the deadline, or at the one it is under already if that is earlier. Returns when
    /// `body` has ended: throws ``DeadlineExceeded`` where it ended by that cancellation.
    public static func run<Result: Sendable>(
        _ deadline: Deadline, _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        let effective = current.map { min($0, deadline) } ?? deadline
        return try await $current.withValue(effective) {
            try await withThrowingTaskGroup(of: Result?.self) { group in
                group.addTask { try await body() }
                group.addTask {
                    try await TimerThread.shared.sleep(nanoseconds: effective.remainingNanoseconds)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next() else { throw CancellationError() }
                if let result = first { return result }
                group.cancelAll()
                do {
                    if let result = try await group.next(), let result { return result }
                } catch is CancellationError {}
                throw DeadlineExceeded(deadline: effective)
            }
        }
    }
}

/// A deadline has passed before the work under it was done; `TimeoutError` in Python.
public struct DeadlineExceeded: PythonRaisable {
    public let deadline: Deadline

    public func pythonError(_ py: borrowing Python) -> PythonError {
        PythonError(.timeoutError, "the deadline has passed")
    }
}

/// Adds to a module the context variable in which deadlines cross between Swift and Python.
public struct DeadlineVariable: PythonModuleItem {
    let name: StaticString

    public init(_ name: StaticString) { self.name = name }

    public func install(in module: PyRef, named _: StaticString, _ py: borrowing Python) throws(PythonError) {
        guard PyModule_AddObjectRef(module, name.pointer, try Self.variable(py).pointer) == 0 else { throw .taken(py) }
    }

    private static let made = Once<PythonObject>()

    static func variable(_ py: borrowing Python) throws(PythonError) -> PythonObject {
        try made.value(py) { py throws(PythonError) in
            guard let variable = py_context_variable("deadline") else { throw .taken(py) }
            return PythonObject(owning: variable)
        }
    }

    /// The deadline of the Python code that runs on this thread; nil where there is none, or something else is there.
    static func current(_ py: borrowing Python) -> Deadline? {
        guard let variable = try? variable(py), let value = py_context_variable_get(variable.pointer) else {
            return nil
        }
        defer { py_decref(value) }
        guard py_is_float(value) != 0 else { return nil }
        let seconds = py_float_value(value)
        guard seconds.isFinite, seconds < 1e10 else { return nil }
        return Deadline(instant: UInt64(max(0, seconds) * 1e9))
    }

    /// Makes a deadline known in the current context.
    static func set(_ deadline: Deadline, _ py: borrowing Python) throws(PythonError) {
        let seconds = try (Double(deadline.instant) / 1e9).toPython(py)
        defer { py_decref(seconds) }
        guard py_context_variable_set(try variable(py).pointer, seconds) == 0 else { throw .taken(py) }
    }
}
