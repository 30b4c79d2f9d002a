import Foundation
import Glibc

/// Kilobytes of the small stack: 256, the least that the language promises to need; more under a sanitizer.
let smallStackSize = ProcessInfo.processInfo.environment["DANA_TEST_STACK"].flatMap(Int.init) ?? 256

/// Runs work on a thread with a small stack.
func onSmallStack<Result: Sendable>(_ work: @escaping @Sendable () -> Result) -> Result? {
    let job = SmallStackJob()
    var result: Result? {
        job.result as? Result
    }
    job.work = { job.result = work() }
    job.run()
    job.work = nil
    return result
}

/// Work for a thread of its own, and what it gave.
private final class SmallStackJob {
    var work: (() -> Void)?
    var result: Any?

    /// Runs the work on a new thread and waits for it.
    func run() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, smallStackSize << 10)
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, &attributes,
            { context in
                // Safe because the job outlives the thread, which is joined before `run` returns.
                if let context { Unmanaged<SmallStackJob>.fromOpaque(context).takeUnretainedValue().work?() }
                return nil
            }, Unmanaged.passUnretained(self).toOpaque())
        guard failure == 0 else { return }
        pthread_join(thread, nil)
    }
}
