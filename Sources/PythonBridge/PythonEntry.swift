import CPython
import PythonTrampolines

/// A call from CPython into Swift that does not pass through a trampoline: slots, properties, callbacks.
@usableFromInline
enum PythonEntry {
    /// Runs `body` with the token; what it throws is set as the thread's exception and nil returned.
    @inline(__always)
    static func object(_ body: (borrowing Python) throws(PythonError) -> PyRef?) -> PyRef? {
        enter { py in
            do throws(PythonError) {
                return try body(py)
            } catch {
                return error.raised(py)
            }
        }
    }

    /// The same for slots that answer with a number and -1 for an exception.
    @inline(__always)
    static func status<Status: SignedInteger>(
        _ body: (borrowing Python) throws(PythonError) -> Status
    ) -> Status {
        enter { py in
            do throws(PythonError) {
                return try body(py)
            } catch {
                error.raise(py)
                return -1
            }
        }
    }

    /// Runs `body` with the token; for slots that cannot fail.
    @inline(__always)
    static func enter<Result>(_ body: (borrowing Python) -> Result) -> Result {
        dana_held_set(dana_held_get() + 1)
        defer { leave() }
        return body(Python(held: ()))
    }

    /// The end of such a call.
    @usableFromInline
    static func leave() {
        if dana_release_pending() != 0 { releaseDrain() }
        dana_held_set(dana_held_get() - 1)
    }

    /// Sets an error as the thread's exception; nil, for the call to return.
    @inline(never) @usableFromInline
    static func raised(_ error: PythonError) -> PyRef? { error.raised(Python(held: ())) }
}
