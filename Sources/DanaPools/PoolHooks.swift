/// What a pool knows of its resources: how to make one, and whatever else of this it is told. Each may throw, take its
/// time, or ignore that it is cancelled; the pool's limits bound how long it is waited for.
public struct PoolHooks<Resource: Sendable>: Sendable {
    /// Makes a resource.
    public var make: @Sendable () async throws -> Resource
    /// Throws when a resource that lay idle cannot be lent; it is closed then.
    public var validate: (@Sendable (Resource) async throws -> Void)?
    /// Readies a returned resource for its next borrower; when it throws, the resource is closed.
    public var reset: (@Sendable (Resource) async throws -> Void)?
    /// Ends a resource. Without it a resource is let go of.
    public var close: (@Sendable (Resource) async throws -> Void)?
    /// Where they run; nil for Swift's own threads, of which a forked child has none.
    public var executor: (any TaskExecutor)?

    public init(
        make: @escaping @Sendable () async throws -> Resource,
        validate: (@Sendable (Resource) async throws -> Void)? = nil,
        reset: (@Sendable (Resource) async throws -> Void)? = nil,
        close: (@Sendable (Resource) async throws -> Void)? = nil, executor: (any TaskExecutor)? = nil
    ) {
        self.make = make
        self.validate = validate
        self.reset = reset
        self.close = close
        self.executor = executor
    }

    var given: GivenHooks {
        GivenHooks(validate: validate != nil, reset: reset != nil, close: close != nil)
    }

    /// The same for resources of no type.
    var held: PoolHooks<HeldResource> {
        let make = make
        return PoolHooks<HeldResource>(
            make: { Held(try await make()) }, validate: Self.held(validate), reset: Self.held(reset),
            close: Self.held(close), executor: executor)
    }

    private static func held(
        _ hook: (@Sendable (Resource) async throws -> Void)?
    ) -> (@Sendable (HeldResource) async throws -> Void)? {
        guard let hook else { return nil }
        return { held in try await hook(held.value(as: Resource.self)) }
    }
}
