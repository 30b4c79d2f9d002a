/// The time that a cancelled call has to unwind: a timer whose end is told on the event loop's thread.
struct CancellationGrace {
    private var timer: UInt64?
    private var length: UInt64 = 0

    /// How long it is, where it has been started.
    var seconds: Double { Double(length) / 1e9 }

    /// Starts it, unless it runs already.
    mutating func start(_ executor: LoopExecutor, _ ended: @escaping @Sendable (borrowing Python) -> Void) {
        guard timer == nil else { return }
        length = LoopBridge.cancellationGrace.value
        let id = TimerThread.shared.reserve()
        timer = id
        TimerThread.shared.schedule(id, at: Deadline.after(nanoseconds: length).instant) { isDue in
            if isDue { executor.post(ended) }
        }
    }

    mutating func stop() {
        if let timer { TimerThread.shared.cancel(timer) }
        timer = nil
    }
}
