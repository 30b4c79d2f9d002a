import Testing

@testable import PythonBridge

/// Event loops that a Swift program runs for itself.
@Suite struct EventLoopTests {
    init() throws { try TestInterpreter.hold { _ in } }

    private static func python(_ source: String, _ name: String) throws -> PythonObject {
        try Python.hold { py throws(PythonError) in
            let globals = try py.namespace()
            try py.run(source, in: globals)
            return try globals.item(name, py)
        }
    }

    @Test func awaitsPython() async throws {
        let double = try Self.python(
            "import asyncio\nasync def double(x):\n    await asyncio.sleep(0)\n    return 2 * x", "double")
        let result = try await PythonEventLoop.run {
            try await Python.awaiting { py throws(PythonError) in try double.call(21, py: py) }
        }
        #expect(try result.value() == 42)
    }

    @Test func severalLoopsAtOnce() async throws {
        let echo = try Self.python(
            "import asyncio\nasync def echo(x):\n    await asyncio.sleep(0)\n    return x", "echo")
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for loop in 0..<8 {
                group.addTask {
                    try await PythonEventLoop.run {
                        var sum = 0
                        for step in 0..<20 {
                            sum += try await Python.awaiting { py throws(PythonError) in
                                try echo.call(loop * step, py: py)
                            }.value()
                        }
                        return sum
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == (0..<8).reduce(0, +) * (0..<20).reduce(0, +))
    }

    @Test func errorsComeOut() async throws {
        struct Mine: Error {}
        await #expect(throws: Mine.self) { try await PythonEventLoop.run { throw Mine() } }
        let bad = try Self.python("async def bad():\n    raise KeyError('x')", "bad")
        await #expect(throws: PythonError.self) {
            try await PythonEventLoop.run {
                _ = try await Python.awaiting { py throws(PythonError) in try bad.call(py) }
            }
        }
    }

    @Test func cancellingEndsTheLoop() async throws {
        let forever = try Self.python(
            """
            import asyncio
            ended = []
            async def forever():
                try:
                    started()
                    await asyncio.Event().wait()
                finally:
                    ended.append(True)
            """, "forever")
        let (started, signal) = AsyncStream<Void>.makeStream()
        try Python.hold { py throws(PythonError) in
            try forever.attribute("__globals__", py).setItem(
                "started",
                function("started") {
                    signal.yield()
                    return Nothing()
                }, py)
        }
        let run = Task {
            try await PythonEventLoop.run {
                _ = try await Python.awaiting { py throws(PythonError) in try forever.call(py) }
            }
        }
        for await _ in started { break }
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        let ended = try Python.hold { py throws(PythonError) in
            try forever.attribute("__globals__", py).item("ended", py).length(py)
        }
        #expect(ended == 1)
    }

    @Test func awaitingWithoutALoopIsRefused() async throws {
        let echo = try Self.python("async def echo(): pass", "echo")
        await #expect(throws: PythonError.self) {
            _ = try await Python.awaiting { py throws(PythonError) in try echo.call(py) }
        }
    }
}

extension PythonObject {
    fileprivate func value() throws -> Int {
        try Python.hold { py throws(PythonError) in try value(as: Int.self, py) }
    }
}
