import DanaLanguage
import DanaSystem

/// What may still be copied out of a context with one value, by what it costs outside. Parts that are shared count each
/// time, for outside each is a copy: a few lists that hold one another would become more there than any memory has, and
/// would be copied for longer than any program may run.
public struct OutgoingBudget {
    /// What holds values. The bytes are those of CPython, of which sets and dicts take the most.
    public enum Container {
        case sequence, dict, set

        fileprivate var bytes: (own: Int, item: Int) {
            switch self {
            case .sequence: (64, 8)
            case .dict: (200, 48)
            case .set: (216, 64)
            }
        }
    }

    /// Of a number.
    public static let number = 32
    /// Of a text or bytes, besides what is in them.
    private static let text = 56
    /// What is taken between two looks at the clock.
    private static let stride = 4096

    private let limit: Int
    private var left: Int
    private let time: UInt64
    private var end: UInt64?
    private let deadline: UInt64?
    private var untilLook = OutgoingBudget.stride

    /// As much as the context may hold, and a little for those that may hold little; for as long as it may run.
    public init(of core: ContextCore) {
        limit = max(core.settings.limits.memory, 64 << 20)
        left = limit
        time = core.settings.limits.executionTime
        deadline = core.deadline
    }

    /// Takes a container with so many values in it.
    public mutating func take(_ container: Container, of count: Int, depth: Int) throws(DanaFailure) {
        guard depth < ContextCore.depthLimit else { throw .tooDeep }
        let (size, overflow) = count.multipliedReportingOverflow(by: container.bytes.item)
        try take(bytes: overflow ? .max : size)
        try take(bytes: container.bytes.own)
    }

    /// Takes a text of so many bytes, or bytes.
    public mutating func take(text count: Int) throws(DanaFailure) {
        try take(bytes: count)
        try take(bytes: OutgoingBudget.text)
    }

    /// Takes so many bytes.
    public mutating func take(bytes: Int) throws(DanaFailure) {
        guard bytes <= left else {
            throw .usage(
                "TypeConversionError",
                "a value comes to more than \(limit) bytes when it is copied out of its context, where what it shares "
                    + "counts each time: give less of it")
        }
        left -= bytes
        untilLook -= 1
        if untilLook == 0 { try look() }
    }

    private mutating func look() throws(DanaFailure) {
        untilLook = OutgoingBudget.stride
        let now = MonotonicTime.now
        let end = end ?? min(now &+ min(time, UInt64.max - now), deadline ?? .max)
        self.end = end
        guard now <= end else {
            throw .usage(
                "TypeConversionError",
                "copying a value out of its context takes longer than a program may run in it, where what it shares "
                    + "is copied each time: give less of it")
        }
    }
}
