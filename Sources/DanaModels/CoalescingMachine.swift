/// Which requests are under way, who reads their answers, and how far each has read. Whoever comes later reads the
/// answer from its beginning; when the last reader leaves, the request has no purpose any more.
struct CoalescingMachine<Waiter> {
    private struct Reader {
        var call: Int
        var position = 0
        var waiter: Waiter?
    }

    private struct Call {
        var request: ModelRequest
        var chunks: [ModelChunk] = []
        /// `end` or `failure`, once it is over.
        var last: SharedPiece?
        var readers: Set<Int> = []
    }

    private var underWay: [ModelRequest: Int] = [:]
    private var calls: [Int: Call] = [:]
    private var readers: [Int: Reader] = [:]
    private var nextNumber = 0

    /// A reader for the answer to this request; when there is a call, it is to be made.
    mutating func join(_ request: ModelRequest) -> (reader: Int, start: Int?) {
        let request = request.identity
        nextNumber += 1
        let reader = nextNumber
        if let call = underWay[request] {
            readers[reader] = Reader(call: call)
            calls[call]?.readers.insert(reader)
            return (reader, nil)
        }
        nextNumber += 1
        underWay[request] = nextNumber
        calls[nextNumber] = Call(request: request, readers: [reader])
        readers[reader] = Reader(call: nextNumber)
        return (reader, nextNumber)
    }

    /// Whether somebody still reads the answer of this call.
    func isWanted(_ call: Int) -> Bool { calls[call] != nil }

    /// Whether the answer of this call still comes, for somebody.
    func isUnderWay(_ call: Int) -> Bool { calls[call].map { $0.last == nil } ?? false }

    /// The next piece for a reader; nil when it is to wait.
    mutating func read(_ id: Int, _ waiter: Waiter) -> SharedPiece? {
        guard var reader = readers[id], let call = calls[reader.call] else { return .left }
        defer { readers[id] = reader }
        if reader.position < call.chunks.count {
            reader.position += 1
            return .chunk(call.chunks[reader.position - 1])
        }
        if let last = call.last { return last }
        reader.waiter = waiter
        return nil
    }

    /// A piece of an answer is here; the readers that waited for it get it.
    mutating func arrived(_ chunk: ModelChunk, of number: Int) -> [Waiter] {
        calls[number]?.chunks.append(chunk)
        return takeWaiters(of: number, advancing: 1)
    }

    /// An answer is over; the readers that waited get this.
    mutating func ended(_ number: Int, _ error: ModelError?) -> [Waiter] {
        guard let call = calls[number], call.last == nil else { return [] }
        calls[number]?.last = error.map(SharedPiece.failure) ?? .end
        underWay[call.request] = nil
        return takeWaiters(of: number, advancing: 0)
    }

    private mutating func takeWaiters(of number: Int, advancing step: Int) -> [Waiter] {
        var waiters: [Waiter] = []
        for id in calls[number]?.readers ?? [] {
            guard let waiter = readers[id]?.waiter else { continue }
            readers[id]?.waiter = nil
            readers[id]?.position += step
            waiters.append(waiter)
        }
        return waiters
    }

    /// A reader wants nothing any more: it may wait and must be told, and a call may have no reader left and is to be
    /// cancelled.
    mutating func leave(_ id: Int) -> (waiter: Waiter?, cancel: Int?) {
        guard let reader = readers.removeValue(forKey: id) else { return (nil, nil) }
        calls[reader.call]?.readers.remove(id)
        guard let call = calls[reader.call], call.readers.isEmpty else { return (reader.waiter, nil) }
        calls[reader.call] = nil
        if underWay[call.request] == reader.call { underWay[call.request] = nil }
        return (reader.waiter, call.last == nil ? reader.call : nil)
    }
}
