/// What a step of the pool's machine asks its driver to do, in this order.
enum PoolEffect: Sendable {
    /// Give the slot's resource to who waited.
    case grant(WaiterID, SlotTicket)
    /// Tell who waited that it gets nothing.
    case fail(WaiterID, PoolError)
    /// Run a hook, and tell the machine how it ended.
    case run(PoolHook, SlotTicket)
    /// Cancel a hook, whose end no longer matters.
    case cancelHook(SlotTicket)
    /// Let go of the slot's resource.
    case forget(slot: Int)
    /// Call `tick` at this time, or sooner.
    case wake(PoolTime)
    /// Tell who listens.
    case tell(PoolEvent)
    /// Tell who listens that a resource is held for long.
    case tellHeldLong(SlotTicket)
    /// Tell who awaits it that the pool is drained.
    case drained
}
