import Synchronization

/// The turn that a task works for: while that lasts, what the task begins in its context runs inside, without a turn of
/// its own.
public final class ContextScope: Sendable {
    /// Of the call that this task works for; goes through Python coroutines as other task-local values do.
    @TaskLocal public static var current: ContextScope?

    private let context: ObjectIdentifier
    /// The turns, of other contexts, that this one works for in its turn.
    private let outer: [ContextScope]
    private let isOpen = Atomic<Bool>(true)

    init(_ core: ContextCore, outer: [ContextScope]) {
        context = ObjectIdentifier(core)
        self.outer = outer
    }

    /// The turn is over: what still runs has to ask for one.
    func end() { isOpen.store(false, ordering: .releasing) }

    func holds(_ core: ContextCore) -> Bool {
        let isThis = context == ObjectIdentifier(core) && isOpen.load(ordering: .acquiring)
        return isThis || outer.contains { $0.holds(core) }
    }
}
