import CPython
import Glibc
import PythonBridge
import Synchronization

/// The Python of a Swift program that embeds it: started once, ended at most once, used through ``Python/hold(_:)``.
///
/// ```swift
/// try PythonInterpreter.start()
/// defer { try? PythonInterpreter.shutdown() }
/// try Python.hold { py in print(try py.import("sys").attribute("version", as: String.self, py)) }
/// ```
public enum PythonInterpreter {
    private enum Phase {
        case fresh
        case running(PythonMainThread)
        case ended
    }

    private static let phase = Mutex(Phase.fresh)

    /// Starts Python and lets go of it, so that any thread may hold it. A process can do this once.
    public static func start(_ options: PythonOptions = PythonOptions()) throws {
        try phase.withLock { phase in
            switch phase {
            case .running: throw PythonInterpreterError("Python is already running: a process starts it once")
            case .ended: throw PythonInterpreterError("Python has ended: a process cannot start it again")
            case .fresh: break
            }
            guard Py_IsInitialized() == 0 else {
                throw PythonInterpreterError("this process runs inside Python: there is nothing to start")
            }
            let installation = try PythonInstallation(options)
            let thread = PythonMainThread()
            if let problem = try thread.start(installation, options) {
                throw PythonInterpreterError(
                    "\(PythonInstallation.name) cannot start: \(problem). \(installation.advice)")
            }
            phase = .running(thread)
        }
        try Python.hold { py throws(PythonError) in
            try InterpreterExit.register(py)
            try SwiftModuleFinder.install(options.modules, py)
        }
    }

    /// Ends Python: waits for its non-daemon threads, runs `atexit` callbacks, waits for Swift threads that
    /// hold the interpreter, refuses it to all others and finalises.
    ///
    /// Any thread may end it, outside ``Python/hold(_:)``; where Python handles signals, the one that started it. Handles
    /// that live on are harmless; a thread that asks for Python afterwards waits until the process exits.
    public static func shutdown() throws {
        guard !Python.isHeld else {
            throw PythonInterpreterError("Python is held by this thread: leave Python.hold before shutdown()")
        }
        let thread = try phase.withLock { phase in
            guard case .running(let thread) = phase else {
                throw PythonInterpreterError("Python does not run: there is nothing to end")
            }
            guard thread.mayEndHere else {
                throw PythonInterpreterError("only the thread that started Python can end it, for it handles signals")
            }
            phase = .ended
            return thread
        }
        if thread.end() != 0 {
            throw PythonInterpreterError("Python ended, but could not write all of its buffered output")
        }
    }
}
