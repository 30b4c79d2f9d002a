import CPython
import Glibc
import Synchronization
import Testing

@testable import PythonBridge

/// The queue of an event loop's thread: what signals, what runs where, in which order, and what a closed loop does.
///
/// Here the thread of the test is the loop's: it polls the eventfd and drains, as the loop's bridge does.
@Suite struct LoopExecutorTests {
    init() throws { try TestInterpreter.hold { _ in } }

    private func makeExecutor() throws -> LoopExecutor {
        let descriptor = py_eventfd()
        try #require(descriptor >= 0)
        return LoopExecutor(descriptor: descriptor)
    }

    /// How often the executor has signalled since the last look.
    private func signals(_ executor: LoopExecutor) -> UInt64 {
        var count: UInt64 = 0
        return read(executor.descriptor, &count, 8) == 8 ? count : 0
    }

    private func drain(_ executor: LoopExecutor, limit: Int = 4096) throws {
        try TestInterpreter.hold { py in executor.runQueued(limit: limit, py) }
    }

    @Test func onlyTheFirstOfManySignals() throws {
        let executor = try makeExecutor()
        let done = Mutex<[Int]>([])
        TestThread { for number in 0..<100 { executor.post { _ in done.withLock { $0.append(number) } } } }.join()
        #expect(signals(executor) == 1)
        #expect(executor.hasWork)
        try drain(executor)
        #expect(done.withLock { $0 } == Array(0..<100))
        #expect(!executor.hasWork)
        executor.post { _ in }
        #expect(signals(executor) == 1, "the queue was empty again")
    }

    @Test func aThreadThatIsAboutToLookNeedsNoSignal() throws {
        let executor = try makeExecutor()
        executor.drainingDepth = 1
        executor.post { _ in }
        #expect(signals(executor) == 0)
        try drain(executor)
        TestThread { executor.post { _ in } }.join()
        #expect(signals(executor) == 1, "another thread cannot know that")
    }

    @Test func aJobThatDrainsRunsNoOtherInsideItself() throws {
        let executor = try makeExecutor()
        let order = Mutex<[String]>([])
        executor.post { py in
            executor.post { _ in order.withLock { $0.append("second") } }
            executor.runQueued(limit: 10, py)
            order.withLock { $0.append("first") }
        }
        try drain(executor)
        #expect(order.withLock { $0 } == ["first", "second"])
    }

    /// What queues itself again and again leaves the loop its turn.
    @Test func aDrainEnds() throws {
        let executor = try makeExecutor()
        let count = Atomic<Int>(0)
        @Sendable func again() {
            executor.post { _ in
                count.add(1, ordering: .relaxed)
                again()
            }
        }
        again()
        try drain(executor, limit: 50)
        #expect(count.load(ordering: .relaxed) == 50)
        #expect(executor.hasWork)
        #expect(executor.close().count == 1)
    }

    @Test func aTaskRunsWhereTheQueueIsDrained() async throws {
        let executor = try makeExecutor()
        let place = Mutex<UInt?>(nil)
        let task = Task(executorPreference: executor) { place.withLock { $0 = UInt(pthread_self()) } }
        let drained = Mutex<UInt>(0)
        TestThread {
            executor.adoptThread()
            drained.withLock { $0 = UInt(pthread_self()) }
            var poller = pollfd(fd: executor.descriptor, events: Int16(POLLIN), revents: 0)
            #expect(poll(&poller, 1, 30_000) == 1)
            Python.hold { py in executor.runQueued(limit: 10, py) }
            #expect(executor.isOnThread)
        }.join()
        await task.value
        #expect(place.withLock { $0 } == drained.withLock { $0 })
        #expect(!executor.isOnThread, "that thread has adopted it")
    }

    @Test func aClosedLoopRefusesActionsAndLeavesJobsToTheWorkers() async throws {
        let executor = try makeExecutor()
        let ran = Mutex<[String]>([])
        for name in ["one", "two"] { executor.post { _ in ran.withLock { $0.append(name) } } }
        let before = Task(executorPreference: executor) { Python.isHeld }
        while signals(executor) == 0 { await Task.yield() }
        // The job may be queued after the actions: the loop closes when it is there, or it finds the loop closed.
        let left = executor.close()
        #expect(left.count == 2)
        #expect(ran.withLock { $0 } == [], "closing runs nothing itself")
        try TestInterpreter.hold { py in for action in left { action(py) } }
        #expect(ran.withLock { $0 } == ["one", "two"])
        #expect(executor.post { _ in } == false)
        #expect(await before.value == false)
        #expect(await Task(executorPreference: executor) { Python.isHeld }.value == false, "a worker has no Python")
        #expect(!executor.hasWork)
    }

    /// No wake-up is lost, whenever a thread queues between the look at the signal and the look at the queue.
    @Test func everyActionOfEightThreadsRunsOnce() throws {
        let executor = try makeExecutor()
        let each = 25_000
        let count = Atomic<Int>(0)
        let threads = (0..<8).map { _ in
            TestThread { for _ in 0..<each { executor.post { _ in count.add(1, ordering: .relaxed) } } }
        }
        while count.load(ordering: .relaxed) < 8 * each {
            var poller = pollfd(fd: executor.descriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&poller, 1, 30_000) == 1, "a signal was lost")
            _ = signals(executor)
            try drain(executor, limit: .max)
        }
        for thread in threads { thread.join() }
        #expect(count.load(ordering: .relaxed) == 8 * each)
    }
}
