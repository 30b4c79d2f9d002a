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
            case .chat: ChatCompletionsFormat(provider: endpoint.provider)
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
        var bytes = response.body.makeAsyncIterator()
        var first: [UInt8] = []
        if let type = response.headers["Content-Type"], !type.lowercased().hasPrefix("text/event-stream") {
            do {
                first = try await bytes.next() ?? []
            } catch {
                throw modelError(error)
            }
            guard EventStreamParser.mayBegin(with: first) else { throw try await notAStream(first, response) }
        }
        return ModelStream(EventReader(first, bytes, decoder: format.decoder(for: request), model: self))
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
            if let fault = ProviderFault(answer.root) { throw WireFault(fault.code ?? .serverFailed, fault.message) }
            return try question.read(answer.root)
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
        request.expandsBody = true
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
        try document(try await collect(response))
    }

    private func document(_ bytes: [UInt8]) throws(ModelError) -> Tape {
        try naming { () throws(WireFault) in
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
        var error = ModelError(fault.code, told(fault.message), model: name)
        error.body = fault.body.map(told)
        return error
    }

    fileprivate func modelError(_ reason: HTTPError) -> ModelError {
        switch reason.code {
        case .cancelled: ModelError(.cancelled, redaction(reason.description), model: name)
        case .forked: .forked(name)
        case let code: ModelError(.transport(code), redaction(reason.description), model: name)
        }
    }

    /// Why the provider did not accept a request.
    private func refusal(_ response: HTTPResponse) async throws(ModelError) -> ModelError {
        let bytes = try await collect(response)
        let fault = (try? JSONReader.read(utf8: bytes)).flatMap { ProviderFault(refusal: $0.root) }
        let (code, advice) = ProviderFault.meaning(ofStatus: response.status, fault)
        let said = fault.map { ": \($0.message)" } ?? ""
        var error = ModelError(code, told(advice + said), model: name, status: response.status)
        error.retryAfter = RetryAfter.delay(response.headers, now: WallTime.now)
        error.requestID = (response.headers["x-request-id"] ?? response.headers["request-id"]).map(told)
        let text = String(decoding: bytes, as: UTF8.self)
        error.body = text.isEmpty ? nil : told(text)
        return error
    }

    /// The server answered a streaming request with a document, of which the first piece is read.
    private func notAStream(_ first: [UInt8], _ response: HTTPResponse) async throws(ModelError) -> ModelError {
        let answer = try document(first + (try await collect(response)))
        if let fault = ProviderFault(answer.root) {
            return modelError(WireFault(fault.code ?? .serverFailed, fault.message, body: answer.root.json))
        }
        return modelError(
            WireFault(.invalidReply, "the server does not stream its answer", body: answer.root.json))
    }

    /// What others wrote, as errors tell it: without keys, and only then shortened, for a part of a key is not found.
    private func told(_ text: String) -> String { redaction(text).shortened(toBytes: 2000) }

    // MARK: The stream

    /// Makes pieces of an answer out of the bytes that arrive.
    private struct EventReader: ModelStream.Source {
        private var first: [UInt8]
        private var bytes: HTTPBody.AsyncIterator
        private var parser = EventStreamParser()
        private var decoder: any StreamDecoder
        private let model: HTTPModel
        private var ready: [ModelChunk] = []
        private var position = 0
        /// What ended the stream; it is told when all that came before it was given out.
        private var failure: ModelError?

        /// `first` is what was read of the body already.
        init(_ first: [UInt8], _ bytes: HTTPBody.AsyncIterator, decoder: any StreamDecoder, model: HTTPModel) {
            self.first = first
            self.bytes = bytes
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
                var piece = first
                first = []
                if piece.isEmpty { piece = try await bytes.next() ?? [] }
                guard !piece.isEmpty else { return try end() }
                try take(try parser.feed(piece))
                if decoder.isComplete { bytes.finish() }
            } catch let reason as HTTPError {
                failure = model.modelError(reason)
            } catch let fault as WireFault {
                failure = model.modelError(fault)
            } catch {
                failure = model.modelError(WireFault(.invalidReply, "\(error)"))
            }
        }

        private mutating func take(_ events: [ServerSentEvent]) throws(WireFault) {
            for event in events where !decoder.isComplete && !event.content.isEmpty {
                ready += try decoder.decode(event)
            }
        }

        /// The stream is over; what came of a last event may be all of it.
        private mutating func end() throws {
            let last = try parser.end()
            do throws(WireFault) {
                try take(last)
            } catch  where error.code != .invalidReply {
                throw error
            } catch {}
            guard !decoder.isComplete else { return }
            throw WireFault(.streamTruncated, "the stream ended without its end marker: the answer is not complete")
        }
    }
}
