import DanaPools

/// One call on its way through the models of a router: what was tried, how often, and what comes next.
struct RoutedCall {
    enum Next: Equatable {
        case wait(Duration)
        case nextModel
        case fail
    }

    /// A model that is to be asked again when the others have been.
    private struct Postponed {
        let error: ModelError
        let failures: Int
        let until: PoolTime
    }

    private let policy: RetryPolicy
    /// The models that are not to be asked again.
    private var exhausted: Set<Int> = []
    private var postponed: [Int: Postponed] = [:]
    private(set) var errors: [ModelError] = []
    private var failures = 0
    private var waited = Duration.zero

    init(_ policy: RetryPolicy) { self.policy = policy }

    /// The models that are not to be asked next.
    var excluded: Set<Int> { exhausted.union(postponed.keys) }

    /// Whether the call may wait for a model's rate; `left` is what is left of its time.
    mutating func mayWait(_ duration: Duration, left: Duration) -> Bool {
        guard duration < left, waited + duration <= policy.totalWait else { return false }
        waited += duration
        return true
    }

    /// The model cannot be asked in time.
    mutating func skip(_ route: Int, _ error: ModelError) {
        errors.append(error)
        exhausted.insert(route)
        failures = 0
    }

    /// What comes after a failure; `left` is what is left of the call's time, `hasOthers` whether another model can be
    /// asked meanwhile.
    mutating func failed(
        _ error: ModelError, at route: Int, now: PoolTime, left: Duration, hasOthers: Bool, random: Double
    ) -> Next {
        failures += 1
        if let delay = policy.delay(after: error, failures: failures, waited: waited, random: random), delay < left {
            if hasOthers, policy.isLong(delay, failures: failures) {
                postponed[route] = Postponed(error: error, failures: failures, until: now + delay)
                failures = 0
                return .nextModel
            }
            waited += delay
            return .wait(delay)
        }
        skip(route, error)
        return Self.isWorthAnotherModel(error) ? .nextModel : .fail
    }

    /// When no other is left: the postponed model whose time comes first, and how long to wait for it; nil when there is
    /// none, or the wait is too long.
    mutating func resume(at now: PoolTime, left: Duration) -> (route: Int, delay: Duration)? {
        guard let (route, next) = postponed.min(by: { $0.value.until < $1.value.until }) else { return nil }
        let delay = max(.zero, next.until - now)
        guard mayWait(delay, left: left) else { return nil }
        postponed[route] = nil
        failures = next.failures
        return (route, delay)
    }

    /// Whether another model may do better with the same request.
    private static func isWorthAnotherModel(_ error: ModelError) -> Bool {
        switch error.code {
        case .invalidRequest, .contentFiltered, .schemaMismatch, .cancelled, .budgetExceeded: false
        default: true
        }
    }

    /// What the caller is told in the end; `rests` is why nobody was asked of the models that are left.
    func failure(_ name: String, resting rests: [ModelError] = []) -> ModelError {
        let waiting = postponed.keys.sorted().compactMap { postponed[$0]?.error }
        let errors = waiting + errors + rests
        guard let last = errors.last else { return ModelError(.noModelLeft, "there is no model to ask", model: name) }
        guard errors.count > 1, Self.isWorthAnotherModel(last) else { return last }
        var error = ModelError(
            .noModelLeft, "no model answered: \(errors.map(\.description).joined(separator: "; "))", model: name)
        error.retryAfter = errors.compactMap(\.retryAfter).min()
        return error
    }
}
