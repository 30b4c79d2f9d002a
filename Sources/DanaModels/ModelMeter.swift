import Synchronization

/// The metrics of models that many tasks use at once.
public final class ModelMeter: Sendable {
    private let state = Mutex(ModelMetrics())

    public init() {}

    /// As they are now.
    public var metrics: ModelMetrics { state.withLock { $0 } }

    public func record(_ call: ModelMetrics.Call) { state.withLock { $0.record(call) } }

    /// A caller waited this long for its turn in the queue of a pool.
    public func recordWait(_ wait: Duration, pool: String) { state.withLock { $0.recordWait(wait, pool: pool) } }
}
