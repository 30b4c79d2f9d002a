import PythonBridge

/// The benchmark's extension module: the functions that every peer implements, written on the bridge.
let bridgePeer = PythonModule("bridge_peer", doc: "The bridge's side of the benchmarks.") {
    function("noop") { () in Nothing() }
    function("add1", positional("value")) { (value: Int) in value &+ 1 }
    function("echo", positional("text")) { (text: String) in text }
    function("boom") { () throws(PythonError) -> Nothing in throw .valueError("boom") }
    function("kw", "prompt", optional("options", nil), optional("n", 0)) {
        (prompt: String, options: PythonObject?, n: Int) in prompt.utf8.count &+ n
    }
    asyncFunction("a_ready", "value") { (value: Int) in value }
    asyncFunction("a_elsewhere", "value") { (value: Int) in await WorkerPool.shared.run { value } }
    asyncFunction("a_sleep", "seconds") { (seconds: Double) in
        try await TimerThread.shared.sleep(nanoseconds: UInt64(seconds * 1e9))
        return 1
    }
}

@c(PyInit_bridge_peer)
public func initializeBridgePeer() -> UnsafeMutableRawPointer? { bridgePeer.initialize() }
