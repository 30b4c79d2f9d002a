import Testing

@testable import DanaHTTP

/// Time-outs, told from moments.
@Suite struct TransferDeadlineTests {
    private let timeouts = HTTPTimeouts(
        connect: .seconds(1), firstByte: .nanoseconds(100), idle: .nanoseconds(50), total: .nanoseconds(1000))

    @Test func eachClockRunsInItsTime() {
        var deadline = TransferDeadline(timeouts, start: 1000)
        #expect(deadline.next == 1100)
        #expect(deadline.expired(1099) == nil)
        #expect(deadline.expired(1100)?.code == .firstByteTimedOut)
        deadline.headArrived(1090)
        #expect(deadline.next == 1140)
        deadline.bytesArrived(1130)
        #expect(deadline.expired(1179) == nil)
        #expect(deadline.expired(1180)?.code == .idleTimedOut)
        deadline.bytesArrived(1990)
        #expect(deadline.next == 2000)
        #expect(deadline.expired(2000)?.code == .totalTimedOut)
    }

    @Test func theIdleClockStandsStillWhileTheReaderIsSlow() {
        var deadline = TransferDeadline(timeouts, start: 0)
        deadline.headArrived(0)
        deadline.paused()
        #expect(deadline.expired(900) == nil)
        deadline.continued(900)
        #expect(deadline.next == 950)
    }

    @Test func nothingOverflows() {
        let endless = HTTPTimeouts(
            firstByte: .seconds(Int64.max), idle: .seconds(Int64.max), total: .seconds(Int64.max))
        #expect(TransferDeadline(endless, start: .max - 1).next == .max)
        let past = HTTPTimeouts(firstByte: .seconds(-1), total: .seconds(-1))
        #expect(TransferDeadline(past, start: 5).next == 5)
    }

    @Test func scansAreRare() {
        var scan = DeadlineScan()
        #expect(!scan.isDue(.max - 1))
        #expect(scan.wait(0, longest: 60_000) == 60_000)
        scan.added(1_000_000_000)
        scan.added(2_000_000_000)
        #expect(scan.wait(0, longest: 60_000) == 1001)
        #expect(scan.isDue(1_000_000_000))
        scan.done(1_000_000_000, earliest: 1_000_000_001)
        #expect(!scan.isDue(1_000_000_001))
        #expect(scan.isDue(1_000_000_000 + DeadlineScan.interval))
        scan.done(0, earliest: nil)
        #expect(!scan.isDue(1 << 62))
    }
}
