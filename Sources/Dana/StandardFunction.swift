import DanaLanguage

/// A standard function as host functions are called.
final class StandardFunction: HostFunction {
    private let name: String
    private let body: @Sendable (HostCall, ContextCore) -> HostReply

    init(_ name: String, _ body: @escaping @Sendable (HostCall, ContextCore) -> HostReply) {
        self.name = name
        self.body = body
    }

    func call(_ call: HostCall, in core: ContextCore) -> HostReply { body(call, core) }
}
