import CPython
import Synchronization

/// The bridges of the event loops that run in this process, found by the running loop.
enum LoopTable {
    /// The bridge asked for last, tried first; written with the interpreter held.
    private nonisolated(unsafe) static var latest: LoopBridge?
    private static let bridges = Mutex<[UInt: LoopBridge]>([:])

    /// The bridge of the loop that runs on this thread, made when it is the loop's first call.
    static func current(_ py: borrowing Python) throws(PythonError) -> LoopBridge {
        if let asyncio = try AsyncioLoop.imported(py), let loop = asyncio.running(py) {
            defer { py_decref(loop) }
            if let latest, latest.loop == loop, !latest.isInherited { return latest }
            let key = UInt(bitPattern: loop)
            if let bridge = find(key), !bridge.isInherited {
                latest = bridge
                return bridge
            }
            let bridge = try asyncio.attach(loop, py)
            insert(bridge, for: key)
            latest = bridge
            return bridge
        }
        if let bridge = try TrioLoop.current(py) { return bridge }
        throw PythonError(
            .runtimeError, "no running event loop: await this inside a coroutine that asyncio or trio runs")
    }

    /// Whether an event loop runs on this thread.
    static func isLoopRunning(_ py: borrowing Python) throws(PythonError) -> Bool {
        if let loop = try AsyncioLoop.imported(py)?.running(py) {
            py_decref(loop)
            return true
        }
        return try TrioLoop.isRunning(py)
    }

    static func insert(_ bridge: LoopBridge, for key: UInt) { bridges.withLock { $0[key] = bridge } }

    static var count: Int { bridges.withLock { $0.count } }

    static func find(_ key: UInt) -> LoopBridge? { bridges.withLock { $0[key] } }

    static func remove(_ bridge: LoopBridge) {
        if latest === bridge { latest = nil }
        bridges.withLock { bridges in
            for (key, value) in bridges where value === bridge { bridges[key] = nil }
        }
    }

    /// In a forked child: the parent's loops are not ours.
    static func forgetAll() {
        latest = nil
        bridges.withLock { $0 = [:] }
    }
}
