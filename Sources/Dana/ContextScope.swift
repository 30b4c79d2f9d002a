import Synchronization

/// The turns that a task works for: while they last, what the task begins in their contexts runs inside, without turns of
/// its own.
public final class ContextScope: Sendable {
    /// Of the call that this task works for; goes through Python coroutines as other task-local values do.
    @TaskLocal public static var current: ContextScope?

    /// One turn of one context.
    final class Turn: Sendable {
        private let context: ObjectIdentifier
        private let isUnderWay = Atomic<Bool>(true)

        init(of core: ContextCore) { context = ObjectIdentifier(core) }

        /// The turn is over: what still runs has to ask for one.
        func end() { isUnderWay.store(false, ordering: .releasing) }

        var isOver: Bool { !isUnderWay.load(ordering: .acquiring) }

        func isOf(_ core: ContextCore) -> Bool { context == ObjectIdentifier(core) && !isOver }
    }

    private let turns: [Turn]

    /// What the caller works for as it is, and these turns, too.
    static func current(with added: [Turn]) -> ContextScope {
        let known = current?.turns ?? []
        let new = added.filter { turn in !known.contains { $0 === turn } }
        if new.isEmpty, let current { return current }
        return ContextScope(turns: new + known.filter { !$0.isOver })
    }

    private init(turns: [Turn]) { self.turns = turns }

    /// Whether a turn of the context is under way for the task.
    public func holds(_ core: ContextCore) -> Bool { turns.contains { $0.isOf(core) } }
}
