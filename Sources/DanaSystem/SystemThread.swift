import Glibc

/// A detached operating-system thread that blocks every signal: those are for the threads that the process began with, and
/// a broken connection is an error and not SIGPIPE.
package enum SystemThread {
    /// Starts `body` on its own thread; false when the system has none to give.
    package static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
        let boxed = Unmanaged.passRetained(Body(body))
        var every = sigset_t()
        var before = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_SETMASK, &every, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, boxed.toOpaque())
        guard failure == 0 else {
            boxed.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
