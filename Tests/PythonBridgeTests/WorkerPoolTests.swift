import Glibc
import Synchronization
import Testing

@testable import PythonBridge

@Suite struct WorkerPoolTests {
    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)
        var value: Int { count.load(ordering: .sequentiallyConsistent) }
        func add() { count.add(1, ordering: .sequentiallyConsistent) }
    }

    @Test func everyJobOfEightThreadsRunsOnce() async {
        let pool = WorkerPool(threads: 8)
        let count = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask(executorPreference: pool) {
                    for _ in 0..<10_000 {
                        await Task.yield()
                        count.add()
                    }
                }
            }
        }
        #expect(count.value == 80_000)
    }

    /// Two jobs that wait for each other both run: no thread is idle beside a job.
    @Test func jobsThatMeetNeedAThreadEach() async {
        let pool = WorkerPool(threads: 2)
        for _ in 0..<500 {
            let arrived = Counter()
            let met = Counter()
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask(executorPreference: pool) {
                        arrived.add()
                        let deadline = TimerThread.now + 10_000_000_000
                        while arrived.value < 2, TimerThread.now < deadline {
                            sched_yield()
                        }
                        if arrived.value == 2 {
                            met.add()
                        }
                    }
                }
            }
            #expect(met.value == 2)
        }
    }

    @Test func itsThreadsBlockEverySignal() async {
        let blocked = await WorkerPool(threads: 1).run {
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            return [SIGINT, SIGTERM, SIGCHLD, SIGUSR1].allSatisfy { sigismember(&mask, $0) == 1 }
        }
        #expect(blocked)
    }
}
