import Glibc
import PythonBridge
import Synchronization

/// Asynchronous functions for the tests: what completes at once, elsewhere, late, never, badly.
let asyncProbes: [any PythonModuleItem] = [
    asyncFunction("ready", "value", doc: "Completes at the first step.") { (value: PythonObject) in value },
    asyncFunction("elsewhere", "value", doc: "Goes to another thread and back.") { (value: PythonObject) in
        await WorkerPool.shared.run { value }
    },
    asyncFunction("sleep", "seconds", doc: "Sleeps on Swift's timer.") { (seconds: Double) in
        try await TimerThread.shared.sleep(nanoseconds: UInt64(max(0, seconds) * 1e9))
        return seconds
    },
    asyncFunction("pass_gate", "name", "value", doc: "Waits for a gate.") { (name: String, value: PythonObject) in
        Journal.write("\(name) started")
        do {
            try await Gate.named(name).passOrCancel()
        } catch {
            Journal.write("\(name) cancelled")
            throw error
        }
        Journal.write("\(name) finished")
        return value
    },
    asyncFunction("unwind_slowly", "name", doc: "Waits to be cancelled, then cleans up until the gate opens.") {
        (name: String) async throws -> Nothing in
        Journal.write("\(name) started")
        await untilCancelled(name)
        await Gate.named(name).pass()
        Journal.write("\(name) unwound")
        throw CancellationError()
    },
    asyncFunction("swallow", "name", "value", doc: "Waits to be cancelled and returns all the same.") {
        (name: String, value: PythonObject) in
        Journal.write("\(name) started")
        await untilCancelled(name)
        return value
    },
    asyncFunction("deaf", "name", doc: "Hears no cancellation; waits for the gate.") { (name: String) in
        Journal.write("\(name) started")
        await Gate.named(name).pass()
        Journal.write("\(name) finished")
        return name
    },
    asyncFunction("spin", doc: "Occupies a worker thread for good.") { () in
        await WorkerPool.shared.run {
            while true { spins.add(1, ordering: .relaxed) }
        }
        return Nothing()
    },
    asyncFunction(
        "work_then_print", "gate", "milliseconds", "text",
        doc: "Passes the gate, opens the one called '<gate> passed', works, prints."
    ) {
        (gate: String, milliseconds: Int, text: String) in
        await WorkerPool.shared.run {
            await Gate.named(gate).pass()
            Gate.named("\(gate) passed").open()
            let end = TimerThread.now + UInt64(max(0, milliseconds)) * 1_000_000
            while TimerThread.now < end {}
            _ = text.withCString { write(STDOUT_FILENO, $0, strlen($0)) }
        }
        return Nothing()
    },
    asyncFunction("raise_now", "exception", doc: "Throws before it suspends.") {
        (exception: PythonObject) async throws(PythonError) -> Nothing in
        throw PythonError(exception: exception)
    },
    asyncFunction("raise_later", "exception", doc: "Throws on another thread.") { (exception: PythonObject) in
        try await WorkerPool.shared.run { () throws(PythonError) -> Nothing in throw PythonError(exception: exception) }
    },
    asyncFunction("raise_swift", doc: "Throws an error of Swift's.") { () async throws(ProbeFailure) -> Nothing in
        throw ProbeFailure.broken(part: 3)
    },
    asyncFunction("cancel_itself", doc: "Throws Swift's own cancellation, which nobody asked for.") {
        () async throws(CancellationError) -> Nothing in
        throw CancellationError()
    },
    asyncFunction("hold_lock", "name", doc: "Takes the shared lock and keeps it until the gate opens or a cancel.") {
        (name: String) in
        await SharedLock.shared.acquire()
        Journal.write("\(name) holds the lock")
        let result: Result<Void, CancellationError>
        do throws(CancellationError) {
            try await Gate.named(name).passOrCancel()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await SharedLock.shared.release()
        try result.get()
        return name
    },
    asyncFunction("call_back", "callback", doc: "Suspends, then calls a Python function on the loop's thread.") {
        (callback: PythonObject) in
        await WorkerPool.shared.run {}
        return try Python.hold { py throws(PythonError) in try callback.call(py) }
    },
    asyncFunction("count_elsewhere", "gate", doc: "Counts on a worker thread once the gate is open.") {
        (gate: String) in
        await WorkerPool.shared.run {
            await Gate.named(gate).pass()
            counted.add(1, ordering: .relaxed)
        }
        return Nothing()
    },
    asyncFunction("complete_from_threads", "threads", "each", doc: "As many completions from as many threads; a count.")
    {
        (threads: Int, each: Int) in
        await withTaskGroup(of: Int.self) { group in
            for _ in 0..<max(0, threads) {
                let postbox = Postbox()
                ProbeThread.start { postbox.answer(max(0, each)) }
                group.addTask {
                    var count = 0
                    while count < each {
                        await postbox.wait()
                        count += 1
                    }
                    return count
                }
            }
            return await group.reduce(0, +)
        }
    },
    function("open_gate", "name", doc: "Lets through whoever waits there and comes there.") { (name: String) in
        Gate.named(name).open()
        return Nothing()
    },
    function("open_gate_elsewhere", "name", doc: "The same, on a worker thread.") { (name: String) in
        Task.detached(executorPreference: WorkerPool.shared) { Gate.named(name).open() }
        return Nothing()
    },
    function("shut_gate", "name", doc: "Closes a gate again.") { (name: String) in
        Gate.named(name).shut()
        return Nothing()
    },
    function("waiting_at", "name", doc: "How many wait at a gate.") { (name: String) in Gate.named(name).waiting },
    function("take_journal", doc: "What Swift did since the last time, a line each.") { () in Journal.take() },
    function("set_grace", "seconds", doc: "How long a cancelled call may take.") { (seconds: Double) in
        LoopBridge.cancellationGrace.value = UInt64(seconds * 1e9)
        return Nothing()
    },
    function("set_exit_patience", "seconds", doc: "How long an exit waits for Swift at work.") { (seconds: Double) in
        WorkerPool.exitPatience.value = UInt64(seconds * 1e9)
        return Nothing()
    },
    function("counted", doc: "What `count_elsewhere` has counted.") { () in counted.load(ordering: .relaxed) },
    function("hold_interpreter_until_counted", "gate", "wanted", "seconds", doc: "Opens the gate; gives the count.") {
        (gate: String, wanted: Int, seconds: Double) in
        // Python is held all along: whoever needed it would not come to count.
        Gate.named(gate).open()
        let deadline = TimerThread.now + UInt64(seconds * 1e9)
        while counted.load(ordering: .relaxed) < wanted, TimerThread.now < deadline {}
        return counted.load(ordering: .relaxed)
    },
    function("spins", doc: "How often `spin` has gone round.") { () in spins.load(ordering: .relaxed) },
    function("drop_elsewhere", "value", doc: "Lets a worker thread drop the last reference.") { (value: PythonObject) in
        Task.detached(executorPreference: WorkerPool.shared) { withExtendedLifetime(value) {} }
        return Nothing()
    },
    function("live_calls", doc: "Calls of asynchronous functions that anything still holds.") { () in
        BridgeCensus.calls
    },
    function("live_loops", doc: "Event loops the bridge knows.") { () in BridgeCensus.loops },
    function("pending_timers", doc: "Deadlines that are set.") { () in TimerThread.shared.pending },
]

private let counted = Atomic<Int>(0)
private let spins = Atomic<Int>(0)

enum ProbeFailure: Error { case broken(part: Int) }

/// Suspends until the task is cancelled, and writes that down.
private func untilCancelled(_ name: String) async {
    let never = Gate()
    try? await never.passOrCancel()
    Journal.write("\(name) cancelled")
}
