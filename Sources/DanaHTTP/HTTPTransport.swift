/// Carries requests to servers and their answers back.
public protocol HTTPTransport: Sendable {
    /// Sends the request and answers when the head of the response is there, whatever its status; redirects are not
    /// followed. Cancelling the task ends the exchange, before this returns and while the body is read.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}
