import DanaPools

/// How often something may end before it is left alone for a while. What ends too often within a window of time rests,
/// longer each time, until it has gone well for a whole window.
package struct RestartIntensity: Sendable, Hashable {
    private let most: Int
    private let window: Duration
    private let pause: Backoff
    private var ends: [PoolTime] = []
    private var rests = 0
    private var restsUntil = PoolTime.start

    /// It rests when it has ended `most` times within the window.
    package init(
        most: Int = 5, window: Duration = .seconds(60), pause: Backoff = Backoff(base: .seconds(2), cap: .seconds(60))
    ) {
        self.most = max(1, most)
        self.window = window
        self.pause = pause
    }

    /// How long it is not to be started yet; nil when it may be.
    func rest(at now: PoolTime) -> Duration? { now < restsUntil ? restsUntil - now : nil }

    /// It has ended; `random` lies between 0 and 1.
    mutating func ended(at now: PoolTime, random: Double) {
        ends = ends.filter { now - $0 < window }.suffix(most - 1) + [now]
        if ends.count == 1 { rests = 0 }
        guard ends.count >= most else { return }
        rests += rests == .max ? 0 : 1
        restsUntil = now + pause.bound(failures: rests) / 2 + pause.delay(failures: rests, random: random) / 2
    }
}
