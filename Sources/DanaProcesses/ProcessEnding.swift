/// How a child process ended.
package enum ProcessEnding: Sendable, Hashable, CustomStringConvertible {
    case status(Int32)
    case signal(Int32)
    /// It was ended because it did not say its next line in time.
    case late

    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .status((waitStatus >> 8) & 0xff) : .signal(signal)
    }

    package var description: String {
        switch self {
        case .status(let status): "it ended with status \(status)"
        case .signal(let signal): "it was ended by signal \(signal)"
        case .late: "it was not ready in time"
        }
    }
}
