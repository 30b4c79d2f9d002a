/// What someone asks a pool for.
struct PoolRequest: Sendable {
    let priority: PoolPriority
    let tenant: String?
    let deadline: PoolDeadline
    let place: PoolPlace
}
