import PythonBridge

/// Where Swift awaits Python, streams to it, iterates it and blocks on itself.
@PythonModuleBuilder var crossingProbes: [any PythonModuleItem] {
    asyncFunction("await_python", "awaitable", doc: "Awaits on the loop's thread.") { (awaitable: PythonObject) in
        try await awaitable.awaited()
    }
    asyncFunction("await_call", "function", doc: "Calls and awaits from a worker's thread.") {
        (function: PythonObject) in
        try await WorkerPool.shared.run {
            try await Python.awaiting { py throws(PythonError) in try function.call(py) }
        }
    }
    asyncFunction("await_under_cancel", "name", "function", doc: "Cancels its wait for Python when the gate opens.") {
        (name: String, function: PythonObject) async throws -> String in
        let wait = Task(executorPreference: LoopBridge.current.map { _ in WorkerPool.shared }) {
            try await Python.awaiting { py throws(PythonError) in try function.call(py) }
        }
        await Gate.named(name).pass()
        wait.cancel()
        switch await wait.result {
        case .success: return "value"
        case .failure(let error): return error is CancellationError ? "cancelled" : "error"
        }
    }
    asyncFunction("collect", "iterable", "limit", doc: "What an asynchronous iterable gives, at most `limit` of it.") {
        (iterable: PythonObject, limit: Int) in
        var items: [PythonObject] = []
        guard limit > 0 else { return items }
        for try await item in iterable.asyncSequence() {
            items.append(item)
            if items.count == limit { break }
        }
        return items
    }
    asyncFunction("enter", "manager", "body", doc: "Runs a coroutine function inside an asynchronous context manager.")
    {
        (manager: PythonObject, body: PythonObject) in
        try await manager.asyncWith { value in
            try await Python.awaiting { py throws(PythonError) in try body.call(value, py: py) }
        }
    }
    asyncFunction("call_after_suspension", "function", doc: "Leaves the thread, comes back, calls.") {
        (function: PythonObject) in
        await WorkerPool.shared.run {}
        return try Python.hold { py throws(PythonError) in try function.call(py) }
    }
    asyncFunction("call_on_a_worker", "function", doc: "Calls on a worker's thread, which takes Python for it.") {
        (function: PythonObject) in
        try await WorkerPool.shared.run {
            try Python.hold { py throws(PythonError) in try function.call(py) }
        }
    }
    asyncFunction(
        "call_on_a_worker_during_first_step", "blocking", "function",
        doc: "Calls the second on a worker's thread while the first runs on the loop's."
    ) {
        (blocking: PythonObject, function: PythonObject) in
        let worker = Task(executorPreference: globalConcurrentExecutor) {
            try Python.hold { py throws(PythonError) in try function.call(py) }
        }
        try Python.hold { py throws(PythonError) in _ = try blocking.call(py) }
        return try await worker.value
    }
    asyncFunction("with_local", "value", "function", doc: "Awaits a coroutine function with a task-local value set.") {
        (value: Int, function: PythonObject) in
        try await ProbeLocal.$value.withValue(value) {
            try await Python.awaiting { py throws(PythonError) in try function.call(py) }
        }
    }
    asyncFunction("with_local_elsewhere", "value", "function", doc: "The same from a worker's thread.") {
        (value: Int, function: PythonObject) in
        try await ProbeLocal.$value.withValue(value) {
            try await WorkerPool.shared.run {
                try await Python.awaiting { py throws(PythonError) in try function.call(py) }
            }
        }
    }
    DeadlineVariable("deadline_variable")
    asyncFunction("remaining", doc: "Seconds left of the deadline that Swift sees, or None.") { () -> Double? in
        Deadline.current.map { Double($0.remainingNanoseconds) / 1e9 }
    }
    asyncFunction("under_deadline", "seconds", "function", doc: "Awaits a coroutine function under a deadline.") {
        (seconds: Double, function: PythonObject) async throws -> PythonObject in
        guard seconds.isFinite, (0...1e6).contains(seconds) else { throw PythonError.valueError("seconds") }
        return try await Deadline.run(.after(nanoseconds: UInt64(seconds * 1e9))) {
            try await Python.awaiting { py throws(PythonError) in try function.call(py) }
        }
    }
    asyncFunction("read_local", doc: "The task-local value that this call sees.") { () in ProbeLocal.value }
    function("call_with_local", "value", "function", doc: "Calls a function with a task-local value set.") {
        (value: Int, function: PythonObject) in
        try ProbeLocal.$value.withValue(value) {
            try Python.hold { py throws(PythonError) in try function.call(py) }
        }
    }
    function("local", doc: "The task-local value that this call sees.") { () in ProbeLocal.value }
    function("count", "limit", optional("buffer", 64), doc: "Counts without waiting.") { (limit: Int, buffer: Int) in
        PythonStream("count", buffer: buffer) { ProbeNumbers(name: nil, limit: limit, failure: nil) }
    }
    function("count_aloud", "name", "limit", optional("buffer", 64), doc: "Counts, and keeps a journal of it.") {
        (name: String, limit: Int, buffer: Int) in
        PythonStream("count_aloud", buffer: buffer) { ProbeNumbers(name: name, limit: limit, failure: nil) }
    }
    function("count_and_fail", "limit", "exception", doc: "Counts, then raises.") {
        (limit: Int, exception: PythonObject) in
        PythonStream("count_and_fail") {
            ProbeNumbers(name: nil, limit: limit, failure: PythonError(exception: exception))
        }
    }
    function("gated", "name", doc: "A stream whose only element waits for a gate.") { (name: String) in
        PythonStream("gated") { GatedNumber(name: name) }
    }
    function("block", "name", doc: "Blocks the thread until the gate opens.") { (name: String) in
        try Python.wait("block") {
            Journal.write("\(name) started")
            do {
                try await Gate.named(name).passOrCancel()
            } catch {
                Journal.write("\(name) cancelled")
                throw error
            }
            return name
        }
    }
}

/// A task-local value for the tests.
enum ProbeLocal {
    @TaskLocal static var value = 0
}

/// Counts up to a limit, then ends or fails; writes what it makes and its end into the journal when it has a name.
struct ProbeNumbers: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let name: String?
    let limit: Int
    let failure: PythonError?
    private var number = 0
    private let ending: Ending

    init(name: String?, limit: Int, failure: PythonError?) {
        self.name = name
        self.limit = limit
        self.failure = failure
        ending = Ending(name)
    }

    func makeAsyncIterator() -> ProbeNumbers { self }

    mutating func next() async throws -> Int? {
        guard number < limit else {
            if let failure { throw failure }
            return nil
        }
        if let name { Journal.write("\(name) \(number)") }
        defer { number += 1 }
        return number
    }

    /// Writes when the last copy of the source is gone.
    private final class Ending: Sendable {
        let name: String?
        init(_ name: String?) { self.name = name }
        deinit { if let name { Journal.write("\(name) gone") } }
    }
}

/// One element, behind a gate.
struct GatedNumber: AsyncSequence, AsyncIteratorProtocol, Sendable {
    let name: String
    private var isDone = false

    init(name: String) { self.name = name }

    func makeAsyncIterator() -> GatedNumber { self }

    mutating func next() async throws -> Int? {
        guard !isDone else { return nil }
        isDone = true
        do {
            try await Gate.named(name).passOrCancel()
        } catch {
            Journal.write("\(name) cancelled")
            throw error
        }
        return 1
    }
}
