import Synchronization

/// What Swift did and in which order, written by the probes and read by the tests.
enum Journal {
    private static let lines = Mutex<[String]>([])

    static func write(_ line: String) { lines.withLock { $0.append(line) } }

    /// Everything written since the last time, one line each.
    static func take() -> String {
        lines.withLock { lines in
            defer { lines = [] }
            return lines.joined(separator: "\n")
        }
    }
}
