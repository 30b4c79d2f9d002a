/// Everything that bounds a pool, in one table; each has a default.
public struct PoolLimits: Sendable, Equatable {
    /// How many resources there are at most, those included that are being made, checked or closed.
    public var maxSize = 10
    /// How many resources lie ready, made ahead of any request.
    public var minIdle = 0
    /// How many requests wait at most; the next is refused.
    public var queueBound = 10_000
    /// How many resources one named tenant holds at most; `nil` binds nobody.
    public var maxPerTenant: Int?
    /// How long a request waits.
    public var acquisitionTimeout = Duration.seconds(30)
    /// By how much a request's priority is worth more than the next lower one, as time waited.
    public var ageing = Duration.seconds(10)
    /// How long a resource lies idle before it is closed, unless `minIdle` keeps it.
    public var idleTimeout = Duration.seconds(600)
    /// How long a resource lives; it is closed when it is next idle.
    public var maxLifetime = Duration.seconds(1_800)
    /// By how much of it at most, chosen at random, a lifetime is shorter, so that not all end at once.
    public var lifetimeJitter = 0.1
    /// How long a resource that was used or validated is lent again unasked.
    public var validationFreshness = Duration.milliseconds(500)
    /// How often an idle resource is validated.
    public var idleCheckInterval = Duration.seconds(30)
    /// How long making one resource may take.
    public var makeTimeout = Duration.seconds(60)
    /// How long validating or resetting one may take.
    public var checkTimeout = Duration.seconds(5)
    /// How long closing one may take before the pool no longer counts it.
    public var closeTimeout = Duration.seconds(10)
    /// How long a drain waits for borrowers before it takes their resources away.
    public var drainTimeout = Duration.seconds(30)
    /// How long a borrower may keep a resource before an event says so.
    public var longLease = Duration.seconds(300)
    /// How long to wait after failures to make a resource.
    public var makeBackoff = Backoff(base: .milliseconds(100), cap: .seconds(10))
    /// After how many failures in a row to make a resource requests are refused at once.
    public var breakerThreshold = 5
    /// For how long they are refused before one resource is tried.
    public var breakerPause = Backoff(base: .seconds(1), cap: .seconds(30))

    public init(maxSize: Int = 10, minIdle: Int = 0) {
        self.maxSize = maxSize
        self.minIdle = minIdle
    }

    /// What `maxSize` may be.
    public static let sizes = 1...largest

    /// Throws when a limit makes no sense.
    func check() throws(PoolError) {
        func demand(_ holds: Bool, _ name: String, _ demand: String) throws(PoolError) {
            if !holds { throw .invalidLimit(name: name, demand: demand) }
        }
        try demand(Self.sizes.contains(maxSize), "maxSize", "from 1 to \(Self.largest)")
        try demand((0...maxSize).contains(minIdle), "minIdle", "from 0 to maxSize (\(maxSize))")
        try demand((0...Self.largest).contains(queueBound), "queueBound", "from 0 to \(Self.largest)")
        try demand(maxPerTenant.map { $0 >= 1 } ?? true, "maxPerTenant", "at least 1")
        try demand((0...1).contains(lifetimeJitter), "lifetimeJitter", "from 0 to 1")
        try demand(breakerThreshold >= 1, "breakerThreshold", "at least 1")
        let spans = [
            ("acquisitionTimeout", acquisitionTimeout), ("ageing", ageing), ("drainTimeout", drainTimeout),
            ("validationFreshness", validationFreshness),
        ]
        for (name, span) in spans { try demand(span >= .zero, name, "not negative") }
        let positive = [
            ("idleTimeout", idleTimeout), ("maxLifetime", maxLifetime), ("idleCheckInterval", idleCheckInterval),
            ("makeTimeout", makeTimeout), ("checkTimeout", checkTimeout), ("closeTimeout", closeTimeout),
            ("longLease", longLease),
        ]
        for (name, span) in positive { try demand(span > .zero, name, "more than nothing") }
    }

    private static let largest = 10_000_000
}
