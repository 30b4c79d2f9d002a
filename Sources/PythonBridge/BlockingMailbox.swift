import Synchronization

/// Where a thread of Python's waits for what other threads send it, while others run Python.
public final class BlockingMailbox<Message: Sendable>: Sendable {
    private let messages = Mutex<[Message]>([])
    private let place: SleepingPlace

    public init(_ py: borrowing Python) throws(PythonError) { place = try SleepingPlace(py) }

    /// Sends a message, from any thread.
    public func send(_ message: Message) {
        let isFirst = messages.withLock { messages in
            messages.append(message)
            return messages.count == 1
        }
        if isFirst { place.wake() }
    }

    /// Waits for messages and takes all that have come. Throws what a signal handler raised before one came.
    public func receive(_ py: borrowing Python) throws(PythonError) -> [Message] {
        if let messages = taken { return messages }
        return try place.sleep(py) { taken }
    }

    private var taken: [Message]? {
        messages.withLock { messages in
            defer { messages = [] }
            return messages.isEmpty ? nil : messages
        }
    }
}
