import CPython
import Glibc
import PythonTrampolines

/// References, and memory lent by Python, dropped on threads that did not hold the interpreter: they wait for one
/// that does.
///
/// Drained whenever an exported function returns, a ``Python/hold(_:)`` scope ends or an event loop's bridge
/// runs; the first one queued also asks CPython's main thread to come by, so that an idle program releases too.
enum ReleaseQueue {
    /// Releases a reference: at once where this thread holds the interpreter.
    static func release(_ pointer: PyRef) {
        if dana_held_get() > 0 { py_decref(pointer) } else { push(pointer) }
    }

    static func push(_ pointer: PyRef) { push(UnsafeMutableRawPointer(pointer), releasedBy: nil) }

    /// Queues anything that `release` gives back with the interpreter held.
    static func push(
        _ thing: UnsafeMutableRawPointer,
        releasedBy release: (@convention(c) (UnsafeMutableRawPointer) -> Void)?
    ) {
        guard InterpreterExit.isOpen else { return }
        if dana_release_push(thing, release) != 0 {
            InterpreterExit.whileOpen {
                _ = Py_AddPendingCall(
                    { _ in
                        dana_release_drain()
                        return 0
                    }, nil)
            }
        }
    }
}

/// Releases everything queued. The interpreter is held.
@c(dana_release_drain)
func releaseDrain() {
    // Releasing runs finalisers, which may drop more: loop until nothing is left.
    while dana_release_pending() != 0, var node = dana_release_take() {
        while true {
            let next = node.pointee.next
            if let release = node.pointee.release {
                release(node.pointee.thing)
            } else {
                py_decref(node.pointee.thing.assumingMemoryBound(to: PyObject.self))
            }
            free(node)
            guard let next else { break }
            node = next
        }
    }
}
