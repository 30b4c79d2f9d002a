import DanaSystem
import Synchronization

/// One exchange as both sides share it: performs, outside the lock, what its machine decides.
final class Transfer: Sendable {
    // Unsafe ones cost less, and the machine gives each back exactly once.
    typealias HeadWaiter = UnsafeContinuation<Result<HTTPHead, HTTPError>, Never>
    typealias PieceWaiter = UnsafeContinuation<Result<[UInt8]?, HTTPError>, Never>
    private typealias Machine = TransferMachine<HeadWaiter, PieceWaiter>

    let request: HTTPRequest
    let location: String
    private let mailbox: CurlMailbox
    private let forks = ForkCount.current
    private let machine: Mutex<Machine>

    init(_ request: HTTPRequest, mailbox: CurlMailbox) {
        self.request = request
        self.mailbox = mailbox
        location = request.location
        machine = Mutex(Machine(limits: request.limits, location: location))
    }

    var hasEnded: Bool { machine.withLock { $0.hasEnded } }

    /// Whether this process was forked meanwhile: then it is the parent's, whose thread may have held any lock.
    private var isInherited: Bool { forks != ForkCount.current }

    // MARK: The reader

    /// Starts the exchange and waits for the head of the answer.
    func head() async throws(HTTPError) -> HTTPHead {
        let outcome = await withTaskCancellationHandler {
            await withUnsafeContinuation { (waiter: HeadWaiter) in
                switch machine.withLock({ $0.awaitHead(waiter) }) {
                case .wait: mailbox.post(.start(self))
                case .fail(let waiter, let reason): waiter.resume(returning: .failure(reason))
                }
            }
        } onCancel: {
            cancel()
        }
        return try outcome.get()
    }

    /// The next piece of the body; nil at the end.
    nonisolated(nonsending) func piece() async throws(HTTPError) -> [UInt8]? {
        guard !isInherited else {
            throw HTTPError(.forked, "the answer belongs to the parent of a fork: ask again here", at: location)
        }
        let ready = machine.withLock { $0.takePiece() }
        if let outcome = perform(ready) { return try outcome.get() }
        let outcome = await withTaskCancellationHandler {
            await withUnsafeContinuation { (waiter: PieceWaiter) in
                let answer = machine.withLock { $0.awaitPiece(waiter) }
                if let outcome = perform(answer) { waiter.resume(returning: outcome) }
            }
        } onCancel: {
            cancel()
        }
        return try outcome.get()
    }

    private func perform(_ answer: Machine.TakePiece) -> Result<[UInt8]?, HTTPError>? {
        switch answer {
        case .wait: return nil
        case .end: return .success(nil)
        case .fail(let reason): return .failure(reason)
        case .give(let piece, let continueTransfer):
            if continueTransfer { mailbox.post(.proceed(self)) }
            return .success(piece)
        }
    }

    /// The rest of the body is not wanted; when it is short, the connection is saved.
    func drain() {
        guard !isInherited else { return }
        if machine.withLock({ $0.drain() }) { mailbox.post(.drain(self)) }
    }

    /// Ends the exchange; whoever waits for it is told so.
    func cancel() {
        guard !isInherited else { return }
        switch machine.withLock({ $0.cancel() }) {
        case .nothing: break
        case .stopTransfer(let head, let piece, let reason):
            mailbox.post(.stop(self))
            head?.resume(returning: .failure(reason))
            piece?.resume(returning: .failure(reason))
        }
    }

    // MARK: The receiver

    func headArrived(_ head: HTTPHead) {
        machine.withLock { $0.headArrived() }?.resume(returning: .success(head))
    }

    enum Reception {
        case taken
        case pause
        case stop
    }

    func received(_ piece: [UInt8]) -> Reception {
        switch machine.withLock({ $0.received(piece) }) {
        case .kept: return .taken
        case .pause: return .pause
        case .give(let waiter, let piece):
            waiter.resume(returning: .success(piece))
            return .taken
        case .stop(let waiter, let reason):
            if let waiter, let reason { waiter.resume(returning: .failure(reason)) }
            return .stop
        }
    }

    func finished(_ reason: HTTPError?) {
        let (head, piece) = machine.withLock { $0.finished(reason) }
        head?.resume(
            returning: .failure(reason ?? HTTPError(.connectionLost, "the answer ended before its head", at: location)))
        piece?.resume(returning: reason.map { .failure($0) } ?? .success(nil))
    }
}
