import Synchronization

/// The turn that a host call works for: while that lasts, what the call begins in its context runs inside, without a
/// turn of its own.
public final class ContextScope: Sendable {
    /// Of the call that this task works for; goes through Python coroutines as other task-local values do.
    @TaskLocal public static var current: ContextScope?

    private let context: ObjectIdentifier
    private let isOpen = Atomic<Bool>(true)

    init(_ core: ContextCore) { context = ObjectIdentifier(core) }

    /// The turn is over: what still runs has to ask for one.
    func end() { isOpen.store(false, ordering: .releasing) }

    func holds(_ core: ContextCore) -> Bool {
        context == ObjectIdentifier(core) && isOpen.load(ordering: .acquiring)
    }
}
