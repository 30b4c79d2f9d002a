/// The name of a call in logs, traces and events: 16 random bytes, as the W3C's trace context has them.
public struct TraceID: Sendable, Hashable, CustomStringConvertible {
    private let high: UInt64
    private let low: UInt64

    public init() {
        high = .random(in: .min ... .max)
        low = .random(in: 1 ... .max)
    }

    public var description: String { Self.digits(high) + Self.digits(low) }

    private static func digits(_ half: UInt64) -> String {
        let text = String(half, radix: 16)
        return String(repeating: "0", count: 16 - text.utf8.count) + text
    }
}
