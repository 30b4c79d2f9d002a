import Glibc

/// The time that programs read: the machine's clocks, or one moment at which all of them stand.
public enum ProgramTime: Sendable {
    case machine
    /// Seconds since 1970; a program that runs again reads the same.
    case fixed(seconds: Double)

    /// What a program may ask for.
    enum Dial {
        case sinceEpoch
        case elapsed
    }

    func seconds(_ dial: Dial) -> Double {
        switch self {
        case .machine:
            let reading = ProgramTime.read(dial)
            return Double(reading.tv_sec) + Double(reading.tv_nsec) / 1e9
        case .fixed(let seconds): return seconds
        }
    }

    /// A moment that no 64 bits of nanoseconds hold is the nearest that they do.
    func nanoseconds(_ dial: Dial) -> Int {
        switch self {
        case .machine:
            let reading = ProgramTime.read(dial)
            return reading.tv_sec &* 1_000_000_000 &+ reading.tv_nsec
        case .fixed(let seconds):
            let nanoseconds = (seconds * 1e9).rounded(.toNearestOrEven)
            if let exact = Int(exactly: nanoseconds) { return exact }
            return nanoseconds > 0 ? Int.max : nanoseconds < 0 ? Int.min : 0
        }
    }

    private static func read(_ dial: Dial) -> timespec {
        var reading = timespec()
        clock_gettime(dial == .sinceEpoch ? CLOCK_REALTIME : CLOCK_MONOTONIC, &reading)
        return reading
    }
}
