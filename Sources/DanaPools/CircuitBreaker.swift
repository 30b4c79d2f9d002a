/// Decides whether something that keeps failing is tried at all. Closed, it lets every try through; after a number of
/// failures in a row it opens and lets none through for a while; then, half open, one probe decides.
public struct CircuitBreaker: Hashable, Sendable {
    public enum Phase: String, Hashable, Sendable {
        /// Every try goes through. Becomes `open`.
        case closed
        /// No try goes through. Becomes `halfOpen` with the first try after its pause.
        case open
        /// One probe is under way. Becomes `closed` when it succeeds, `open` when it fails.
        case halfOpen
    }

    public let threshold: Int
    public let pause: Backoff
    public private(set) var phase = Phase.closed
    /// The failures in a row while it is closed.
    public private(set) var failures = 0
    /// How often in a row it has opened.
    public private(set) var openings = 0
    /// When an open one lets a probe through.
    public private(set) var reopens = PoolTime.start

    public init(threshold: Int, pause: Backoff) {
        self.threshold = threshold
        self.pause = pause
    }

    /// Whether `begin` would let a try through.
    public func allows(at now: PoolTime) -> Bool {
        switch phase {
        case .closed: true
        case .open: now >= reopens
        case .halfOpen: false
        }
    }

    /// Asks to try; the answer to true is `succeed` or `fail`, or `withdraw`.
    public mutating func begin(at now: PoolTime) -> Bool {
        guard allows(at: now) else { return false }
        if phase == .open { phase = .halfOpen }
        return true
    }

    /// A try has succeeded.
    public mutating func succeed() {
        self = CircuitBreaker(threshold: threshold, pause: pause)
    }

    /// A try has failed; true when the breaker opens by that. `random` lies between 0 and 1.
    public mutating func fail(at now: PoolTime, random: Double) -> Bool {
        failures += failures == .max ? 0 : 1
        switch phase {
        case .closed where failures < threshold: return false
        case .open: return false  // a try from before it opened
        case .closed, .halfOpen: break
        }
        phase = .open
        openings += openings == .max ? 0 : 1
        let bound = pause.bound(failures: openings)
        reopens = now + bound / 2 + pause.delay(failures: openings, random: random) / 2
        return true
    }

    /// A try has ended and says nothing.
    public mutating func withdraw() {
        if phase == .halfOpen { phase = .open }
    }
}
