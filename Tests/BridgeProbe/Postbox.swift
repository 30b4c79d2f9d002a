import Glibc
import Synchronization

/// Where one task waits again and again for one thread, which answers each wait.
final class Postbox: Sendable {
    private let waiting = Atomic<UInt>(0)

    /// Until the thread has answered.
    func wait() async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            waiting.store(unsafeBitCast(continuation, to: UInt.self), ordering: .releasing)
        }
    }

    /// Answers so many waits.
    func answer(_ count: Int) {
        for _ in 0..<count {
            var waiter: UInt = 0
            while waiter == 0 {
                waiter = waiting.exchange(0, ordering: .acquiring)
                if waiter == 0 { sched_yield() }
            }
            // Safe because the bits are those of a continuation that `wait` stored, taken out once.
            unsafeBitCast(waiter, to: UnsafeContinuation<Void, Never>.self).resume()
        }
    }
}
