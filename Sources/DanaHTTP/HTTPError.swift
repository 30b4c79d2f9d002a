/// Why an exchange failed: what happened, where, and what to do.
public struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// No libcurl can be loaded.
        case libraryMissing
        /// The request cannot be sent as it is.
        case invalidRequest
        case nameNotFound
        case connectionRefused
        case proxyFailed
        /// The server's certificate is not trusted, or no TLS could be agreed upon.
        case tlsFailed
        case connectTimedOut
        case firstByteTimedOut
        case idleTimedOut
        case totalTimedOut
        case headersTooLarge
        case bodyTooLarge
        /// The connection ended before the answer did.
        case connectionLost
        /// The server said what is not HTTP.
        case invalidResponse
        case cancelled
        /// Two tasks read one body.
        case readTwice
        /// The transport was made before a fork, in the parent.
        case forked
        /// The system refused what the exchange needs.
        case systemFailed
    }

    public let code: Code
    public let message: String
    /// The address without query and credentials.
    public let location: String

    public init(_ code: Code, _ message: String, at location: String) {
        self.code = code
        self.message = message
        self.location = location
    }

    public var description: String { "\(location): \(message)" }

    /// Whether the server cannot have seen the request.
    public var isBeforeSending: Bool {
        switch code {
        case .libraryMissing, .invalidRequest, .nameNotFound, .connectionRefused, .proxyFailed, .tlsFailed,
            .connectTimedOut, .forked, .systemFailed:
            true
        default: false
        }
    }
}
