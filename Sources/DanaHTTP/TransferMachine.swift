/// One exchange between the thread that receives and the task that reads, decided event by event.
///
/// It holds what nobody has read yet and whoever waits, each at most once, and gives every waiter back exactly once:
/// with the action that answers it. `HeadWaiter` and `PieceWaiter` are the driver's and never looked into.
struct TransferMachine<HeadWaiter, PieceWaiter> {
    /// How many bytes are dropped, at most, to save a connection.
    private static var longestRest: Int { 1 << 16 }

    private enum Phase {
        /// The head has not come. Then it goes to `receiving` or `ended`.
        case waiting(HeadWaiter?)
        /// The head was given out. A waiter stands here only while the buffer is empty. Then it goes to `ended`.
        case receiving(PieceWaiter?)
        /// The reader has what it needs. The rest, up to so many bytes, is dropped, so that the connection can be used
        /// again. Then it goes to `ended`.
        case draining(Int)
        /// Nothing more arrives: what is buffered is read, then the error is told, or the end.
        case ended(HTTPError?)
    }

    private var phase = Phase.waiting(nil)
    private var buffer: [UInt8] = []
    private var isPaused = false
    private var received = 0
    private let limits: HTTPLimits
    private let location: String

    init(limits: HTTPLimits, location: String) {
        self.limits = limits
        self.location = location
    }

    var hasEnded: Bool {
        if case .ended = phase { true } else { false }
    }

    // MARK: The reader

    enum AwaitHead {
        case wait
        case fail(HeadWaiter, HTTPError)
    }

    /// The reader waits for the head.
    mutating func awaitHead(_ waiter: HeadWaiter) -> AwaitHead {
        switch phase {
        case .waiting(nil):
            phase = .waiting(waiter)
            return .wait
        case .waiting, .receiving, .draining:
            return .fail(waiter, error(.readTwice, "the head of one answer is awaited twice"))
        case .ended(let reason):
            return .fail(waiter, reason ?? error(.connectionLost, "the exchange has ended"))
        }
    }

    enum TakePiece {
        /// Nothing is there: ask again with a waiter.
        case wait
        case give([UInt8], continueTransfer: Bool)
        case end
        case fail(HTTPError)
    }

    /// The reader wants what is there.
    mutating func takePiece() -> TakePiece {
        guard buffer.isEmpty else {
            let piece = buffer
            buffer = []
            let wasPaused = isPaused
            isPaused = false
            return .give(piece, continueTransfer: wasPaused && !hasEnded)
        }
        switch phase {
        case .waiting, .receiving(nil): return .wait
        case .receiving: return .fail(error(.readTwice, "two tasks read the body of one answer"))
        case .ended(nil), .draining: return .end
        case .ended(let reason?): return .fail(reason)
        }
    }

    /// The reader waits for a piece, unless the answer is another than to wait.
    mutating func awaitPiece(_ waiter: PieceWaiter) -> TakePiece {
        let answer = takePiece()
        if case .wait = answer { phase = .receiving(waiter) }
        return answer
    }

    /// The reader has what it needs; the answer is whether the transfer goes on for a moment.
    mutating func drain() -> Bool {
        buffer = []
        guard case .receiving(nil) = phase else { return false }
        phase = .draining(Self.longestRest)
        return true
    }

    enum Release {
        /// It had ended before, or ends soon by itself.
        case nothing
        case stopTransfer(HeadWaiter?, PieceWaiter?, HTTPError)
    }

    /// The reader is cancelled, or has let go of the answer.
    mutating func cancel() -> Release {
        switch phase {
        case .ended, .draining: return .nothing
        case .waiting, .receiving: break
        }
        buffer = []
        let reason = error(.cancelled, "the exchange was cancelled")
        let (head, piece) = end(reason)
        return .stopTransfer(head, piece, reason)
    }

    // MARK: The receiver

    /// The head is there; the answer is who waits for it.
    mutating func headArrived() -> HeadWaiter? {
        guard case .waiting(let waiter) = phase else { return nil }
        phase = .receiving(nil)
        return waiter
    }

    enum Receive {
        case kept
        case give(PieceWaiter, [UInt8])
        /// There is no room: the same bytes come again when the transfer is continued.
        case pause
        /// The transfer must end; the waiter, if any, fails with the error.
        case stop(PieceWaiter?, HTTPError?)
    }

    /// Bytes of the body have arrived.
    mutating func received(_ piece: [UInt8]) -> Receive {
        if case .draining(let room) = phase, room >= piece.count {
            phase = .draining(room - piece.count)
            return .kept
        }
        guard case .receiving(let waiter) = phase else { return .stop(nil, nil) }
        guard received + piece.count <= limits.body else {
            let reason = error(.bodyTooLarge, "the answer is longer than the limit of \(limits.body) bytes")
            return .stop(end(reason).piece, reason)
        }
        if !buffer.isEmpty, buffer.count + piece.count > limits.buffer {
            isPaused = true
            return .pause
        }
        received += piece.count
        guard let waiter else {
            buffer += piece
            return .kept
        }
        phase = .receiving(nil)
        return .give(waiter, piece)
    }

    /// Nothing more arrives: it was all, or `reason` says why it was not. The answer is who waits.
    mutating func finished(_ reason: HTTPError?) -> (head: HeadWaiter?, piece: PieceWaiter?) {
        hasEnded ? (nil, nil) : end(reason)
    }

    private mutating func end(_ reason: HTTPError?) -> (head: HeadWaiter?, piece: PieceWaiter?) {
        defer { phase = .ended(reason) }
        switch phase {
        case .waiting(let waiter): return (waiter, nil)
        case .receiving(let waiter): return (nil, waiter)
        case .ended, .draining: return (nil, nil)
        }
    }

    private func error(_ code: HTTPError.Code, _ message: String) -> HTTPError {
        HTTPError(code, message, at: location)
    }
}
