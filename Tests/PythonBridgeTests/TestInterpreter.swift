import BridgeProbe
import PythonBridge
import PythonEmbedding

/// The one interpreter of the test process, started by the first test that needs it.
enum TestInterpreter {
    private static let start: Result<Void, any Error> = Result {
        var options = PythonOptions()
        options.arguments = ["tests"]
        options.modules = ["bridge_probe": bridgeProbe]
        try PythonInterpreter.start(options)
        // A deadlock ends the run with every Python thread's place instead of hanging it.
        try Python.hold { py throws(PythonError) in
            _ = try py.import("faulthandler").callMethod(
                "dump_traceback_later", 240, keywords: ["exit": true], py: py)
        }
    }

    /// Runs `body` with Python held.
    static func hold<Value>(_ body: (borrowing Python) throws -> Value) throws -> Value {
        try start.get()
        return try Python.hold(body)
    }
}
