import PythonBridge
import PythonEmbedding

// A Swift program with a Python inside: modules, keywords, callbacks, context managers and errors.
try PythonInterpreter.start()

try Python.hold { py in
    // Modules, attributes, calls; Swift values go in, Swift values come out.
    let statistics = try py.import("statistics")
    let heights = try py.evaluate("[1.62, 1.75, 1.81, 1.70]")
    let mean = try statistics.callMethod("mean", heights, as: Double.self, py: py)
    print("mean:", mean)

    // Keyword arguments.
    let json = try py.import("json")
    let record = try py.evaluate("{'name': 'Ada', 'born': 1815}")
    print("json:", try json.callMethod("dumps", record, keywords: ["sort_keys": true], as: String.self, py: py))

    // A Swift closure as a Python callable.
    let byLength = function("by_length", "word") { (word: String) in word.count }
    let words = try py.evaluate("['pear', 'fig', 'banana']")
    let sorted = try py.builtin("sorted").call(words, keywords: ["key": byLength], py: py)
    print("sorted:", try sorted.elements(as: String.self, py).joined(separator: " "))

    // A Python exception, caught by its type.
    do {
        _ = try json.callMethod("loads", "{not json", py: py)
    } catch let error as PythonError where error.matches(.valueError, py) {
        print("caught:", error)
    }

    // A context manager: the file is closed when the closure ends.
    let file = try py.import("io").callMethod("StringIO", "first\nsecond\n", py: py)
    let lines = try file.with(py) { file, py throws(PythonError) in try file.elements(as: String.self, py).count }
    print("lines:", lines ?? 0, "closed:", try file.attribute("closed", as: Bool.self, py))

    // A package that may not be installed.
    do {
        let numpy = try py.import("numpy")
        print("numpy:", try numpy.callMethod("arange", 5, py: py).callMethod("sum", as: Int.self, py: py))
    } catch let error as PythonError where error.matches(.importError, py) {
        print("numpy: not installed")
    }
}

// Python's asyncio, awaited from Swift: an event loop of this program's own, cancelled with the task that runs it.
let awaited = try await PythonEventLoop.run {
    try await Python.awaiting { py throws(PythonError) in
        try py.import("asyncio").callMethod("sleep", 0.01, "awake", py: py)
    }
}
print("awaited:", try Python.hold { py in try awaited.text(py) })

try PythonInterpreter.shutdown()
