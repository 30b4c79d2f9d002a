import DanaSystem

/// When an exchange has taken too long, told from the moments at which something happened; times are nanoseconds.
struct TransferDeadline {
    /// How long the rest of an answer that nobody reads may take.
    private static let drainTime = Duration.milliseconds(200)

    private let timeouts: HTTPTimeouts
    private let start: UInt64
    private var lastArrival: UInt64
    private var hasHead = false
    private var isPaused = false
    private var drainStart: UInt64?

    init(_ timeouts: HTTPTimeouts, start: UInt64) {
        self.timeouts = timeouts
        self.start = start
        lastArrival = start
    }

    mutating func headArrived(_ now: UInt64) {
        hasHead = true
        lastArrival = now
    }

    mutating func bytesArrived(_ now: UInt64) { lastArrival = now }

    mutating func paused() { isPaused = true }

    mutating func continued(_ now: UInt64) {
        isPaused = false
        lastArrival = now
    }

    /// The reader has what it needs.
    mutating func draining(_ now: UInt64) { drainStart = now }

    /// The moment of the next time-out.
    var next: UInt64 { min(total.moment, current?.moment ?? .max) }

    /// What has run out, and in words.
    func expired(_ now: UInt64) -> (code: HTTPError.Code, message: String)? {
        for clock in [current, total].compactMap({ $0 }) where clock.moment <= now {
            return (clock.code, "\(clock.what) within \(clock.limit.told), the time-out `\(clock.name)`")
        }
        return nil
    }

    private struct Clock {
        let code: HTTPError.Code
        let name: String
        let what: String
        let limit: Duration
        let moment: UInt64
    }

    private var total: Clock {
        Clock(
            code: .totalTimedOut, name: "total", what: "the exchange did not end", limit: timeouts.total,
            moment: start.later(by: timeouts.total))
    }

    private var current: Clock? {
        if !hasHead {
            return Clock(
                code: .firstByteTimedOut, name: "firstByte", what: "no answer began", limit: timeouts.firstByte,
                moment: start.later(by: timeouts.firstByte))
        }
        if let drainStart {
            return Clock(
                code: .cancelled, name: "drain", what: "the rest did not arrive", limit: Self.drainTime,
                moment: drainStart.later(by: Self.drainTime))
        }
        guard !isPaused else { return nil }
        return Clock(
            code: .idleTimedOut, name: "idle", what: "nothing more arrived", limit: timeouts.idle,
            moment: lastArrival.later(by: timeouts.idle))
    }
}

extension UInt64 {
    /// This moment and `duration`, at most the last moment there is.
    fileprivate func later(by duration: Duration) -> UInt64 {
        let (seconds, attoseconds) = duration.components
        guard seconds >= 0, attoseconds >= 0 else { return self }
        let (nanoseconds, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (moment, beyond) = addingReportingOverflow(nanoseconds)
        let (exact, past) = moment.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return overflow || beyond || past ? .max : exact
    }
}
