import DanaData

/// Fields of the provider's own in the body of a request. What an option says, only the option says: a field that would
/// say it again could name another model than was permitted, or a higher limit.
struct ExtraFields {
    /// The fields that options set, in any request, and these options.
    private let options: KeyValuePairs<String, String>

    init(options: KeyValuePairs<String, String>) { self.options = options }

    /// The body with the fields that `fill` writes, and those of the request.
    func body(
        _ request: ModelRequest, _ fill: (inout TapeBuilder) -> Void
    ) throws(WireFault) -> [UInt8] {
        var builder = TapeBuilder()
        builder.object(fill)
        let own = builder.finish()
        guard !request.extras.isEmpty else { return try Self.written(own) }
        var whole = TapeBuilder()
        whole.beginDict()
        for (key, value) in own.root.fields {
            whole.append(key)
            whole.append(value)
        }
        var names: Set<String> = []
        for extra in request.extras {
            if let option = options.first(where: { $0.key == extra.name })?.value {
                throw WireFault(
                    .invalidRequest, "the option 'extra' cannot set '\(extra.name)': \(option)")
            }
            guard own.root[extra.name] == nil, names.insert(extra.name).inserted else {
                throw WireFault(
                    .invalidRequest, "the option 'extra' cannot set '\(extra.name)', which this request has already")
            }
            whole.field(extra.name, extra.value.root)
        }
        whole.end()
        return try Self.written(whole.finish())
    }

    private static func written(_ body: Tape) throws(WireFault) -> [UInt8] {
        try WireFault.writing { () throws(JSONWriteError) in try JSONWriter.utf8(body.root) }
    }
}
