import DanaHTTP

/// Where a model is, and how to be let in.
public struct ModelEndpoint: Sendable {
    /// The protocol that the server speaks.
    public enum Dialect: String, Sendable, Hashable, CaseIterable {
        /// OpenAI's chat completions.
        case chat
        /// OpenAI's Responses.
        case responses
        /// Anthropic's Messages.
        case messages
    }

    /// The word for the provider in names and errors.
    public var provider: String
    public var model: String
    /// Such as `https://api.openai.com/v1`; a query stays behind what is asked for below it.
    public var baseURL: String
    public var dialect: Dialect
    public var key: Secret?
    /// The environment variable that should hold the key and does not: requests are refused before they are sent.
    public var missingKeyVariable: String?
    /// Speaks over this unix socket.
    public var socketPath: String?
    /// Fields sent with every request; those whose names say so are treated like keys.
    public var headers: [(name: String, value: Secret)] = []
    /// Streams even where the whole answer is asked for, because the server only notices that nobody waits any more
    /// when it streams.
    public var alwaysStreams = false
    public var limits = HTTPLimits()
    /// How long one exchange may take, unless the request allows less.
    public var timeout: Duration?

    public init(
        provider: String, model: String, baseURL: String, dialect: Dialect = .chat, key: Secret? = nil,
        socketPath: String? = nil
    ) {
        self.provider = provider
        self.model = model
        self.baseURL = baseURL
        self.dialect = dialect
        self.key = key
        self.socketPath = socketPath
    }

    public var name: String { "\(provider)/\(model)" }

    var server: ServerAddress? { socketPath.map { ServerAddress(host: $0) } ?? ServerAddress(url: baseURL) }

    /// Throws where a field could not be sent, or is the transport's own.
    func checkHeaders(at place: String) throws(ModelConfiguration.Fault) {
        for (name, value) in headers {
            let request = HTTPRequest(url: "http://host", headers: [name: value.revealed])
            let own = ["host", "content-length", "transfer-encoding", "connection", "content-type"]
            let isOwn = own.contains(name.lowercased())
            let fault = isOwn ? "the field \(name) is written with each request" : request.fault?.message
            if let fault { throw ModelConfiguration.Fault(description: "\(place): \(fault)") }
        }
    }

    /// What no text may show.
    var secrets: [Secret] {
        let words = ["auth", "key", "token", "secret", "cookie", "password"]
        let fields = headers.filter { field in words.contains { field.name.lowercased().contains($0) } }
        return [key].compactMap { $0 } + fields.map(\.value)
    }

    /// The address of `path` below the base.
    func url(_ path: String) -> String {
        let query = baseURL.firstIndex(of: "?") ?? baseURL.endIndex
        var base = baseURL[..<query]
        while base.last == "/" { base = base.dropLast() }
        return base + path + baseURL[query...]
    }
}
