/// One request, whole: where it goes, what it says, how long it may take and how much may come back.
public struct HTTPRequest: Sendable {
    public var method: String
    /// An absolute `http` or `https` address without credentials.
    public var url: String
    public var headers: HTTPHeaders
    public var body: [UInt8]?
    /// Speaks over the unix socket at this path; the address then only says what to ask for.
    public var socketPath: String?
    /// Compression is never asked for; a body that is compressed nevertheless is expanded, where libcurl can.
    public var expandsBody = false
    public var timeouts = HTTPTimeouts()
    public var limits = HTTPLimits()

    public init(
        method: String = "GET", url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil, socketPath: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.socketPath = socketPath
    }

    /// The address as an error may show it: without a query, which may hold a key, and without credentials.
    public var location: String {
        // By bytes: a sign is one of the address's whatever accents stand behind it.
        let address = url.utf8.prefix { $0 != UInt8(ascii: "?") && $0 != UInt8(ascii: "#") }
        guard let scheme = ["http://", "https://"].first(where: { address.starts(with: $0.utf8) }) else {
            return "an address that is not http"
        }
        let rest = address.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        let host = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? authority
        let place = "\(scheme)\(Substring(host))\(Substring(rest[authority.endIndex...]))"
        return socketPath.map { "\(place) on the socket \($0)" } ?? place
    }

    /// Why the request cannot be sent as it is; nil when it can.
    package var fault: HTTPError? {
        let isToken = { (text: String) in !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7e).contains($0) } }
        let reason: String
        if !isToken(url) {
            reason = "the address holds spaces, control characters or letters beyond ASCII: encode them"
        } else if !url.hasPrefix("http://") && !url.hasPrefix("https://") {
            reason = "the address begins neither with http:// nor with https://"
        } else if url.dropFirst(8).prefix(while: { $0 != "/" && $0 != "?" && $0 != "#" }).contains("@") {
            reason = "the address holds credentials: send them in a header"
        } else if !isToken(method) {
            reason = "the method is not a word"
        } else if let field = headers.fields.first(where: { !isToken($0.name) || $0.name.contains(":") }) {
            reason = "\"\(field.name.prefix(40))\" is no name of a header field"
        } else if let field = headers.fields.first(where: { $0.value.utf8.contains { $0 < 0x20 && $0 != 0x09 } }) {
            reason = "the header field \(field.name) holds a control character"
        } else {
            return nil
        }
        return HTTPError(.invalidRequest, reason, at: location)
    }
}
