import Glibc
import Synchronization
import Testing

@testable import PythonBridge

@Suite struct WorkerPoolTests {
    @Test func everyJobOfEightThreadsRunsOnce() async {
        let pool = WorkerPool(threads: 8)
        let count = Atomic<Int>(0)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask(executorPreference: pool) {
                    for _ in 0..<10_000 {
                        await Task.yield()
                        count.add(1, ordering: .relaxed)
                    }
                }
            }
        }
        #expect(count.load(ordering: .relaxed) == 80_000)
    }

    /// Two jobs that wait for each other both run: no thread is idle beside a job.
    @Test func jobsThatMeetNeedAThreadEach() async {
        let pool = WorkerPool(threads: 2)
        for _ in 0..<500 {
            let arrived = Atomic<Int>(0)
            let met = Atomic<Int>(0)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<2 {
                    group.addTask(executorPreference: pool) {
                        arrived.add(1, ordering: .sequentiallyConsistent)
                        let deadline = TimerThread.now + 10_000_000_000
                        while arrived.load(ordering: .sequentiallyConsistent) < 2, TimerThread.now < deadline {
                            sched_yield()
                        }
                        if arrived.load(ordering: .sequentiallyConsistent) == 2 {
                            met.add(1, ordering: .relaxed)
                        }
                    }
                }
            }
            #expect(met.load(ordering: .relaxed) == 2)
        }
    }

    @Test func itsThreadsBlockEverySignal() async {
        let blocked = await WorkerPool(threads: 1).run {
            var mask = sigset_t()
            pthread_sigmask(SIG_BLOCK, nil, &mask)
            return [SIGINT, SIGTERM, SIGCHLD, SIGUSR1].allSatisfy { sigismember(&mask, $0) == 1 }
        }
        #expect(blocked)
        var mask = sigset_t()
        pthread_sigmask(SIG_BLOCK, nil, &mask)
        #expect(sigismember(&mask, SIGINT) == 0, "the caller's own mask stays as it was")
    }
}
