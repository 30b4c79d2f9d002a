/// Where a model's server is, as those who watch calls name it: the host and the port, or a unix socket's file.
public struct ServerAddress: Sendable, Hashable {
    /// A name or an address of the network, IPv6 without its brackets, or the path of a socket.
    public var host: String
    /// Nil for a socket's file.
    public var port: Int?

    public init(host: String, port: Int? = nil) {
        self.host = host
        self.port = port
    }

    /// Of an absolute `http` or `https` address; nil for what is none.
    public init?(url: String) {
        let isPlain = url.hasPrefix("http://")
        guard isPlain || url.hasPrefix("https://") else { return nil }
        let authority = url.dropFirst(isPlain ? 7 : 8).prefix { !"/?#".contains($0) }
        // Credentials are nobody's business.
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        let host = place.hasPrefix("[") ? place.dropFirst().prefix { $0 != "]" } : place.prefix { $0 != ":" }
        guard !host.isEmpty else { return nil }
        let rest = place[host.endIndex...].drop { $0 == "]" }
        self.init(host: host.lowercased(), port: rest.isEmpty ? (isPlain ? 80 : 443) : Int(rest.dropFirst()))
    }
}
