import DanaHTTP

/// A program's request from one address to the next: what is asked for where, and whether an answer that leads elsewhere
/// is followed there.
struct HTTPJourney: Sendable {
    /// What comes after an answer.
    enum Step: Equatable {
        /// It is the program's.
        case arrived
        /// It leads to where the journey stands now.
        case goesOn
        /// It leads to a host that is not granted.
        case denied(HTTPAddress)
        /// It leads nowhere, or in circles.
        case lost(String)
    }

    private(set) var address: HTTPAddress
    private(set) var method: String
    private(set) var fields: [(name: String, value: String)]
    private(set) var body: [UInt8]?
    /// The hosts that are granted; nil for all.
    private let scopes: [String]?
    private var redirects = 0

    private static let mostRedirects = 10
    /// What is meant for one server alone.
    private static let secretFields: Set<String> = ["authorization", "cookie"]

    init(
        _ method: String, to address: HTTPAddress, fields: [(name: String, value: String)], body: [UInt8]?,
        scopes: [String]?
    ) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = body
        self.scopes = scopes
    }

    var isGranted: Bool { address.isGranted(by: scopes) }

    /// An answer has this status, and names another place where `location` is there.
    mutating func answered(status: Int, location: String?) -> Step {
        guard [301, 302, 303, 307, 308].contains(status), let location else { return .arrived }
        redirects += 1
        guard redirects <= HTTPJourney.mostRedirects else {
            return .lost("the request was sent on more than \(HTTPJourney.mostRedirects) times")
        }
        guard let next = address.following(location) else {
            return .lost("the server sends it on to what is no http address")
        }
        guard next.isGranted(by: scopes) else { return .denied(next) }
        if !next.hasOrigin(of: address) { drop(HTTPJourney.secretFields) }
        address = next
        // As browsers do: what was sent is not sent again, but where the server asks for just that.
        if status == 303 && method != "HEAD" || [301, 302].contains(status) && method == "POST" {
            method = "GET"
            body = nil
            drop(["content-type"])
        }
        return .goesOn
    }

    private mutating func drop(_ names: Set<String>) { fields.removeAll { names.contains($0.name.lowercased()) } }

    /// The request that is to be sent next.
    func request(within time: Duration, limit: Int) -> HTTPRequest {
        var headers = HTTPHeaders()
        for (name, value) in fields { headers.append(name, value) }
        var request = HTTPRequest(method: method, url: address.text, headers: headers, body: body)
        request.timeouts = HTTPTimeouts(connect: time, firstByte: time, idle: time, total: time)
        request.limits.body = limit
        return request
    }
}
