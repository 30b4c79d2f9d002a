import DanaSystem

/// What libcurl says about an exchange that ended, by the numbers of its binary interface.
enum CurlResult {
    static let fine: Int32 = 0
    static let outOfMemory: Int32 = 27
    static let tooLarge: Int32 = 100

    /// The error for a result other than `fine`; `detail` is what libcurl wrote about this exchange.
    static func error(_ code: Int32, detail: String, for request: HTTPRequest) -> HTTPError {
        if code == 7, let proxy = refusingProxy(detail, request) {
            return HTTPError(
                .proxyFailed, "the proxy \(proxy) accepts no connections: check the proxy setting (\(detail))",
                at: request.location)
        }
        let (kind, hint) = meaning(of: code, request)
        return HTTPError(kind, detail.isEmpty ? hint : "\(hint) (\(detail))", at: request.location)
    }

    /// The proxy to which no connection was possible: what libcurl names is not where the request goes.
    private static func refusingProxy(_ detail: String, _ request: HTTPRequest) -> String? {
        let words = detail.split(separator: " ")
        guard request.socketPath == nil, detail.hasPrefix("Failed to connect to "), words.count > 6, words[5] == "port",
            let port = Int(words[6])
        else { return nil }
        let authority = request.url.lowercased().dropFirst(7).drop { $0 == "/" }.prefix { !"/?#".contains($0) }
        let host = words[4].lowercased()
        let usual = request.url.hasPrefix("https://") ? 443 : 80
        let isServer =
            ["\(host):\(port)", "[\(host)]:\(port)"].contains(String(authority))
            || port == usual && [host, "[\(host)]"].contains(String(authority))
        return isServer ? nil : "\(host):\(port)"
    }

    private static func meaning(of code: Int32, _ request: HTTPRequest) -> (HTTPError.Code, String) {
        switch code {
        case 3: (.invalidRequest, "the address is not one libcurl understands: check it")
        case 5: (.proxyFailed, "the proxy's name is not known: check the proxy setting")
        case 6: (.nameNotFound, "the host's name is not known: check the address and the network")
        case 7:
            request.socketPath == nil
                ? (.connectionRefused, "nothing accepts connections there: is the server running, is the port right?")
                : (.connectionRefused, "nothing listens on the socket: is the server running?")
        case 1, 8: (.invalidResponse, "the server's answer is not HTTP: check the address and the port")
        case 16, 92: (.connectionLost, "the server ended the stream early")
        case 18: (.connectionLost, "the connection ended before the answer did")
        case outOfMemory: (.systemFailed, "there is no memory for the exchange")
        case 28: (.connectTimedOut, "no connection within \(request.timeouts.connect.told), the time-out `connect`")
        case 35: (.tlsFailed, "no TLS could be agreed upon: does the server speak https there?")
        case 52: (.connectionLost, "the server closed the connection without an answer")
        case 55, 56: (.connectionLost, "the connection was lost")
        case 60: (.tlsFailed, "the server's certificate is not trusted: name the file of its authority's certificates")
        case 61: (.invalidResponse, "the server compressed its answer in a way that libcurl does not know")
        case 58, 77, 83, 91: (.tlsFailed, "the certificates could not be used")
        case 97: (.proxyFailed, "the proxy did not connect: check the proxy setting")
        default: (.systemFailed, "libcurl failed with code \(code)")
        }
    }
}
