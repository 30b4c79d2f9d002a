import DanaLanguage
import DanaSystem

extension Clock {
    /// The machine's monotonic clock.
    static let machine = Clock(now: { MonotonicTime.now }, roughNow: { MonotonicTime.rough })
}
