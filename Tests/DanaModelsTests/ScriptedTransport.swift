import DanaHTTP
import Synchronization

/// A transport that answers what it was given, in order, and keeps what it was asked.
final class ScriptedTransport: HTTPTransport {
    struct Answer: Sendable {
        var status = 200
        var headers: HTTPHeaders = [:]
        var pieces: [[UInt8]] = []
        /// What the body ends with.
        var failure: HTTPError?

        static func json(_ text: String, status: Int = 200, headers: HTTPHeaders = [:]) -> Answer {
            Answer(status: status, headers: headers, pieces: [Array(text.utf8)])
        }

        static func events(_ events: [String]) -> Answer {
            let pieces = events.map { Array("data: \($0)\n\n".utf8) }
            return Answer(headers: ["Content-Type": "text/event-stream"], pieces: pieces)
        }
    }

    private final class Body: HTTPBody.Source {
        private let pieces: Mutex<[[UInt8]]>
        private let failure: HTTPError?

        init(_ answer: Answer) {
            pieces = Mutex(answer.pieces.reversed())
            failure = answer.failure
        }

        func next() async throws(HTTPError) -> [UInt8]? {
            if let piece = pieces.withLock({ $0.popLast() }) { return piece }
            if let failure { throw failure }
            return nil
        }

        func finish() { pieces.withLock { $0 = [] } }

        var ending: @Sendable () -> Void { { [weak self] in self?.finish() } }
    }

    private let answers: Mutex<[Result<Answer, HTTPError>]>
    private let asked = Mutex<[HTTPRequest]>([])

    init(_ answers: [Result<Answer, HTTPError>]) { self.answers = Mutex(answers.reversed()) }

    convenience init(_ answers: Answer...) { self.init(answers.map { .success($0) }) }

    var requests: [HTTPRequest] { asked.withLock { $0 } }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        asked.withLock { $0.append(request) }
        guard let next = answers.withLock({ $0.popLast() }) else {
            throw HTTPError(.connectionRefused, "the script has no more answers", at: request.location)
        }
        let answer = try next.get()
        return HTTPResponse(status: answer.status, headers: answer.headers, body: HTTPBody(Body(answer)))
    }
}
