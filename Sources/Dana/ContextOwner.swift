/// Whoever a context belongs to: when it is gone, so is the context.
public protocol ContextOwner: AnyObject, Sendable {
    var core: ContextCore { get }
}
