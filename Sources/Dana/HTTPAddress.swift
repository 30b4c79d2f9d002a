/// The address of a request in its parts, written so that whoever reads it next finds the same host: what the grant of a
/// capability was compared to is what is connected to.
struct HTTPAddress: Sendable, Equatable {
    let isSecure: Bool
    /// In small letters; an IPv6 address in its brackets.
    let host: String
    let port: Int
    /// Path and query, as they were written.
    let target: String

    /// Nil for what is no plain `http` or `https` address: credentials, odd characters in the host and the like.
    init?(_ text: String) {
        let lower = text.prefix(8).lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return nil }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { ![UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#")].contains($0) }
        guard let (host, port) = HTTPAddress.parts(of: String(Substring(authority))) else { return nil }
        self.init(
            isSecure: scheme == "https://", host: host, port: port ?? (scheme == "https://" ? 443 : 80),
            target: String(Substring(rest[authority.endIndex...])))
    }

    private init(isSecure: Bool, host: String, port: Int, target: String) {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        let whole = Substring(target.utf8.prefix { $0 != UInt8(ascii: "#") })
        self.target = whole.utf8.first == UInt8(ascii: "/") ? String(whole) : "/\(whole)"
    }

    /// Host and port of what stands between the slashes.
    private static func parts(of authority: String) -> (host: String, port: Int?)? {
        let host: Substring
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[...end]
            let isAddress = host.utf8.dropFirst().dropLast().allSatisfy { isHexDigit($0) || $0 == 0x3A || $0 == 0x2E }
            guard isAddress, host.utf8.count > 2 else { return nil }
        } else {
            host = authority.prefix { $0 != ":" }
            guard !host.isEmpty, host.utf8.allSatisfy(isNameByte) else { return nil }
        }
        let behind = authority[host.endIndex...]
        if behind.isEmpty { return (host.lowercased(), nil) }
        guard behind.first == ":", behind.utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }),
            let port = Int(behind.dropFirst()), (1...65535).contains(port)
        else { return nil }
        return (host.lowercased(), port)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
    }

    /// Scheme, host and port, these where they differ from the scheme's own.
    private var origin: String {
        let isUsual = port == (isSecure ? 443 : 80)
        return "\(isSecure ? "https" : "http")://\(host)\(isUsual ? "" : ":\(port)")"
    }

    var text: String { origin + target }

    /// The same without its query, which may hold a secret.
    var location: String { "\(origin)\(path)" }

    /// A sign is one of the address's whatever accents stand behind it.
    private var path: Substring { Substring(target.utf8.prefix { $0 != UInt8(ascii: "?") }) }

    /// Whether a text can grant requests, as `host` or `host:port`; an IPv6 address may stand without its brackets.
    static func isScope(_ text: String) -> Bool {
        if parts(of: text) != nil { return true }
        let colons = text.utf8.reduce(into: 0) { count, byte in if byte == UInt8(ascii: ":") { count += 1 } }
        return colons > 1 && parts(of: "[\(text)]") != nil
    }

    /// Whether a request to it is granted by scopes, `host` or `host:port` each; nil grants everything.
    func isGranted(by scopes: [String]?) -> Bool {
        guard let scopes else { return true }
        return scopes.contains { scope in
            let scope = scope.lowercased()
            return scope == host || scope == "\(host):\(port)" || "[\(scope)]" == host
        }
    }

    func hasOrigin(of other: HTTPAddress) -> Bool {
        isSecure == other.isSecure && host == other.host && port == other.port
    }

    /// Where a redirect from here leads; nil for what is no such address.
    func following(_ location: String) -> HTTPAddress? {
        if location.hasPrefix("//") { return HTTPAddress((isSecure ? "https:" : "http:") + location) }
        if let colon = location.firstIndex(of: ":"), !location[..<colon].contains(where: { "/?#".contains($0) }) {
            return HTTPAddress(location)
        }
        let path = path
        let relative: String =
            switch location.first {
            case "/": location
            case "?": path + location
            case "#", nil: target
            default: path[...(path.lastIndex(of: "/") ?? path.startIndex)] + location
            }
        return HTTPAddress(isSecure: isSecure, host: host, port: port, target: relative)
    }
}
