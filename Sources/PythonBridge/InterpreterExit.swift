import CPython
import Glibc
import Synchronization

/// The gate between Swift threads and an interpreter that ends.
///
/// A thread that waits for the interpreter while it is finalised is ended by CPython without unwinding. So a
/// thread enters here before it asks, and once the gate is closed (an `atexit` callback, before finalisation
/// begins) none enters: those inside are waited for, the interpreter released meanwhile.
enum InterpreterExit {
    private static let closedBit = 1 << 62
    private static let state = Atomic<Int>(0)

    static var isOpen: Bool { state.load(ordering: .acquiring) & closedBit == 0 }

    /// Counts this thread in. When the gate is closed the thread parks for good: there is no interpreter to return to.
    @usableFromInline static func enter() {
        if !tryEnter() {
            while true { pause() }
        }
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

    /// Closes the gate and waits, with the interpreter released, until every thread inside has left.
    static func close(_ py: borrowing Python) {
        guard state.bitwiseOr(closedBit, ordering: .acquiringAndReleasing).oldValue & closedBit == 0 else { return }
        py.release {
            while state.load(ordering: .acquiring) & (closedBit - 1) != 0 { usleep(50) }
        }
    }

    /// Opens the gate again: an embedding program may start another interpreter.
    static func open() {
        state.bitwiseAnd(~closedBit, ordering: .acquiringAndReleasing)
    }

    /// Registers the closing with `atexit`; called once a process by the first module or embedding.
    static func register(_ py: borrowing Python) throws(PythonError) {
        // filled by the asynchronous part: see `BridgeLifetime`.
    }
}
