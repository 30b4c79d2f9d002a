import Synchronization

/// By which any thread asks what runs inside something else to stop, and nothing but that.
final class EntryInterrupt: Sendable {
    private let isRaised = Atomic<Bool>(false)
    private let reason = Mutex<String?>(nil)

    func raise(reason: String) {
        self.reason.withLock { $0 = reason }
        isRaised.store(true, ordering: .releasing)
    }

    /// The reason, once.
    func take() -> String? {
        guard isRaised.load(ordering: .acquiring) else { return nil }
        return reason.withLock { reason in
            defer { reason = nil }
            return reason
        }
    }
}
