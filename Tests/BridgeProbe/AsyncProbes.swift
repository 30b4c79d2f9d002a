import PythonBridge
import Synchronization

/// Asynchronous functions for the tests: what completes at once, elsewhere, late, never, badly.
let asyncProbes: [any PythonModuleItem] = [
    asyncFunction("ready", "value", doc: "Completes at the first step.") { (value: Int) in value },
    asyncFunction("elsewhere", "value", doc: "Goes to another thread and back.") { (value: Int) in
        await WorkerPool.shared.run { value }
    },
    asyncFunction("sleep", "seconds", doc: "Sleeps on Swift's timer.") { (seconds: Double) in
        try await TimerThread.shared.sleep(nanoseconds: UInt64(max(0, seconds) * 1e9))
        return seconds
    },
]
