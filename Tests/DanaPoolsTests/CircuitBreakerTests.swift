import Testing

@testable import DanaPools

/// When a failing thing is tried, and how long is waited between.
@Suite struct CircuitBreakerTests {
    /// A breaker that an expectation may change.
    private final class Fuse {
        private(set) var breaker: CircuitBreaker

        init(threshold: Int) {
            breaker = CircuitBreaker(threshold: threshold, pause: CircuitBreakerTests.pause)
        }

        func begin(at now: PoolTime) -> Bool { breaker.begin(at: now) }
        func fail(at now: PoolTime, random: Double) -> Bool { breaker.fail(at: now, random: random) }
        func succeed() { breaker.succeed() }
        func withdraw() { breaker.withdraw() }
    }

    private static let pause = Backoff(base: .seconds(2), cap: .seconds(5))

    @Test func opensAfterFailuresInARow() {
        let fuse = Fuse(threshold: 3)
        for _ in 0..<2 { #expect(!fuse.fail(at: .start, random: 1)) }
        fuse.succeed()
        for _ in 0..<2 { #expect(!fuse.fail(at: .start, random: 1)) }
        #expect(fuse.begin(at: .start))
        #expect(fuse.fail(at: .start, random: 1))
        #expect(fuse.breaker.phase == .open)
        #expect(!fuse.begin(at: .start + .milliseconds(1_999)))
    }

    @Test func oneProbeDecides() {
        let fuse = Fuse(threshold: 1)
        #expect(fuse.fail(at: .start, random: 1))
        let again = PoolTime.start + .seconds(2)
        #expect(fuse.begin(at: again))
        #expect(fuse.breaker.phase == .halfOpen)
        #expect(!fuse.begin(at: again))
        #expect(fuse.fail(at: again, random: 0))
        #expect(fuse.breaker.reopens == again + .seconds(2))
        #expect(fuse.begin(at: fuse.breaker.reopens))
        fuse.succeed()
        #expect(fuse.breaker.phase == .closed)
        #expect(fuse.breaker.openings == 0)
    }

    @Test func aProbeWithoutAnAnswerMayBeRepeated() {
        let fuse = Fuse(threshold: 1)
        _ = fuse.fail(at: .start, random: 0)
        #expect(fuse.begin(at: fuse.breaker.reopens))
        fuse.withdraw()
        #expect(fuse.begin(at: fuse.breaker.reopens))
    }

    @Test(arguments: [(0, 0), (1, 2), (2, 4), (3, 5), (64, 5), (Int.max, 5)])
    func waitsDoubleUpToACap(failures: Int, seconds: Int) {
        #expect(Self.pause.bound(failures: failures) == .seconds(seconds))
        #expect(Self.pause.delay(failures: failures, random: 0) == .zero)
        #expect(Self.pause.delay(failures: failures, random: 0.5) == .seconds(seconds) / 2)
        #expect(Self.pause.delay(failures: failures, random: 7) == .seconds(seconds))
    }

    @Test func timeStopsAtItsEnds() {
        #expect(PoolTime.never + .seconds(1) == .never)
        #expect(PoolTime.start + .seconds(Int64.max) == .never)
        #expect(PoolTime.start + .seconds(-1) == .start)
        #expect(PoolTime.start - PoolTime.never == .zero)
        #expect(PoolTime.never - PoolTime.start == .nanoseconds(Int64.max))
    }
}
