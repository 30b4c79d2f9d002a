/// How much is kept of answers, and how long.
public struct ReplyCacheLimits: Sendable, Hashable {
    public var count: Int
    public var bytes: Int
    public var age: Duration

    public init(count: Int = 1000, bytes: Int = 1 << 26, age: Duration = .seconds(600)) {
        self.count = count
        self.bytes = bytes
        self.age = age
    }
}
