import DanaSystem
import Synchronization

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
        let (subject, inSubject) = filter.redacting(subject(), context: context)
        let (detail, inDetail) = filter.redacting(detail(), context: context)
        tell(kind, context, subject, detail, place())
        if inSubject + inDetail > 0 { noteRedaction(of: inSubject + inDetail, in: "audit", context: context) }
    }

    /// Notes that something was taken out of a text: of a log's, an error's or an event's.
    func noteRedaction(of count: Int, in text: String, context: UInt64) {
        guard isListenedTo else { return }
        tell(.redacted, context, text, "\(count)", nil)
    }

    private func tell(
        _ kind: AuditEvent.Kind, _ context: UInt64, _ subject: String, _ detail: String, _ place: String?
    ) {
        let event = AuditEvent(
            kind: kind, context: context, subject: subject, detail: detail, place: place, time: MonotonicTime.now)
        for (_, listener) in listeners.withLock({ $0 }) { listener(event) }
    }
}
