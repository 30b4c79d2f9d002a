/// A bounded stream between a Swift producer and a Python consumer: decides who waits and who is woken.
struct StreamMachine<Element> {
    private enum Life {
        case open
        /// The producer is done; what is buffered is still handed out, then the error, if any.
        case ended((any Error)?)
        /// The consumer has closed the stream.
        case closed
    }

    let capacity: Int
    private var life = Life.open
    private var buffer: [Element?] = []
    private var head = 0
    private var isProducerWaiting = false
    private var isConsumerWaiting = false

    init(capacity: Int) { self.capacity = max(1, capacity) }

    private var count: Int { buffer.count - head }

    enum PushAction { case goOn, waitForRoom, wakeConsumer, wakeConsumerAndWaitForRoom, stop }

    /// The producer has made an element.
    mutating func pushed(_ element: Element) -> PushAction {
        guard case .open = life else { return .stop }
        buffer.append(element)
        let isFull = count >= capacity
        isProducerWaiting = isFull
        defer { isConsumerWaiting = false }
        switch (isConsumerWaiting, isFull) {
        case (false, false): return .goOn
        case (false, true): return .waitForRoom
        case (true, false): return .wakeConsumer
        case (true, true): return .wakeConsumerAndWaitForRoom
        }
    }

    enum PullAction {
        case element(Element, wakeProducer: Bool)
        case wait(wakeProducer: Bool)
        case failed(any Error)
        case finished
    }

    /// The consumer asks for an element. The producer is woken when the buffer has run dry, to fill it in one go.
    mutating func pulled() -> PullAction {
        if head < buffer.count, let element = buffer[head] {
            buffer[head] = nil
            head += 1
            if head == buffer.count {
                buffer.removeAll(keepingCapacity: true)
                head = 0
            }
            return .element(element, wakeProducer: count == 0 && wakesProducer())
        }
        switch life {
        case .open:
            isConsumerWaiting = true
            return .wait(wakeProducer: wakesProducer())
        case .ended(let error?):
            life = .ended(nil)
            return .failed(error)
        case .ended(nil), .closed:
            return .finished
        }
    }

    /// Whether there is something to hand out without waiting.
    var isReady: Bool { count > 0 }

    /// Whether the producer has to wait before it makes more.
    var isFull: Bool { isProducerWaiting }

    /// Whether a consumer waits for what has not come yet.
    var isWaiting: Bool { isConsumerWaiting }

    var isEnded: Bool {
        if case .ended = life { return true }
        return false
    }

    var isClosed: Bool {
        if case .closed = life { return true }
        return false
    }

    /// The consumer no longer waits.
    mutating func pullAbandoned() { isConsumerWaiting = false }

    /// The producer has ended; whether a consumer waits for the news.
    mutating func ended(_ error: (any Error)?) -> Bool {
        guard case .open = life else { return false }
        life = .ended(error)
        defer { isConsumerWaiting = false }
        return isConsumerWaiting
    }

    /// The consumer wants no more; gives what was not handed out, and whether the producer waits for room and must be
    /// let go.
    mutating func closed() -> (left: [Element?], wakesProducer: Bool) {
        life = .closed
        defer {
            buffer = []
            head = 0
            isConsumerWaiting = false
        }
        return (Array(buffer[head...]), wakesProducer())
    }

    private mutating func wakesProducer() -> Bool {
        defer { isProducerWaiting = false }
        return isProducerWaiting
    }
}
