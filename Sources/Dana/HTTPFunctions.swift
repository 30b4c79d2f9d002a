import DanaHTTP
import DanaLanguage

/// What the module `http` asks of the host: one request, to a host that the context was granted.
enum HTTPFunctions {
    /// `request(method, url, body, fields, timeout, max_size)`: status, address, header fields and body of the answer.
    static func request(_ call: HostCall, _ core: ContextCore) -> HostReply {
        let names = ["method", "url", "body", "headers", "timeout", "max_size"]
        return StandardArguments(call, core, "http.request", names).reply { arguments throws(DanaFailure) in
            let url = try arguments.text("url")
            guard let address = HTTPAddress(url) else {
                throw StandardArguments.fault(
                    .valueError,
                    "http.request() expects an address as http://host/path or https://host:port/path without "
                        + "credentials, got '\(Substring(url.utf8.prefix { $0 != UInt8(ascii: "?") }))'")
            }
            let journey = HTTPJourney(
                try arguments.text("method"), to: address, fields: try fields(arguments["headers"]),
                body: try body(arguments["body"]), scopes: core.settings.capabilities.scopes(of: .network))
            guard journey.isGranted else {
                return core.deny(
                    call, Capability(.network, scope: address.host), for: "http.request('\(address.location)')")
            }
            let limit = min(try limit(arguments), core.settings.limits.memory)
            let exchange = HTTPExchange(
                journey, time: try time(arguments), limit: limit, place: core.place(of: call))
            return .later { answering(await exchange.outcome(in: core), in: core) }
        }
    }

    /// How an outcome becomes the answer of the call.
    private static func answering(
        _ outcome: Result<HTTPExchange.Answer, HTTPExchange.Failure>, in core: ContextCore
    ) -> HostAnswering {
        // A cancelled run unwinds by itself, from where it waits.
        let isCancelled = Task.isCancelled
        return { call in
            switch outcome {
            case .success(let answer): core.answer(call) { try core.makeValue(answer.value, $0) }
            case .failure(.denied(let address)):
                core.deny(
                    call, Capability(.network, scope: address.host),
                    for: "following a redirect to '\(address.location)'")
            case .failure(.failed(let kind, let message)):
                if !isCancelled { core.fail(call, kind, core.redacted(message, in: "error")) }
            }
        }
    }

    // MARK: Arguments

    private static func time(_ arguments: StandardArguments) throws(DanaFailure) -> Duration {
        let seconds = try arguments.number("timeout")
        guard seconds > 0, seconds <= 86_400 else {
            throw StandardArguments.fault(
                .valueError,
                "http.request() expects a timeout of up to 86400 seconds, got \(arguments.shownNumber("timeout"))")
        }
        return .seconds(seconds)
    }

    private static func limit(_ arguments: StandardArguments) throws(DanaFailure) -> Int {
        guard case .int(let limit)? = arguments["max_size"], limit > 0 else {
            throw StandardArguments.fault(
                .valueError, "http.request() expects a positive number of bytes at argument 'max_size'")
        }
        return limit
    }

    private static func body(_ value: DanaValue?) throws(DanaFailure) -> [UInt8]? {
        switch value {
        case .null?, nil: return nil
        case .bytes(let bytes)?: return bytes
        case let other?:
            throw StandardArguments.fault(
                .typeError, "http.request() expects bytes at argument 'body', got \(other.typeName)")
        }
    }

    private static func fields(_ value: DanaValue?) throws(DanaFailure) -> [(name: String, value: String)] {
        guard case .list(let pairs)? = value else { return [] }
        var fields: [(name: String, value: String)] = []
        for pair in pairs {
            guard case .tuple(let parts) = pair, parts.count == 2, case .string(let name) = parts[0],
                case .string(let content) = parts[1]
            else {
                throw StandardArguments.fault(
                    .typeError, "http.request() expects a dict of texts at argument 'headers'")
            }
            guard !transportFields.contains(name.lowercased()) else {
                throw StandardArguments.fault(
                    .valueError,
                    "http.request() sets the header field '\(name)' itself, by the address and the body: leave it out")
            }
            fields.append((name, content))
        }
        return fields
    }

    /// Fields that say to whom a request goes and where it ends: what a program wrote there could mean another host, or
    /// another request, than the one that was granted.
    private static let transportFields: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "te", "trailer",
        "upgrade", "expect", "proxy-authorization",
    ]
}
