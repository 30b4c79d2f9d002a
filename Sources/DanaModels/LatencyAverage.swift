import DanaPools

/// How long answers take, the late ones counting more than the early ones. After a while without an answer it is not
/// known any more.
struct LatencyAverage: Hashable {
    /// What a new answer counts.
    private static let weight = 0.2
    private static let memory = Duration.seconds(60)

    private var average: Duration?
    private var last = PoolTime.start

    mutating func add(_ latency: Duration, at now: PoolTime) {
        average = value(at: now).map { $0 + (latency - $0) * Self.weight } ?? latency
        last = now
    }

    func value(at now: PoolTime) -> Duration? { now - last < Self.memory ? average : nil }
}
