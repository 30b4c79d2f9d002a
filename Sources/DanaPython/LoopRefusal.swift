import Dana
import PythonBridge

/// What is refused on a thread whose event loop runs: to wait there would stop the loop.
extension DanaFailure {
    private static let waiting = DanaFailure(
        .usage, kind: "RuntimeError",
        "this has to wait, which would block this thread's running event loop: await eval_dana_async, run_file_async or "
            + "call_async instead, or go through the items with `async for`")

    /// The context ends when what runs in it has unwound.
    static let closingOnLoop = DanaFailure(
        .usage, kind: "RuntimeError",
        "the context ends when what runs in it has, on this thread's running event loop, for which close() cannot wait: "
            + "write `async with`, or await aclose()")

    /// Refuses to wait for something of Dana's on such a thread.
    static func checkMayWait(_ py: borrowing Python) throws {
        if try !py.mayBlock() { throw waiting }
    }
}
