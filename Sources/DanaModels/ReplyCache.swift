import DanaPools

/// Answers that are kept for requests that come again: so many, so large, so old. Those that were not asked for longest
/// go first.
struct ReplyCache {
    private struct Entry {
        var reply: ModelReply
        var size: Int
        var born: PoolTime
        /// The last of its uses in `uses`.
        var use: UInt64
    }

    let limits: ReplyCacheLimits
    private var entries: [ModelRequest: Entry] = [:]
    /// Every use in its order. Only an entry's last use counts; the others are passed over when they come up.
    private var uses: [(number: UInt64, request: ModelRequest)] = []
    /// How many at the front of `uses` have come up.
    private var passed = 0
    private var nextUse: UInt64 = 0
    private(set) var size = 0

    init(_ limits: ReplyCacheLimits) { self.limits = limits }

    var count: Int { entries.count }

    /// The answer that is kept for a request, told as one that was kept: it took no tokens.
    mutating func reply(to request: ModelRequest, at now: PoolTime) -> ModelReply? {
        let request = request.identity
        guard let entry = entries[request] else { return nil }
        guard now - entry.born < limits.age else {
            remove(request)
            return nil
        }
        use(request)
        var reply = entry.reply
        reply.usage = TokenUsage()
        reply.isCached = true
        reply.began = nil
        return reply
    }

    /// Keeps an answer, unless it is one that may be better next time or is too large.
    mutating func keep(_ reply: ModelReply, for request: ModelRequest, at now: PoolTime) {
        switch reply.finishReason {
        case .stop, .length, .toolCalls: break
        case .contentFilter, .other: return
        }
        let request = request.identity
        let size = Self.size(request, reply)
        guard size <= limits.bytes, limits.count > 0 else { return }
        remove(request)
        entries[request] = Entry(reply: reply, size: size, born: now, use: 0)
        self.size += size
        use(request)
        while entries.count > limits.count || self.size > limits.bytes { removeOldest() }
    }

    private mutating func use(_ request: ModelRequest) {
        nextUse += 1
        entries[request]?.use = nextUse
        uses.append((nextUse, request))
        if uses.count > 2 * entries.count + 32 {
            uses = uses.dropFirst(passed).filter { entries[$0.request]?.use == $0.number }
            passed = 0
        }
    }

    private mutating func removeOldest() {
        while passed < uses.count {
            let (number, request) = uses[passed]
            passed += 1
            if entries[request]?.use == number { return remove(request) }
        }
    }

    private mutating func remove(_ request: ModelRequest) {
        if let entry = entries.removeValue(forKey: request) { size -= entry.size }
    }

    /// About what an entry takes, in bytes.
    private static func size(_ request: ModelRequest, _ reply: ModelReply) -> Int {
        let asked = request.estimatedTokens * 4 + (request.schema?.schema.byteCount ?? 0)
        let extras = request.extras.reduce(0) { $0 + $1.value.byteCount }
        let calls = reply.toolCalls.reduce(0) { $0 + $1.arguments.utf8.count + 64 }
        let thoughts = (reply.thoughts + reply.toolCalls.flatMap(\.thoughts))
            .reduce(reply.reasoning.utf8.count) { $0 + $1.byteCount }
        return asked + extras + reply.text.utf8.count + thoughts + calls + 512
    }
}
