import Glibc

/// The stack of the thread that runs: programs and their host call one another on it.
enum NativeStack {
    /// What a run and what it calls of the host may need; of a small stack a quarter.
    private static let reserve: UInt = 96 << 10

    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        return pthread_key_create(&key, nil) == 0 ? key : nil
    }()

    /// Whether so little of it is left that nothing more is to be begun.
    static var isUsedUp: Bool {
        guard let key else { return false }
        var here: UInt8 = 0
        let place = withUnsafeMutablePointer(to: &here) { UInt(bitPattern: $0) }
        let least: UInt
        if let known = pthread_getspecific(key) {
            least = UInt(bitPattern: known)
        } else {
            least = lowestPlace() ?? 1
            pthread_setspecific(key, UnsafeRawPointer(bitPattern: least))
        }
        return place < least
    }

    private typealias AttributesOfThread = @convention(c) (pthread_t, UnsafeMutablePointer<pthread_attr_t>) -> Int32

    /// glibc's `pthread_getattr_np`, which Swift's module of it leaves out.
    private static let attributesOfThread: AttributesOfThread? = {
        guard let function = dlsym(nil, "pthread_getattr_np") else { return nil }
        // Safe because that is the function's type.
        return unsafeBitCast(function, to: AttributesOfThread.self)
    }()

    private static func lowestPlace() -> UInt? {
        var attributes = pthread_attr_t()
        guard attributesOfThread?(pthread_self(), &attributes) == 0 else { return nil }
        defer { pthread_attr_destroy(&attributes) }
        var bottom: UnsafeMutableRawPointer?
        var size = 0
        guard pthread_attr_getstack(&attributes, &bottom, &size) == 0, let bottom, size > 0 else { return nil }
        return UInt(bitPattern: bottom) &+ min(reserve, UInt(size) / 4)
    }
}
