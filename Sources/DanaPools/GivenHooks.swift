/// Which of the hooks a pool may do without it has.
struct GivenHooks: Hashable, Sendable {
    var validate = false
    var reset = false
    var close = false
}
