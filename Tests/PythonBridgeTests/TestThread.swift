import Glibc
import Synchronization
import Testing

/// A thread of its own, as Swift's tasks have none; an error that its body throws fails the test.
final class TestThread: Sendable {
    private let handle: UInt

    init(_ body: @escaping @Sendable () throws -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(body))
        let status = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, box.toOpaque())
        precondition(status == 0, "the thread could not be started")
        handle = UInt(thread)
    }

    func join() { pthread_join(pthread_t(handle), nil) }

    private final class Box: Sendable {
        let body: @Sendable () throws -> Void

        init(_ body: @escaping @Sendable () throws -> Void) { self.body = body }

        func run() {
            do { try body() } catch { Issue.record(error) }
        }
    }
}

/// Something that happens once and can be waited for by threads.
final class TestSignal: @unchecked Sendable {
    // Safe because a semaphore is made for use by several threads.
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func fire() { sem_post(semaphore) }

    func wait() { while sem_wait(semaphore) != 0 {} }
}
