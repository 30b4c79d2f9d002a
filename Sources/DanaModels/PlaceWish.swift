import DanaPools

/// How a place in a model's pool is asked for.
public struct PlaceWish: Sendable, Hashable {
    public var priority = PoolPriority.normal
    public var tenant: String?
    /// The longest wait; nil for what the pool allows.
    public var timeout: Duration?

    public init() {}

    /// From what options say; null and nothing are the same.
    public init(priority: String?, tenant: String?, timeout: Double?) throws(OptionFault) {
        if let priority { self.priority = try PoolPriority(option: priority) }
        self.tenant = tenant
        guard let timeout else { return }
        guard (0...1e9).contains(timeout) else {
            throw OptionFault(.value, "option 'timeout' must be from 0 to 1e9 seconds, got \(timeout)")
        }
        self.timeout = .seconds(timeout)
    }

    /// Whether whoever comes first may have it.
    public var isPlain: Bool { priority == .normal }

    /// This wish, and the other's where this one says nothing.
    public func or(_ other: PlaceWish) -> PlaceWish {
        var both = self
        if priority == .normal { both.priority = other.priority }
        both.tenant = tenant ?? other.tenant
        both.timeout = timeout ?? other.timeout
        return both
    }
}

extension PoolPriority {
    /// By its name, as options have it.
    init(option word: String) throws(OptionFault) {
        switch word {
        case "low": self = .low
        case "normal": self = .normal
        case "high": self = .high
        default: throw OptionFault(.value, "option 'priority' must be one of low, normal, high, got '\(word)'")
        }
    }
}
