/// What a pool asks of its user's code, for one resource at a time.
public enum PoolHook: String, Hashable, Sendable {
    case make, validate, reset, close
}
