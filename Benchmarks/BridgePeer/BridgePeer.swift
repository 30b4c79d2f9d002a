import PythonBridge

/// The benchmark's extension module: the functions that every peer implements, written on the bridge.
let bridgePeer = PythonModule("bridge_peer", doc: "The bridge's side of the benchmarks.") {
    function("noop") { () in Nothing() }
    function("add1", positional("value")) { (value: Int) in value &+ 1 }
    function("echo", positional("text")) { (text: String) in text }
    function("boom") { () throws(PythonError) -> Nothing in throw .valueError("boom") }
    function("list_rt", positional("values")) { (values: [Int]) in
        var values = values
        for index in values.indices { values[index] &+= 1 }
        return values
    }
    function("dict_rt", positional("values")) { (values: PythonPairs<String, Int>) in
        values.mapValues { $0 &+ 1 }
    }
    function("buf_sum1", elements("values", of: Double.self)) { (values: Span<Double>) in
        (values.isEmpty ? 0 : values[0]) + Double(values.count)
    }
    function("json_rt", positional("value")) { (value: PythonValue) in value }
    function("kw", "prompt", optional("options", nil), optional("n", 0)) {
        (prompt: String, options: PythonObject?, n: Int) in prompt.utf8.count &+ n
    }
    BenchmarkObject.pythonClass
    function("noop_nogil") { () in
        Python.hold { py in py.release {} }
        return Nothing()
    }
    function("call_py", "callable", "times") { (callable: PythonObject, times: Int) throws(PythonError) in
        try Python.hold { py throws(PythonError) in
            for _ in 0..<max(0, times) { _ = try callable.call(as: Nothing.self, py: py) }
            return Nothing()
        }
    }
    asyncFunction("a_ready", "value") { (value: Int) in value }
    asyncFunction("a_elsewhere", "value") { (value: Int) in await WorkerPool.shared.run { value } }
    asyncFunction("a_work", "microseconds") { (microseconds: Int) in
        await WorkerPool.shared.run {
            let end = TimerThread.now + UInt64(max(0, microseconds)) * 1000
            while TimerThread.now < end {}
        }
        return Nothing()
    }
    function("a_stream", "count") { (count: Int) in PythonStream("a_stream", buffer: 256) { Numbers(count: count) } }
    asyncFunction("a_drive", "function", "count", "in_flight") {
        (function: PythonObject, count: Int, inFlight: Int) in
        try await WorkerPool.shared.run { try await drive(function, count, max(1, inFlight)) }
    }
}

@c(PyInit_bridge_peer)
public func initializeBridgePeer() -> UnsafeMutableRawPointer? { bridgePeer.initialize() }
