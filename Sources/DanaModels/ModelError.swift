import DanaHTTP
import DanaSystem

/// Why a model gave no answer: what happened, where, and what to do. No key is ever in it.
public struct ModelError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// The exchange failed before there was an answer.
        case transport(HTTPError.Code)
        /// The key is missing or not accepted.
        case authentication
        case permission
        /// The model or the address does not exist.
        case notFound
        case invalidRequest
        /// The messages are longer than the model can read.
        case contextTooLong
        case rateLimited
        /// The account has nothing left.
        case quotaExceeded
        case overloaded
        case serverFailed
        case timedOut
        /// The answer is not what the protocol says.
        case invalidReply
        /// The stream ended before its end marker.
        case streamTruncated
        case contentFiltered
        /// The answer has not the form of the schema.
        case schemaMismatch
        case cancelled
        /// The configuration is incomplete or wrong.
        case configuration
        /// The provider's protocol has no way to say this.
        case unsupported
        case budgetExceeded
        /// The model went on asking for tools.
        case toolLimitReached
        /// Every model of a router was tried, or none may be tried.
        case noModelLeft
    }

    public var code: Code
    public var message: String
    /// The provider and the model, such as `openai/gpt-5`.
    public var model: String
    /// The status of the answer, if there was one.
    public var status: Int?
    /// When to ask again, as the provider says, or a rate of our own, or the rest after failures.
    public var retryAfter: Duration?
    /// The provider's name for the request, to be told to its support.
    public var requestID: String?
    /// What the provider or the model said, shortened.
    public var body: String?
    /// Nobody was asked, because the model rests after failures in a row: this is the last of them.
    public private(set) var isRest = false
    /// The message of that failure by itself.
    private var cause: String?

    public init(_ code: Code, _ message: String, model: String, status: Int? = nil) {
        self.code = code
        self.message = message
        self.model = model
        self.status = status
    }

    public var description: String {
        // A rest tells it in its own words, as does a rate of our own.
        let wait = status == nil || isRest ? nil : retryAfter.map { ", to be asked again in \($0.told)" }
        let status = status.map { " (HTTP \($0)\(wait ?? ""))" } ?? ""
        let request = requestID.map { " [request \($0)]" } ?? ""
        return "\(model): \(message)\(status)\(request)"
    }

    /// Whether the same request may do better later, or at another provider.
    public var isTransient: Bool {
        guard !isRest else { return false }
        return switch code {
        case .rateLimited, .overloaded, .serverFailed, .timedOut, .streamTruncated: true
        case .transport(let code):
            switch code {
            case .nameNotFound, .connectionRefused, .proxyFailed, .connectTimedOut, .firstByteTimedOut, .idleTimedOut,
                .connectionLost:
                true
            default: false
            }
        default: false
        }
    }

    /// Whether something took too long.
    var isTimeOut: Bool {
        switch code {
        case .timedOut: true
        case .transport(let code):
            switch code {
            case .connectTimedOut, .firstByteTimedOut, .idleTimedOut, .totalTimedOut: true
            default: false
            }
        default: false
        }
    }

    /// What is told while the model rests after failures, of which this is the last; nil for who waits for the one try
    /// that another call has taken.
    func resting(for time: Duration?) -> ModelError {
        var error = self
        let end = time.map { "is asked again in \($0.told)" } ?? "another call finds out whether it answers again"
        error.message = "\(cause ?? message); after failures in a row the model rests and \(end)"
        error.cause = cause ?? message
        error.retryAfter = time
        error.isRest = true
        return error
    }

    /// What is told in a forked child to whom something of the parent's asks.
    static func forked(_ model: String) -> ModelError {
        ModelError(
            .transport(.forked),
            "this was made before a fork, by the parent process: ask for the model again here, as by get_llm()",
            model: model)
    }
}
