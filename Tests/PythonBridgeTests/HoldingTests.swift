import PythonBridge
import Synchronization
import Testing

@Suite struct HoldingTests {
    @Test func holdNestsAndEnds() throws {
        #expect(!Python.isHeld)
        let version = try TestInterpreter.hold { py in
            try Python.hold { inner in
                #expect(Python.isHeld)
                return try inner.import("sys").attribute("version_info", inner).item(0, as: Int.self, inner)
            }
        }
        #expect(version == 3)
        #expect(!Python.isHeld)
    }

    @Test func releaseLetsAnotherThreadIn() throws {
        try TestInterpreter.hold { py in
            let shared = try py.evaluate("[]")
            let appended = Mutex(false)
            py.release {
                #expect(!Python.isHeld)
                let thread = TestThread {
                    try Python.hold { py in _ = try shared.callMethod("append", 7, py: py) }
                    appended.withLock { $0 = true }
                }
                thread.join()
            }
            #expect(Python.isHeld)
            #expect(appended.withLock { $0 })
            #expect(try shared.elements(as: Int.self, py) == [7])
        }
    }

    @Test func eightThreadsCallAtOnce() throws {
        let counter = try TestInterpreter.hold { py in
            try py.run("import itertools\nc = itertools.count()\nadvance = c.__next__").item("advance", py)
        }
        let sums = Mutex(0)
        let threads = (0..<8).map { _ in
            TestThread {
                var sum = 0
                for _ in 0..<1000 { sum += try Python.hold { py in try counter.call(as: Int.self, py: py) } }
                let own = sum
                sums.withLock { $0 += own }
            }
        }
        for thread in threads { thread.join() }
        #expect(sums.withLock { $0 } == (0..<8000).reduce(0, +))
    }

    /// A Python thread that holds the interpreter waits for a Swift lock whose holder needs the interpreter.
    @Test func waitingForASwiftLockReleasesTheInterpreter() throws {
        let lock = Mutex(0)
        let entered = TestSignal()
        try TestInterpreter.hold { py in
            let thread = TestThread {
                try lock.withLock { value in
                    entered.fire()
                    try Python.hold { py in value += try py.evaluate("20 + 1", as: Int.self) }
                }
            }
            let add = function("add", "n") { (n: Int) in
                Python.hold { py in
                    py.release {
                        entered.wait()
                        return lock.withLock { value in
                            value += n
                            return value
                        }
                    }
                }
            }
            let sum = try py.object(add).call(21, as: Int.self, py: py)
            #expect(sum == 42)
            py.release { thread.join() }
        }
    }
}
