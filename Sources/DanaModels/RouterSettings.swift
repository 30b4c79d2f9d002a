import DanaPools

/// How a router treats failures and limits.
///
/// | setting | default |
/// |---|---|
/// | attempts on one model | 3 |
/// | wait between them | full jitter, up to 0.5 s, doubling to 8 s; `Retry-After` counts more |
/// | waiting of one call, in all | 60 s |
/// | one call, in all | 600 s |
/// | a model rests | after 5 failures in a row, for 5 s, doubling to 60 s |
/// | budget | none |
/// | order within a rank | by weight |
/// | tokens of an answer that sets no limit, as set aside | 1024 |
public struct RouterSettings: Sendable {
    public var retry = RetryPolicy()
    public var deadline = Duration.seconds(600)
    public var breakerThreshold = 5
    public var breakerPause = Backoff(base: .seconds(5), cap: .seconds(60))
    public var budget = Budget()
    public var assumedOutput = 1024
    public var order = RouterOrder.given

    public init() {}
}
