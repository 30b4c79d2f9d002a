import DanaHTTP
import DanaPools
import DanaSystem
import Synchronization

/// Several models asked as one: the first rank before the next, by weight within a rank, each within its rate; failures
/// are tried again, then at another model. An answer that has begun to arrive is never asked for again.
public final class Router: LanguageModel {
    public let name: String
    public let capabilities: ModelCapabilities
    /// That of all its models.
    public let server: ServerAddress?
    private let models: [any LanguageModel]
    private let settings: RouterSettings
    private let clock: RouterClock
    private let machine: Mutex<RouterMachine>

    /// Without a name it is called by the names of its models.
    public init(
        _ routes: [ModelRoute], name: String? = nil, settings: RouterSettings = RouterSettings(),
        clock: RouterClock = .system
    ) {
        models = routes.map(\.model)
        let names = models.map(\.name)
        self.name = name ?? (names.count == 1 ? names[0] : "router(\(names.joined(separator: ", ")))")
        let first = models.first?.capabilities ?? []
        capabilities = models.reduce(first) { $0.intersection($1.capabilities) }
        let servers = Set(models.map(\.server))
        server = servers.count == 1 ? servers.first ?? nil : nil
        self.settings = settings
        self.clock = clock
        machine = Mutex(RouterMachine(routes, settings))
    }

    /// What was spent so far, or is set aside.
    public var spent: Budget.Amount { machine.withLock { $0.budget.used } }

    public func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
        var (reply, reservation) = try await route(request) { model, request throws(ModelError) in
            try await model.complete(request)
        }
        if reply.asked == nil { reply.asked = asked(reservation) }
        let isTold = reply.usage.total > 0 || reply.isCached
        let guess = TokenUsage(input: request.estimatedTokens, output: reply.text.utf8.count / 4)
        machine.withLock { $0.settle(reservation, isTold ? reply.usage : guess) }
        return reply
    }

    public func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
        let (begun, reservation) = try await route(request) { model, request throws(ModelError) in
            try await BegunStream(try await model.stream(request))
        }
        let account = StreamAccount(input: begun.isCached ? 0 : request.estimatedTokens) { [self] usage in
            machine.withLock { $0.settle(reservation, usage) }
        }
        let accounting = Accounting(asked: asked(reservation), begun: begun, account: account)
        return ModelStream(accounting, isCached: begun.isCached)
    }

    /// The name of the model that a call went to, where it is not this one's.
    private func asked(_ reservation: RouterMachine.Reservation) -> String? {
        let asked = models[reservation.route].name
        return asked == name ? nil : asked
    }

    public func embed(_ texts: [String]) async throws(ModelError) -> [[Float]] {
        let tokens = TokenUsage(input: texts.reduce(0) { $0 + $1.utf8.count } / 4)
        let (vectors, reservation) = try await route(
            ModelRequest(texts.map(ChatMessage.user)), output: 0
        ) { model, _ throws(ModelError) in try await model.embed(texts) }
        machine.withLock { $0.settle(reservation, tokens) }
        return vectors
    }

    public func countTokens(_ request: ModelRequest) async throws(ModelError) -> TokenCount {
        let (count, reservation) = try await route(request, output: 0) { model, request throws(ModelError) in
            try await model.countTokens(request)
        }
        machine.withLock { $0.settle(reservation, TokenUsage()) }
        return count
    }

    // MARK: The way of a call

    private func route<Answer>(
        _ request: ModelRequest, output: Int? = nil,
        _ ask: (any LanguageModel, ModelRequest) async throws(ModelError) -> Answer
    ) async throws(ModelError) -> (Answer, RouterMachine.Reservation) {
        let start = clock.now()
        let deadline = min(settings.deadline, request.timeouts.total)
        func left() -> Duration { deadline - (clock.now() - start) }
        var call = RoutedCall(settings.retry)
        var current: Int?
        while true {
            var request = request
            request.timeouts.total = left()
            guard request.timeouts.total > .zero else { throw QuestionDeadline.passed(deadline, name) }
            guard let route = current ?? choose(call, request, output) else {
                let now = clock.now()
                guard let (route, delay) = call.resume(at: now, left: left()) else {
                    throw call.failure(name, resting: machine.withLock { $0.rests(except: call.excluded, at: now) })
                }
                current = route
                try await wait(delay)
                continue
            }
            current = nil
            guard let reservation = try await admit(route, request, output, &call) else { continue }
            let asked = clock.now()
            request.timeouts.total = max(.milliseconds(1), left())
            do {
                let answer = try await ask(models[route], request)
                let now = clock.now()
                machine.withLock { $0.answered(reservation, after: now - asked, at: now) }
                return (answer, reservation)
            } catch {
                let (now, random) = (clock.now(), clock.random())
                let isCallers = error.isTimeOut && left() <= .zero && deadline < settings.deadline
                machine.withLock { machine in
                    if isCallers {
                        machine.ranOut(reservation)
                    } else {
                        machine.failed(reservation, error, at: now, random: random)
                    }
                }
                let hasOthers = machine.withLock { $0.hasFree(except: call.excluded.union([route]), at: now) }
                switch call.failed(
                    error, at: route, now: now, left: left(), hasOthers: hasOthers, random: clock.random())
                {
                case .wait(let delay):
                    try await wait(delay)
                    current = route
                case .nextModel: break
                case .fail: throw call.failure(name)
                }
            }
        }
    }

    private func choose(_ call: RoutedCall, _ request: ModelRequest, _ output: Int?) -> Int? {
        let usage = TokenUsage(input: request.estimatedTokens, output: expected(output, request))
        let (now, random) = (clock.now(), clock.random())
        return machine.withLock { $0.choose(except: call.excluded, for: usage, at: now, random: random) }
    }

    /// How many tokens an answer may have.
    private func expected(_ output: Int?, _ request: ModelRequest) -> Int {
        output ?? request.maxTokens ?? settings.assumedOutput
    }

    /// Waits for the model's rate; nil when the model cannot be asked in the request's time.
    private func admit(
        _ route: Int, _ request: ModelRequest, _ output: Int?, _ call: inout RoutedCall
    ) async throws(ModelError) -> RouterMachine.Reservation? {
        let output = expected(output, request)
        let now = clock.now()
        switch machine.withLock({ $0.admit(route, input: request.estimatedTokens, output: output, at: now) }) {
        case .overBudget:
            throw ModelError(
                .budgetExceeded, "the budget does not hold this request: raise it, or ask for less", model: name)
        case .rests:
            call.skip(
                route,
                machine.withLock { $0.rest(route, at: now) }
                    ?? ModelError(.overloaded, "another call asks the model first", model: models[route].name))
            return nil
        case .go(let reservation, let delay):
            guard call.mayWait(delay, left: request.timeouts.total) else {
                machine.withLock { $0.withdrawn(reservation) }
                var error = ModelError(
                    .rateLimited,
                    "the rate that is set for it allows the next request in \(delay.told) only: wait, or raise it",
                    model: models[route].name)
                error.retryAfter = delay
                call.skip(route, error)
                return nil
            }
            guard delay > .zero else { return reservation }
            do {
                try await wait(delay)
            } catch {
                machine.withLock { $0.withdrawn(reservation) }
                throw error
            }
            return reservation
        }
    }

    private func wait(_ delay: Duration) async throws(ModelError) {
        await clock.sleep(delay)
        if Task.isCancelled { throw ModelError(.cancelled, "the call was cancelled", model: name) }
    }

    // MARK: Streams

    /// Tells first who was asked, and in the end what the answer took.
    private struct Accounting: ModelStream.Source {
        var asked: String?
        var begun: BegunStream
        let account: StreamAccount

        var ending: (@Sendable () -> Void)? { begun.ending }

        nonisolated(nonsending) mutating func next() async throws(ModelError) -> ModelChunk? {
            if let asked = asked.take() { return .asked(asked) }
            do {
                guard let chunk = try await begun.next() else {
                    account.close()
                    return nil
                }
                account.passed(chunk)
                return chunk
            } catch {
                account.close()
                throw error
            }
        }
    }
}
