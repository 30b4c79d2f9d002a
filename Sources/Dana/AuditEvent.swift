import Synchronization

/// Something that happened in a runtime and that its owner may want to know.
public struct AuditEvent: Sendable {
    public enum Kind: String, Sendable {
        case contextCreated = "context_created"
        case contextClosed = "context_closed"
        case registered
        case imported
        case called
        case hostCalled = "host_called"
        case contextPassed = "context_passed"
        case denied
        case failed
        case limitReached = "limit_reached"
        case saved
        case resumed
        case redacted
    }

    public let kind: Kind
    /// The context's number; 0 for the runtime itself.
    public let context: UInt64
    /// What it is about: a function's, a module's or a capability's name.
    public let subject: String
    public let detail: String
    /// Where in Dana, as `file:line`.
    public let place: String?
    /// Nanoseconds since the machine started.
    public let time: UInt64
}

/// Hands audit events to whoever listens; costs one load while nobody does.
public final class AuditLog: Sendable {
    public typealias Listener = @Sendable (AuditEvent) -> Void

    private let isOn = Atomic<Bool>(false)
    private let listeners = Mutex<[(number: Int, listener: Listener)]>([])
    private let last = Atomic<Int>(0)
    let filter: OutputFilter

    init(filter: OutputFilter) { self.filter = filter }

    /// Whether anyone listens.
    public var isListenedTo: Bool { isOn.load(ordering: .relaxed) }

    /// Adds a listener, which is called on whatever thread the event happens; its number takes it back.
    public func listen(_ listener: @escaping Listener) -> Int {
        let number = last.add(1, ordering: .relaxed).newValue
        listeners.withLock { $0.append((number, listener)) }
        isOn.store(true, ordering: .relaxed)
        return number
    }

    public func stopListening(_ number: Int) {
        let isEmpty = listeners.withLock { listeners in
            listeners.removeAll { $0.number == number }
            return listeners.isEmpty
        }
        if isEmpty { isOn.store(false, ordering: .relaxed) }
    }

    /// The events from now on.
    public func events(limit: Int = 1024) -> AsyncStream<AuditEvent> {
        AsyncStream(bufferingPolicy: .bufferingNewest(limit)) { continuation in
            let number = listen { continuation.yield($0) }
            continuation.onTermination = { [weak self] _ in self?.stopListening(number) }
        }
    }

    func note(
        _ kind: AuditEvent.Kind, context: UInt64, _ subject: @autoclosure () -> String,
        _ detail: @autoclosure () -> String = "", place: @autoclosure () -> String? = nil
    ) {
        guard isListenedTo else { return }
        let event = AuditEvent(
            kind: kind, context: context, subject: subject(), detail: filter.redacted(detail()), place: place(),
            time: MonotonicClock.now)
        for (_, listener) in listeners.withLock({ $0 }) { listener(event) }
    }
}
