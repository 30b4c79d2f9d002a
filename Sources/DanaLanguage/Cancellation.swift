import Synchronization

/// A flag by which any thread asks a running interpreter to stop. The first reason stays.
public final class Cancellation: Sendable {
    private let raised = Atomic<Bool>(false)
    private let firstReason = Mutex<String?>(nil)

    public init() {}

    public func cancel(reason: String) {
        firstReason.withLock { if $0 == nil { $0 = reason } }
        raised.store(true, ordering: .releasing)
    }

    public var isCancelled: Bool { raised.load(ordering: .acquiring) }
    public var reason: String? { firstReason.withLock { $0 } }
}
