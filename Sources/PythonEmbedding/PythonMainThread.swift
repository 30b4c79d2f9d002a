import CPython
import DanaSystem
import Glibc
import PythonBridge

/// The thread that starts and ends Python, which is the one that Python takes for its main thread.
///
/// A thread of its own, so that asynchronous Swift, which owns none, may start and end Python. Where Python handles
/// signals it is the caller's thread: CPython runs the handlers on the main one only.
final class PythonMainThread: @unchecked Sendable {
    // Safe because the steps follow each other: every field is written before the semaphore that its reader waits for.
    private let started = Semaphore()
    private let asked = Semaphore()
    private let ended = Semaphore()
    private var problem: String?
    private var status: Int32 = 0
    private var state: UnsafeMutablePointer<PyThreadState>?
    private var caller: pthread_t?

    /// Starts Python and lets go of it; gives what went wrong.
    func start(_ installation: PythonInstallation, _ options: PythonOptions) throws(PythonInterpreterError) -> String? {
        if options.handlesSignals {
            caller = pthread_self()
            problem = installation.start(options)
            if problem == nil { state = PyEval_SaveThread() }
            return problem
        }
        let isRunning = SystemThread.start { [self] in
            problem = installation.start(options)
            guard problem == nil else { return started.signal() }
            let state = PyEval_SaveThread()
            started.signal()
            asked.wait()
            PyEval_RestoreThread(state)
            status = Py_FinalizeEx()
            ended.signal()
        }
        guard isRunning else { throw PythonInterpreterError("there is no thread to be had for Python") }
        started.wait()
        return problem
    }

    var mayEndHere: Bool { caller.map { pthread_equal($0, pthread_self()) != 0 } ?? true }

    /// Ends Python; gives what `Py_FinalizeEx` gives.
    func end() -> Int32 {
        if caller != nil {
            PyEval_RestoreThread(state)
            return Py_FinalizeEx()
        }
        asked.signal()
        ended.wait()
        return status
    }
}

/// A POSIX semaphore that begins at zero.
private final class Semaphore: @unchecked Sendable {
    // Safe because a semaphore is made for being used from several threads.
    private let pointer = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(pointer, 0, 0) }

    deinit {
        sem_destroy(pointer)
        pointer.deallocate()
    }

    func signal() { sem_post(pointer) }

    func wait() { while sem_wait(pointer) != 0 {} }
}
