import DanaPools
import Synchronization

/// A model whose calls are counted and timed.
public struct MeteredModel: LanguageModel {
    private let model: any LanguageModel
    private let provider: String
    private let price: ModelPrice
    private let meter: ModelMeter
    private let clock: RouterClock

    public init(
        _ model: any LanguageModel, provider: String, price: ModelPrice = ModelPrice(), meter: ModelMeter,
        clock: RouterClock = .system
    ) {
        self.model = model
        self.provider = provider
        self.price = price
        self.meter = meter
        self.clock = clock
    }

    public var name: String { model.name }
    public var capabilities: ModelCapabilities { model.capabilities }
    public var server: ServerAddress? { model.server }

    public func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        let tally = Tally(self, .chat)
        do {
            let reply = try await model.complete(request)
            tally.end(reply.usage)
            return reply
        } catch {
            tally.end(error.code)
            throw error
        }
    }

    public func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        let tally = Tally(self, .chat)
        do {
            let stream = try await model.stream(request)
            return ModelStream(Metering(stream.makeAsyncIterator(), tally), isCached: stream.isCached)
        } catch {
            tally.end(error.code)
            throw error
        }
    }

    public func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] {
        let tally = Tally(self, .embeddings)
        do {
            let vectors = try await model.embed(texts)
            tally.end(nil)
            return vectors
        } catch {
            tally.end(error.code)
            throw error
        }
    }

    public func countTokens(_ request: ModelRequest) async throws(ModelError) -> TokenCount {
        try await model.countTokens(request)
    }

    /// One call from its beginning to its end.
    private struct Tally: Sendable {
        private let start: PoolTime
        private let clock: RouterClock
        private let meter: ModelMeter
        private let price: ModelPrice
        private var call: ModelMetrics.Call

        init(_ model: MeteredModel, _ operation: ModelMetrics.Operation) {
            clock = model.clock
            start = clock.now()
            meter = model.meter
            price = model.price
            let prefix = "\(model.provider)/"
            let name = model.name.hasPrefix(prefix) ? String(model.name.dropFirst(prefix.count)) : model.name
            call = ModelMetrics.Call(
                provider: model.provider, model: name, operation: operation, duration: .zero)
        }

        mutating func passed(_ chunk: ModelChunk) {
            if chunk.isContent, call.firstChunk == nil { call.firstChunk = clock.now() - start }
            if case .usage(let usage) = chunk { call.usage = usage }
        }

        func end(_ error: ModelError.Code?) {
            var call = call
            call.duration = clock.now() - start
            call.cost = price.cost(call.usage)
            call.error = error
            meter.record(call)
        }

        func end(_ usage: TokenUsage) {
            var tally = self
            tally.call.usage = usage
            tally.end(nil)
        }
    }

    /// Ends the tally with the stream; one that its reader lets go counts as cancelled.
    private struct Metering: ModelStream.Source {
        private let state: State
        private var rest: ModelStream.AsyncIterator

        private final class State: Sendable {
            private let tally: Mutex<Tally?>

            init(_ tally: Tally) { self.tally = Mutex(tally) }

            func passed(_ chunk: ModelChunk) { tally.withLock { $0?.passed(chunk) } }

            func end(_ error: ModelError.Code?) {
                let tally = tally.withLock { tally in
                    defer { tally = nil }
                    return tally
                }
                tally?.end(error)
            }

            deinit { end(.cancelled) }
        }

        init(_ rest: ModelStream.AsyncIterator, _ tally: Tally) {
            self.rest = rest
            state = State(tally)
        }

        var ending: (@Sendable () -> Void)? { rest.ending }

        nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk? {
            do {
                guard let chunk = try await rest.next() else {
                    state.end(nil)
                    return nil
                }
                state.passed(chunk)
                return chunk
            } catch {
                state.end(error.code)
                throw error
            }
        }
    }
}
