import Glibc

/// Runs work on a thread with a stack of 256 KB, the smallest that the language promises to need.
func onSmallStack<Result: Sendable>(_ work: @escaping @Sendable () -> Result) -> Result {
    final class Box: @unchecked Sendable {
        // Safe because the thread writes it before it ends and the caller reads it after joining.
        var result: Result?
        let work: @Sendable () -> Result
        init(_ work: @escaping @Sendable () -> Result) { self.work = work }
    }
    let box = Box(work)
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, 256 << 10)
    var thread = pthread_t()
    // Safe because the thread takes back exactly the reference that is handed over.
    let started = pthread_create(
        &thread, &attributes,
        { context in
            if let context {
                let box = Unmanaged<AnyObject>.fromOpaque(context).takeRetainedValue()
                (box as? any SmallStackWork)?.run()
            }
            return nil
        }, Unmanaged.passRetained(Runner { box.result = box.work() } as AnyObject).toOpaque())
    precondition(started == 0, "the thread could not be started")
    pthread_join(thread, nil)
    guard let result = box.result else { preconditionFailure("the work gave no result") }
    return result
}

private protocol SmallStackWork {
    func run()
}

private final class Runner: SmallStackWork {
    private let work: () -> Void
    init(_ work: @escaping () -> Void) { self.work = work }
    func run() { work() }
}
