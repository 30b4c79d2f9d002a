import Glibc
import Synchronization
import Testing

@testable import PythonBridge

@Suite struct TimerThreadTests {
    @Test func eachFiresExactlyOnce() async {
        let timers = TimerThread()
        let order = Mutex<[Int]>([])
        let now = TimerThread.now
        await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
            for number in [2, 0, 1] {
                timers.schedule(timers.reserve(), at: now + UInt64(number) * 1_000_000) { isDue in
                    #expect(isDue)
                    let count = order.withLock { order in
                        order.append(number)
                        return order.count
                    }
                    if count == 3 { done.resume() }
                }
            }
        }
        #expect(order.withLock { $0.sorted() } == [0, 1, 2])
        #expect(timers.pending == 0)
    }

    @Test func aCancelledDeadlineIsToldAndForgotten() {
        let timers = TimerThread()
        let told = Mutex<[Bool]>([])
        let id = timers.reserve()
        timers.schedule(id, at: .max) { isDue in told.withLock { $0.append(isDue) } }
        #expect(timers.pending == 1)
        #expect(timers.cancel(id))
        #expect(!timers.cancel(id))
        #expect(told.withLock { $0 } == [false])
        #expect(timers.pending == 0)
    }

    @Test func aCancelledSleepEndsAtOnce() async {
        let timers = TimerThread()
        let sleeping = Task { try await timers.sleep(nanoseconds: .max) }
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { try await sleeping.value }
        #expect(timers.pending == 0)
    }

    /// At the exit: who is being told has a moment, and nobody is told afterwards.
    @Test func aQuietThreadTellsNobody() async {
        let timers = TimerThread()
        let told = Mutex<[String]>([])
        await withCheckedContinuation { (begun: CheckedContinuation<Void, Never>) in
            timers.schedule(timers.reserve(), at: 0) { _ in
                begun.resume()
                while !timers.isQuiescing { sched_yield() }
                told.withLock { $0.append("first") }
            }
        }
        timers.schedule(timers.reserve(), at: 0) { _ in told.withLock { $0.append("second") } }
        timers.quiesce(patience: 60_000_000_000)
        #expect(told.withLock { $0 } == ["first"])
        timers.schedule(timers.reserve(), at: 0) { _ in told.withLock { $0.append("third") } }
        usleep(20_000)
        #expect(told.withLock { $0 } == ["first"])
        #expect(timers.pending == 2)
    }

    @Test func aMillionCancelledDeadlines() {
        let timers = TimerThread()
        for _ in 0..<1_000_000 {
            let id = timers.reserve()
            timers.schedule(id, at: .max) { _ in }
            timers.cancel(id)
        }
        #expect(timers.pending == 0)
    }
}
