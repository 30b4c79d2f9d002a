import DanaLanguage

/// What may still be copied out of a context with one value. Parts that are shared count each time, for outside each is a
/// copy: a few lists that hold one another would become more there than any memory has.
public struct OutgoingBudget {
    private let limit: Int
    private var left: Int

    /// As much as the context may hold, and a little for those that may hold little.
    public init(_ limits: Limits) {
        limit = max(limits.memory, 64 << 20)
        left = limit
    }

    /// Takes a container with so many values in it.
    public mutating func take(containerOf count: Int, depth: Int) throws(DanaFailure) {
        guard depth < ContextCore.depthLimit else { throw .tooDeep }
        let (size, overflow) = count.multipliedReportingOverflow(by: 8)
        try take(bytes: overflow ? .max : size)
        try take(bytes: 32)
    }

    /// Takes a text or another value of so many bytes.
    public mutating func take(bytes: Int) throws(DanaFailure) {
        guard bytes <= left else {
            throw .usage(
                "TypeConversionError",
                "a value comes to more than \(limit) bytes when it is copied out of its context, where what it shares "
                    + "counts each time: give less of it")
        }
        left -= bytes
    }
}
