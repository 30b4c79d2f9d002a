import Glibc

/// The contexts whose turn this thread has, or works for: what it begins in one of them runs inside, whatever code
/// begins it.
enum ThreadTurns {
    /// One context, on the stack of whoever works for it.
    private struct Frame {
        let core: Unmanaged<ContextCore>
        let outer: UnsafePointer<Frame>?
    }

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        precondition(pthread_key_create(&key, nil) == 0, "the system has no thread-local storage left")
        return key
    }()

    private static var innermost: UnsafePointer<Frame>? {
        // Safe because a frame stands here no longer than the call that made it.
        pthread_getspecific(key).map { UnsafePointer($0.assumingMemoryBound(to: Frame.self)) }
    }

    /// Does something for a context, without waiting.
    static func whileWorking<Result, Failure: Error>(
        for core: ContextCore, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let outer = innermost
        let frame = Frame(core: Unmanaged.passUnretained(core), outer: outer)
        return try withUnsafePointer(to: frame) { frame throws(Failure) in
            pthread_setspecific(key, frame)
            defer { pthread_setspecific(key, outer) }
            return try body()
        }
    }

    static func contains(_ core: ContextCore) -> Bool {
        var next = innermost
        while let frame = next {
            if frame.pointee.core.toOpaque() == Unmanaged.passUnretained(core).toOpaque() { return true }
            next = frame.pointee.outer
        }
        return false
    }

    /// The innermost first.
    static var cores: [ContextCore] {
        var cores: [ContextCore] = []
        var next = innermost
        while let frame = next {
            cores.append(frame.pointee.core.takeUnretainedValue())
            next = frame.pointee.outer
        }
        return cores
    }
}
