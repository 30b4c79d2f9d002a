import DanaHTTP
import DanaLanguage
import DanaSystem

/// Carries out a program's journey over the network, within its time. Cancelling the task closes the connection.
struct HTTPExchange: Sendable {
    /// What a server answered at last.
    struct Answer: Sendable {
        let status: Int
        let address: String
        let fields: [(name: String, value: String)]
        let body: [UInt8]
        /// Counts the body for as long as it is here.
        let arriving: ArrivingBytes

        /// As the module `http` takes it: names of fields in small letters, those of one name joined by commas.
        var value: DanaValue {
            var names: [String] = []
            var contents: [String: String] = [:]
            for (name, content) in fields.map({ ($0.name.lowercased(), $0.value) }) {
                if let known = contents[name] {
                    contents[name] = known + ", " + content
                } else {
                    names.append(name)
                    contents[name] = content
                }
            }
            let headers = names.map { (DanaValue.string($0), DanaValue.string(contents[$0] ?? "")) }
            return .tuple([.int(status), .string(address), .dict(headers), .bytes(body)])
        }
    }

    enum Failure: Error {
        /// It leads to a host that is not granted.
        case denied(HTTPAddress)
        /// With the exception that the program sees.
        case failed(ExceptionKind, String)
    }

    private let journey: HTTPJourney
    private let time: Duration
    private let limit: Int
    private let place: ErrorPlace?

    /// `time` is for all of it, `limit` for the bytes of the answer's body.
    init(_ journey: HTTPJourney, time: Duration, limit: Int, place: ErrorPlace?) {
        self.journey = journey
        self.time = time
        self.limit = limit
        self.place = place
    }

    func outcome(in core: ContextCore) async -> Result<Answer, Failure> {
        let start = MonotonicTime.now
        var journey = journey
        while true {
            let left = time - .nanoseconds(Int64(clamping: MonotonicTime.now &- start))
            guard left > .zero else {
                return .failure(.failed(.timeoutError, "\(journey.address.location): the time of \(time) is over"))
            }
            core.runtime.audit.note(
                .requested, context: core.number, "\(journey.method) \(journey.address.location)", place: place)
            do throws(HTTPError) {
                let response = try await core.runtime.http.send(journey.request(within: left, limit: limit))
                let address = journey.address
                switch journey.answered(status: response.status, location: response.headers["location"]) {
                case .goesOn: continue
                case .denied(let next): return .failure(.denied(next))
                case .lost(let reason): return .failure(.failed(.connectionError, "\(address.location): \(reason)"))
                case .arrived:
                    let arriving = ArrivingBytes(in: core)
                    let body = try await whole(response.body, arriving, at: address)
                    return .success(
                        Answer(
                            status: response.status, address: address.text, fields: response.headers.fields,
                            body: body, arriving: arriving))
                }
            } catch {
                return .failure(.failed(HTTPExchange.kind(of: error), error.description))
            }
        }
    }

    private func whole(
        _ body: HTTPBody, _ arriving: ArrivingBytes, at address: HTTPAddress
    ) async throws(HTTPError) -> [UInt8] {
        var whole: [UInt8] = []
        for try await piece in body {
            guard arriving.take(piece.count) else {
                throw HTTPError(
                    .bodyTooLarge, "the answers that are on their way are more than the context may hold",
                    at: address.location)
            }
            whole += piece
        }
        return whole
    }

    /// What a program sees an error of the network as.
    private static func kind(of error: HTTPError) -> ExceptionKind {
        switch error.code {
        case .invalidRequest: .valueError
        case .connectTimedOut, .firstByteTimedOut, .idleTimedOut, .totalTimedOut: .timeoutError
        case .nameNotFound, .connectionRefused, .proxyFailed, .tlsFailed, .connectionLost, .invalidResponse, .cancelled:
            .connectionError
        case .libraryMissing, .headersTooLarge, .bodyTooLarge, .readTwice, .forked, .systemFailed: .osError
        }
    }
}
