import DanaLanguage
import DanaSystem
import Synchronization

/// Hands audit events to whoever listens; costs one load while nobody does.
public final class AuditLog: Sendable {
    public typealias Listener = @Sendable (AuditEvent) -> Void

    private struct Listening {
        let number: Int
        let listener: Listener
        /// Told when no more events come.
        let ended: @Sendable () -> Void
    }

    private struct State {
        var listening: [Listening] = []
        var isOver = false
    }

    private let isOn = Atomic<Bool>(false)
    private let state = Mutex(State())
    private let last = Atomic<Int>(0)
    let filter: OutputFilter

    init(filter: OutputFilter) { self.filter = filter }

    /// Whether anyone listens.
    public var isListenedTo: Bool { isOn.load(ordering: .relaxed) }

    /// Adds a listener, which is called on whatever thread the event happens; its number takes it back.
    public func listen(_ listener: @escaping Listener) -> Int { listen(listener) {} }

    private func listen(_ listener: @escaping Listener, ended: @escaping @Sendable () -> Void) -> Int {
        let number = last.add(1, ordering: .relaxed).newValue
        let isOver = state.withLock { state in
            if !state.isOver {
                state.listening.append(Listening(number: number, listener: listener, ended: ended))
                isOn.store(true, ordering: .relaxed)
            }
            return state.isOver
        }
        if isOver { ended() }
        return number
    }

    public func stopListening(_ number: Int) {
        let gone = state.withLock { state in
            let gone = state.listening.filter { $0.number == number }
            state.listening.removeAll { $0.number == number }
            isOn.store(!state.listening.isEmpty, ordering: .relaxed)
            return gone
        }
        withExtendedLifetime(gone) {}  // dropped behind the lock
    }

    /// The events from now on, until the runtime is closed and its contexts have ended, or it is gone. Of those that are
    /// not taken in time the newest are kept, as many as `limit` says, and an event of the kind `lost` counts the others.
    public func events(limit: Int = 4096) -> AsyncStream<AuditEvent> {
        let number = Mutex<Int?>(nil)
        let stream = AuditStream(limit: limit) { [weak self] in number.withLock { $0 }.map { self?.stopListening($0) } }
        let listening = listen({ [weak stream] event in stream?.add(event) }, ended: { [weak stream] in stream?.end() })
        number.withLock { $0 = listening }
        return AsyncStream(unfolding: { await stream.next() }, onCancel: { stream.end() })
    }

    /// No more events come.
    func end() {
        let listening = state.withLock { state in
            state.isOver = true
            defer { state.listening = [] }
            return state.listening
        }
        isOn.store(false, ordering: .relaxed)
        for listening in listening { listening.ended() }
    }

    func note(
        _ kind: AuditEvent.Kind, context: UInt64, _ subject: @autoclosure () -> String,
        _ detail: @autoclosure () -> String = "", place: @autoclosure () -> ErrorPlace? = nil
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
        _ kind: AuditEvent.Kind, _ context: UInt64, _ subject: String, _ detail: String, _ place: ErrorPlace?
    ) {
        let event = AuditEvent(
            kind: kind, context: context, subject: subject, detail: detail, place: place?.shortText,
            function: place?.function, time: MonotonicTime.now)
        for listening in state.withLock({ $0.listening }) { listening.listener(event) }
    }
}
