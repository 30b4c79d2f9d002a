import PythonBridge

/// Awaits `function()` `count` times from a Swift task on a worker's thread, `inFlight` at once; gives nanoseconds.
func drive(_ function: PythonObject, _ count: Int, _ inFlight: Int) async throws -> Int {
    let started = TimerThread.now
    var left = count
    while left > 0 {
        let batch = min(inFlight, left)
        left -= batch
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<batch {
                group.addTask {
                    _ = try await Python.awaiting { py throws(PythonError) in try function.call(py) }
                }
            }
            try await group.waitForAll()
        }
    }
    return Int(TimerThread.now - started)
}
