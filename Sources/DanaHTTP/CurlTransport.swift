import DanaSystem
import Synchronization

/// Carries requests by libcurl, all of them on one thread of its own that starts with the first request and ends with
/// the transport. Connections are kept and used again; HTTP/2 is spoken where TLS offers it.
///
/// A thread does not live on in a child made by `fork`: there, a transport of the parent refuses to send. Make another
/// one in the child.
public final class CurlTransport: HTTPTransport {
    private enum State {
        case idle
        case running(CurlMailbox)
    }

    private let settings: CurlSettings
    private let forks = ForkCount.current
    private let state = Mutex(State.idle)

    public init(_ settings: CurlSettings = CurlSettings()) { self.settings = settings }

    deinit {
        guard forks == ForkCount.current else { return }
        state.withLock { state in
            if case .running(let mailbox) = state { mailbox.post(.close) }
        }
    }

    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        if let fault = request.fault { throw fault }
        let transfer = Transfer(request, mailbox: try mailbox(for: request))
        let body = TransferBody(transfer)
        let head = try await transfer.head()
        return HTTPResponse(status: head.status, headers: head.headers, body: HTTPBody(body))
    }

    private func mailbox(for request: HTTPRequest) throws(HTTPError) -> CurlMailbox {
        guard forks == ForkCount.current else {
            throw HTTPError(
                .forked, "the transport belongs to the parent of a fork: make one here", at: request.location)
        }
        return try state.withLock { state throws(HTTPError) in
            if case .running(let mailbox) = state { return mailbox }
            try CurlLibrary.load(preferred: settings.libraryPath, for: request.location)
            let mailbox = CurlMailbox()
            let settings = settings
            guard SystemThread.start({ CurlLoop.run(mailbox, settings) }) else {
                throw HTTPError(.systemFailed, "the system has no thread to give", at: request.location)
            }
            state = .running(mailbox)
            return mailbox
        }
    }
}
