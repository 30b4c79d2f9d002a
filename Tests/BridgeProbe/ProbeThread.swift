import Glibc
import PythonBridge
import Synchronization

/// A thread of Swift's own, unknown to Python.
enum ProbeThread {
    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        if status == 0 { pthread_detach(thread) } else { work.release() }
    }

    /// Runs `body` on a thread and waits, holding the interpreter if the caller does, until the thread has ended.
    static func join(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(Work(body))
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        if status == 0 { pthread_join(thread, nil) } else { work.release() }
    }

    /// Runs `body` on a thread and waits for what it gives.
    static func run(
        _ body: @escaping @Sendable () throws(PythonError) -> PythonObject
    ) -> Result<PythonObject, PythonError> {
        let outcome = Outcome()
        start {
            do throws(PythonError) {
                outcome.finish(.success(try body()))
            } catch {
                outcome.finish(.failure(error))
            }
        }
        return outcome.wait()
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private final class Outcome: @unchecked Sendable {
        // Safe because the semaphore orders the one write before the one read.
        private var result = Result<PythonObject, PythonError>.failure(.valueError("the thread did not run"))
        private let finished = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

        init() { sem_init(finished, 0, 0) }

        deinit {
            sem_destroy(finished)
            finished.deallocate()
        }

        func finish(_ result: Result<PythonObject, PythonError>) {
            self.result = result
            sem_post(finished)
        }

        func wait() -> Result<PythonObject, PythonError> {
            while sem_wait(finished) != 0 {}
            return result
        }
    }
}
