import Glibc
import Synchronization
import Testing

@testable import PythonBridge

/// Waits whose Swift runs on the thread that waits.
@Suite struct CallerExecutorTests {
    /// A door that tasks wait at, and that is opened from any thread.
    private final class Door: Sendable {
        private struct State {
            var isOpen = false
            var waiter: CheckedContinuation<Void, Never>?
        }
        private let state = Mutex(State())

        func open() {
            let waiter = state.withLock { state in
                state.isOpen = true
                return state.waiter.take()
            }
            waiter?.resume()
        }

        func pass() async {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiter = continuation }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }
    }

    private static var here: UInt { UInt(pthread_self()) }

    @Test func theThreadThatWaitsRunsIt() {
        TestThread {
            try TestInterpreter.hold { _ in
                let door = Door()
                let opener = TestThread {
                    usleep(1_000)
                    door.open()
                }
                defer { opener.join() }
                let (before, after) = try Python.wait("test", on: .caller) {
                    let before = Self.here
                    await door.pass()
                    return (before, Self.here)
                }
                #expect(before == Self.here && after == Self.here)
            }
        }.join()
    }

    @Test func manyWaitsBesideEachOtherEachEnd() {
        let threads = (0..<8).map { number in
            TestThread {
                try TestInterpreter.hold { _ in
                    var sum = 0
                    for round in 0..<200 {
                        sum += try Python.wait("test", on: .caller) {
                            await withTaskGroup(of: Int.self) { group in
                                for part in 0..<3 { group.addTask { await WorkerPool.shared.run { part } } }
                                return await group.reduce(0, +)
                            } + round + number
                        }
                    }
                    #expect(sum == 200 * (3 + number) + 199 * 100)
                }
            }
        }
        for thread in threads { thread.join() }
    }

    @Test func whatItThrowsIsThrown() {
        struct Wrong: Error {}
        TestThread {
            try TestInterpreter.hold { _ in
                _ = #expect(throws: Wrong.self) {
                    try Python.wait("test", on: .caller) {
                        await Task.yield()
                        throw Wrong()
                    }
                }
            }
        }.join()
    }

    @Test func whatComesAfterTheThreadHasLeftRunsElsewhere() async {
        let executor = CallerExecutor()
        let door = Door()
        let task = Task(executorPreference: executor) {
            await door.pass()
            return 7
        }
        executor.leave()
        door.open()
        #expect(await task.value == 7)
    }
}
