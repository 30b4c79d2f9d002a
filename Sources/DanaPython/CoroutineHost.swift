import PythonBridge

/// Where coroutines run that programs call: on the event loop of the task that called Dana, or, where Dana was called
/// from a thread without one, on a loop made for the purpose.
enum CoroutineHost {
    static func result(of awaitable: PythonObject) async throws -> PythonObject {
        if LoopBridge.current != nil { return try await awaitable.awaited() }
        return try await WorkerPool.shared.run {
            try Python.hold { py throws(PythonError) in
                try py.import("asyncio").callMethod("run", try wrapped(awaitable, py), py: py)
            }
        }
    }

    /// `asyncio.run` takes coroutines only.
    private static func wrapped(
        _ awaitable: PythonObject, _ py: borrowing Python
    ) throws(PythonError) -> PythonObject {
        if try py.import("asyncio").callMethod("iscoroutine", awaitable, py: py).isTrue(py) { return awaitable }
        let scope = try py.namespace()
        try py.run("async def wrapped(awaitable): return await awaitable", in: scope)
        return try scope.item("wrapped", py).call(awaitable, py: py)
    }
}
