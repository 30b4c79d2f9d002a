/// What all exchanges of a `CurlTransport` have in common.
public struct CurlSettings: Sendable {
    public enum Proxy: Sendable, Hashable {
        /// What `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say.
        case environment
        case none
        /// Such as `http://proxy.example:3128`.
        case address(String)
    }

    public var proxy = Proxy.environment
    /// The file of certificates to trust; otherwise the system's own is looked for.
    public var certificateFile: String?
    /// The libcurl to load where `DANA_LIBCURL` names none, before the system's; the first transport of a process
    /// decides.
    public var libraryPath: String?
    public var userAgent = "dana"
    /// How many connections may be open, at most.
    public var connections = 4096
    /// How many connections may be open to one host.
    public var connectionsPerHost = 2048
    /// How many connections are kept for the next request.
    public var idleConnections = 256

    public init() {}
}
