import Synchronization
import Testing

@testable import Dana

/// Who listens to audit events, while others stop.
@Suite struct AuditLogTests {
    @Test func whoBeginsWhileAnotherStopsIsHeard() async {
        let log = AuditLog(filter: OutputFilter())
        for _ in 0..<5000 {
            let first = log.listen { _ in }
            async let stopped: Void = { log.stopListening(first) }()
            let second = log.listen { _ in }
            await stopped
            #expect(log.isListenedTo)
            log.stopListening(second)
            #expect(!log.isListenedTo)
        }
    }
}
