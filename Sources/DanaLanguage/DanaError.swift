/// Why Swift code of the language stops: what natives and the machine's own steps throw.
///
/// It is a trivial value. A `raised` exception carries one reference, which passes to whoever catches the error.
enum DanaError: Error {
    /// A Dana exception (an `ExceptionObject`), catchable in Dana.
    case raised(Value)
    /// A limit is used up: no handler and no `finally` runs.
    case limit(LimitKind)
    /// The heap alone cannot go on: an operand is a handle, of which the machine makes a host call, a generator, which it
    /// drains, or a struct of the language's own, whose method gives the item.
    case handle
    /// The host cancelled the run: only `finally` and `with` run, under a bounded shield.
    case cancelled
}

/// The limits an interpreter holds, each of which ends the run when it is used up.
public enum LimitKind: UInt8, Sendable, CaseIterable {
    case ticks, executionTime, deadline, memory, depth, sourceSize, hostCalls, output, cleanup

    /// The message of the error the host sees.
    public var message: String {
        switch self {
        case .ticks: "the limit of ticks (calls and loop turns) is used up"
        case .executionTime: "the limit of execution time is used up"
        case .deadline: "the deadline has passed"
        case .memory: "the limit of memory is used up"
        case .depth: "the limit of nested calls is used up"
        case .sourceSize: "the source text is larger than its limit"
        case .hostCalls: "the limit of host calls is used up"
        case .output: "the limit of printed text is used up"
        case .cleanup: "the cleanup after a cancellation took too long"
        }
    }
}
