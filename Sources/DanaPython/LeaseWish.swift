import DanaModels
import DanaPools

/// How a place in a model's pool is asked for.
struct LeaseWish: Sendable {
    let priority: PoolPriority
    let tenant: String?
    let deadline: PoolDeadline

    init(_ priority: String, _ tenant: String?, _ timeout: Double?) throws(OptionFault) {
        self.priority = try PoolPriority(option: priority)
        self.tenant = tenant
        guard let timeout else {
            deadline = .standard
            return
        }
        guard (0...1e9).contains(timeout) else {
            throw OptionFault(.value, "option 'timeout' must be from 0 to 1e9 seconds, got \(timeout)")
        }
        deadline = .after(.seconds(timeout))
    }

    /// Whether whoever comes first may have it.
    var isPlain: Bool { priority == .normal }
}
