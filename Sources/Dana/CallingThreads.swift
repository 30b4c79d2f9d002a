/// The threads on which functions of the host's run for a context's programs, by which they can be interrupted there.
///
/// Whoever touches it holds what those functions run under, such as Python's interpreter.
public struct CallingThreads {
    /// Almost always there is one, and functions that run inside one another on it.
    private var first: UInt = 0
    private var depth = 0
    private var others: [UInt] = []
    private var interrupted: Set<UInt> = []

    init() {}

    public mutating func begin(on thread: UInt) {
        if depth == 0 {
            first = thread
            depth = 1
        } else if first == thread {
            depth += 1
        } else {
            others.append(thread)
        }
    }

    /// Whether a function that has ended may leave an interrupt behind, which is then the caller's to take back.
    public mutating func end(on thread: UInt) -> Bool {
        if depth > 0, first == thread {
            depth -= 1
        } else if let place = others.lastIndex(of: thread) {
            others.remove(at: place)
        }
        return interrupted.isEmpty ? false : interrupted.remove(thread) != nil
    }

    /// The threads, each once, which are interrupted by whoever asks.
    public mutating func interrupt() -> Set<UInt> {
        interrupted = Set(depth > 0 ? others + [first] : others)
        return interrupted
    }
}
