/// How urgent a request is. A request goes before those of the next lower priority that came less than
/// `PoolLimits.ageing` before it, and behind those that have waited longer: urgency helps, and nobody starves.
public enum PoolPriority: Int, CaseIterable, Comparable, Sendable {
    case low, normal, high

    public static func < (left: PoolPriority, right: PoolPriority) -> Bool { left.rawValue < right.rawValue }
}
