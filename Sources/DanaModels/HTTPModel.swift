import DanaData
import DanaHTTP

/// A model behind a server: asks by HTTP what its format writes and gives back what its format reads.
public struct HTTPModel: LanguageModel {
    public let endpoint: ModelEndpoint
    private let transport: any HTTPTransport
    private let format: any WireFormat
    private let redaction: Redaction

    public init(_ endpoint: ModelEndpoint, transport: any HTTPTransport) {
        self.endpoint = endpoint
        self.transport = transport
        redaction = Redaction(endpoint.secrets)
        format =
            switch endpoint.dialect {
            case .chat:
                ChatCompletionsFormat(
                    limitField: endpoint.provider == "openai" ? "max_completion_tokens" : "max_tokens")
            case .responses: ResponsesFormat()
            case .messages: MessagesFormat()
            }
    }

    public var name: String { endpoint.name }
    public var capabilities: ModelCapabilities { format.capabilities }
    public var server: ServerAddress? { endpoint.server }

    public func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        if endpoint.alwaysStreams { return try await stream(request).collect() }
        let body = try naming { () throws(WireFault) in
            try format.body(request, model: endpoint.model, stream: false)
        }
        let response = try await post(format.path, body, request.timeouts)
        let answer = try await document(response)
        return try naming { () throws(WireFault) in
            if let fault = ProviderFault(answer.root) { throw WireFault(fault.code ?? .serverFailed, fault.message) }
            return try format.reply(answer.root, to: request)
        }
    }

    public func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        let body = try naming { () throws(WireFault) in
            try format.body(request, model: endpoint.model, stream: true)
        }
        let response = try await post(format.path, body, request.timeouts)
        guard response.headers["Content-Type"]?.lowercased().hasPrefix("text/event-stream") ?? true else {
            throw try await notAStream(response)
        }
        return ModelStream(EventReader(body: response.body, decoder: format.decoder(for: request), model: self))
    }

    public func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] {
        let question = try naming { () throws(WireFault) in try format.embeddings(texts, model: endpoint.model) }
        return try await ask(question)
    }

    public func countTokens(_ request: ModelRequest) async throws(ModelError) -> TokenCount {
        let question = try naming { () throws(WireFault) in try format.tokenCount(request, model: endpoint.model) }
        guard let question else { return TokenCount(tokens: request.estimatedTokens, isExact: false) }
        return TokenCount(tokens: try await ask(question), isExact: true)
    }

    // MARK: Exchanges

    private func ask<Answer>(_ question: WireQuestion<Answer>) async throws(ModelError) -> Answer {
        let answer = try await document(try await post(question.path, question.body, HTTPTimeouts()))
        return try naming { () throws(WireFault) in
            guard let result = question.read(answer.root) else {
                throw WireFault(
                    .invalidReply, "the answer is not what the protocol says", body: answer.root.shortened)
            }
            return result
        }
    }

    /// The answer to a request that was accepted.
    private func post(
        _ path: String, _ body: [UInt8], _ timeouts: HTTPTimeouts
    ) async throws(ModelError) -> HTTPResponse {
        if let variable = endpoint.missingKeyVariable {
            throw ModelError(
                .authentication, "there is no key: put it into the environment variable \(variable)", model: name)
        }
        var headers = format.headers(endpoint.key)
        headers.append("Content-Type", "application/json")
        for (name, value) in endpoint.headers { headers[name] = value.revealed }
        var request = HTTPRequest(
            method: "POST", url: endpoint.url(path), headers: headers, body: body, socketPath: endpoint.socketPath)
        request.timeouts = timeouts
        if let timeout = endpoint.timeout { request.timeouts.total = min(timeouts.total, timeout) }
        request.limits = endpoint.limits
        let response: HTTPResponse
        do {
            response = try await transport.send(request)
        } catch {
            throw modelError(error)
        }
        guard (200..<300).contains(response.status) else { throw try await refusal(response) }
        return response
    }

    private func collect(_ response: HTTPResponse) async throws(ModelError) -> [UInt8] {
        do {
            return try await response.body.collect()
        } catch {
            throw modelError(error)
        }
    }

    private func document(_ response: HTTPResponse) async throws(ModelError) -> Tape {
        let bytes = try await collect(response)
        return try naming { () throws(WireFault) in
            do {
                return try JSONReader.read(utf8: bytes)
            } catch {
                throw WireFault(
                    .invalidReply, "the answer is not JSON (\(error)): check the base address",
                    body: String(decoding: bytes, as: UTF8.self))
            }
        }
    }

    // MARK: Errors

    private func naming<Result>(_ body: () throws(WireFault) -> Result) throws(ModelError) -> Result {
        do {
            return try body()
        } catch {
            throw modelError(error)
        }
    }

    fileprivate func modelError(_ fault: WireFault) -> ModelError {
        var error = ModelError(fault.code, redaction(fault.message), model: name)
        error.body = fault.body.map { redaction(Self.shortened($0)) }
        return error
    }

    fileprivate func modelError(_ reason: HTTPError) -> ModelError {
        ModelError(
            reason.code == .cancelled ? .cancelled : .transport(reason.code), redaction(reason.description), model: name
        )
    }

    /// Why the provider did not accept a request.
    private func refusal(_ response: HTTPResponse) async throws(ModelError) -> ModelError {
        let bytes = try await collect(response)
        let fault = (try? JSONReader.read(utf8: bytes)).flatMap { ProviderFault($0.root) }
        let (code, advice) = ProviderFault.meaning(ofStatus: response.status)
        let said = fault.map { ": \($0.message)" } ?? ""
        var error = ModelError(
            fault?.code ?? code, redaction(advice + Self.shortened(said)), model: name, status: response.status)
        error.retryAfter = RetryAfter.delay(response.headers, now: WallTime.now)
        error.requestID = (response.headers["x-request-id"] ?? response.headers["request-id"]).map(
            redaction.callAsFunction)
        let text = String(decoding: bytes, as: UTF8.self)
        error.body = text.isEmpty ? nil : redaction(Self.shortened(text))
        return error
    }

    /// The server answered a streaming request with a document.
    private func notAStream(_ response: HTTPResponse) async throws(ModelError) -> ModelError {
        let answer = try await document(response)
        if let fault = ProviderFault(answer.root) {
            return modelError(WireFault(fault.code ?? .serverFailed, fault.message, body: answer.root.shortened))
        }
        return modelError(
            WireFault(.invalidReply, "the server does not stream its answer", body: answer.root.shortened))
    }

    private static func shortened(_ text: String) -> String {
        text.utf8.count > 2000 ? "\(text.prefix(2000))..." : text
    }

    // MARK: The stream

    /// Makes pieces of an answer out of the bytes that arrive.
    private struct EventReader: ModelStream.Source {
        private var bytes: HTTPBody.AsyncIterator
        private var parser = EventStreamParser()
        private var decoder: any StreamDecoder
        private let model: HTTPModel
        private var ready: [ModelChunk] = []
        private var position = 0
        /// What ended the stream; it is told when all that came before it was given out.
        private var failure: ModelError?

        init(body: HTTPBody, decoder: any StreamDecoder, model: HTTPModel) {
            bytes = body.makeAsyncIterator()
            self.decoder = decoder
            self.model = model
        }

        var ending: (@Sendable () -> Void)? { bytes.ending }

        nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk? {
            while position == ready.count {
                if let failure { throw failure }
                guard !decoder.isComplete else { return nil }
                ready.removeAll(keepingCapacity: true)
                position = 0
                await read()
            }
            defer { position += 1 }
            return ready[position]
        }

        private nonisolated(nonsending) mutating func read() async {
            do {
                guard let piece = try await bytes.next() else {
                    throw WireFault(
                        .streamTruncated, "the stream ended without its end marker: the answer is not complete")
                }
                for event in try parser.feed(piece) where !decoder.isComplete {
                    ready += try decoder.decode(event)
                }
                if decoder.isComplete { bytes.finish() }
            } catch let reason as HTTPError {
                failure = model.modelError(reason)
            } catch let fault as WireFault {
                failure = model.modelError(fault)
            } catch {
                failure = model.modelError(WireFault(.invalidReply, "\(error)"))
            }
        }
    }
}
