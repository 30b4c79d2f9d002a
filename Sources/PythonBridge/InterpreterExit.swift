import CPython
import Glibc
import Synchronization

/// The gate between Swift threads and an interpreter that ends.
///
/// A thread that waits for the interpreter while it is finalised is ended by CPython without unwinding. So a
/// thread enters here before it asks, and once the gate is closed (an `atexit` callback, before finalisation
/// begins) none enters: those inside are waited for, the interpreter released meanwhile.
package enum InterpreterExit {
    private static let closedBit = 1 << 62
    private static let state = Atomic<Int>(0)

    static var isOpen: Bool { state.load(ordering: .acquiring) & closedBit == 0 }

    /// Counts this thread in. When the gate is closed the thread parks for good: there is no interpreter to return to.
    @usableFromInline static func enter() {
        guard !tryEnter() else { return }
        // Other threads end with the process; a parked main thread would keep it alive, and should say so.
        if py_is_first_thread() != 0 {
            let notice = "Python has ended, and the main thread asks for it: it waits here for ever\n"
            _ = notice.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        }
        while true { pause() }
    }

    static func tryEnter() -> Bool {
        if state.add(1, ordering: .acquiringAndReleasing).newValue & closedBit == 0 { return true }
        state.subtract(1, ordering: .releasing)
        return false
    }

    @usableFromInline static func leave() {
        state.subtract(1, ordering: .releasing)
    }

    /// Runs `body`, which must not wait for the interpreter, unless the gate is closed.
    static func whileOpen(_ body: () -> Void) {
        guard tryEnter() else { return }
        body()
        leave()
    }

    /// Ends the event loops of Swift's, closes the gate and waits, with the interpreter released, until every thread inside
    /// has left.
    static func close(_ py: borrowing Python) {
        py.release { PythonEventLoop.endAll() }
        guard state.bitwiseOr(closedBit, ordering: .acquiringAndReleasing).oldValue & closedBit == 0 else { return }
        py.release {
            while state.load(ordering: .acquiring) & (closedBit - 1) != 0 { usleep(50) }
        }
        // Registered this late so that it runs before the exit handlers that tear the Swift runtime down.
        atexit {
            TimerThread.shared.quiesce()
            WorkerPool.shared.quiesce()
        }
    }

    private static let isRegistered = Atomic<Bool>(false)

    /// Registers the closing with `atexit`; the first module or embedding program of the process does it.
    package static func register(_ py: borrowing Python) throws(PythonError) {
        guard !isRegistered.exchange(true, ordering: .acquiringAndReleasing) else { return }
        let closing = function("close_interpreter_gate", doc: "Ends Swift's use of this interpreter.") {
            Python.hold { py in close(py) }
            return Nothing()
        }
        _ = try py.import("atexit").callMethod("register", closing, py: py)
    }
}
