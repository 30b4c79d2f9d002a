import DanaPools

/// What a router knows of its models: which of them rest, what their rates allow, what is left of the budget.
struct RouterMachine {
    /// The terms of a model, without the model.
    struct Terms {
        var rank: Int
        var weight: Double
        var price: ModelPrice
        var requests: RateLimit?
        var tokens: RateLimit?
        var breaker: CircuitBreaker
        var latency = LatencyAverage()
        var lastFailure = PoolTime.start
        /// When it may be asked again, by its own words; others are asked until then, where there are any.
        var askedAgain = PoolTime.start
        var lastError: ModelError?
    }

    /// What was set aside for one attempt.
    struct Reservation: Equatable {
        var route: Int
        var tokens: Int
        var amount: Budget.Amount
        var begun: PoolTime
    }

    private var terms: [Terms]
    private let order: RouterOrder
    private(set) var budget: Budget

    init(_ routes: [ModelRoute], _ settings: RouterSettings) {
        terms = routes.map { route in
            Terms(
                rank: route.rank, weight: max(0, route.weight), price: route.price,
                requests: route.requestsPerMinute.map(RateLimit.init),
                tokens: route.tokensPerMinute.map(RateLimit.init),
                breaker: CircuitBreaker(threshold: settings.breakerThreshold, pause: settings.breakerPause))
        }
        order = settings.order
        budget = settings.budget
    }

    /// A model to ask: of the lowest rank that has one that does not rest, the first in order, and among equals by
    /// weight. One that wants to be left alone comes after all others. `random` lies between 0 and 1; `usage` is what the
    /// request may take.
    func choose(
        except exhausted: Set<Int>, for usage: TokenUsage = TokenUsage(), at now: PoolTime, random: Double
    ) -> Int? {
        var free = terms.indices.filter { !exhausted.contains($0) && terms[$0].breaker.allows(at: now) }
        let open = free.filter { terms[$0].askedAgain <= now }
        if !open.isEmpty { free = open }
        guard let rank = free.map({ terms[$0].rank }).min() else { return nil }
        let peers = first(among: free.filter { terms[$0].rank == rank }, for: usage, at: now)
        var left = random * peers.reduce(0) { $0 + terms[$1].weight }
        for peer in peers {
            left -= terms[peer].weight
            if left < 0 { return peer }
        }
        return peers.last
    }

    /// Whether there is another model that can be asked and has not asked to be left alone.
    func hasFree(except exhausted: Set<Int>, at now: PoolTime) -> Bool {
        terms.indices.contains {
            !exhausted.contains($0) && terms[$0].breaker.allows(at: now) && terms[$0].askedAgain <= now
        }
    }

    /// Those that stand first in order.
    private func first(among peers: [Int], for usage: TokenUsage, at now: PoolTime) -> [Int] {
        func least(_ value: (Terms) -> some Comparable) -> [Int] {
            let values = peers.map { value(terms[$0]) }
            let least = values.min()
            return zip(peers, values).filter { $0.1 == least }.map(\.0)
        }
        return switch order {
        case .given: peers
        case .cost: least { $0.price.cost(usage) }
        case .latency: least { $0.latency.value(at: now) ?? .zero }
        }
    }

    enum Admission: Equatable {
        case go(Reservation, after: Duration)
        case overBudget
        /// Another call has just taken the one try that a resting model is given.
        case rests
    }

    /// Sets aside what one attempt may take.
    mutating func admit(_ route: Int, input: Int, output: Int, at now: PoolTime) -> Admission {
        let (tokens, overflow) = input.addingReportingOverflow(output)
        guard !overflow else { return .overBudget }
        let usage = TokenUsage(input: input, output: output)
        let amount = Budget.Amount(tokens: tokens, money: terms[route].price.cost(usage))
        guard terms[route].breaker.allows(at: now) else { return .rests }
        guard budget.setAside(amount) else { return .overBudget }
        _ = terms[route].breaker.begin(at: now)
        let requests = terms[route].requests?.take(1, at: now) ?? .zero
        let waits = terms[route].tokens?.take(tokens, at: now) ?? .zero
        return .go(Reservation(route: route, tokens: tokens, amount: amount, begun: now), after: max(requests, waits))
    }

    /// Why this model rests, and until when.
    func rest(_ route: Int, at now: PoolTime) -> ModelError? {
        let left = terms[route].breaker.reopens - now
        return terms[route].lastError?.resting(for: left > .zero ? left : nil)
    }

    /// Why those models rest that can still be asked.
    func rests(except exhausted: Set<Int>, at now: PoolTime) -> [ModelError] {
        terms.indices.filter { !exhausted.contains($0) }.compactMap { rest($0, at: now) }
    }

    /// The attempt was not made.
    mutating func withdrawn(_ reservation: Reservation) {
        terms[reservation.route].requests?.giveBack(1)
        terms[reservation.route].breaker.withdraw()
        settle(reservation, TokenUsage())
    }

    /// The model has begun to answer, this long after it was asked.
    mutating func answered(_ reservation: Reservation, after latency: Duration, at now: PoolTime) {
        terms[reservation.route].breaker.succeed()
        terms[reservation.route].latency.add(latency, at: now)
    }

    /// What the answer took is known.
    mutating func settle(_ reservation: Reservation, _ usage: TokenUsage) {
        let terms = terms[reservation.route]
        self.terms[reservation.route].tokens?.giveBack(max(0, reservation.tokens) - max(0, usage.total))
        budget.settle(
            reservation.amount, spent: Budget.Amount(tokens: usage.total, money: terms.price.cost(usage)))
    }

    /// The time that its caller gave ran out, which says nothing about the model.
    mutating func ranOut(_ reservation: Reservation) {
        settle(reservation, TokenUsage())
        terms[reservation.route].breaker.withdraw()
    }

    /// An attempt has failed. Those that were under way when another one failed share its fate and count as one.
    mutating func failed(_ reservation: Reservation, _ error: ModelError, at now: PoolTime, random: Double) {
        let route = reservation.route
        settle(reservation, TokenUsage())
        switch error.code {
        case .cancelled: terms[route].breaker.withdraw()
        case .invalidRequest, .contextTooLong, .contentFiltered, .schemaMismatch, .unsupported:
            terms[route].breaker.succeed()
        default:
            terms[route].lastError = error
            if let pause = error.retryAfter { terms[route].askedAgain = max(terms[route].askedAgain, now + pause) }
            guard terms[route].breaker.phase != .closed || reservation.begun >= terms[route].lastFailure else { return }
            terms[route].lastFailure = now
            _ = terms[route].breaker.fail(at: now, random: random)
        }
    }
}
