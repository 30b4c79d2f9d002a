import DanaPools

/// The clock and the name of one call, from the moment it was asked for; tells what became of it when it has ended.
struct ModelCall {
    let traceID = TraceID()
    private let operation: ModelCallEvent.Operation
    private let pool: ModelPool
    private let start = SystemPoolClock().now
    private let origin = CallOrigin.current
    private(set) var timing = AnswerTiming()
    /// How long the call may take, once it has begun.
    private var limit: Duration?
    private var options = CallOptions()

    init(_ operation: ModelCallEvent.Operation, in pool: ModelPool) {
        self.operation = operation
        self.pool = pool
    }

    private var elapsed: Duration { SystemPoolClock().now - start }

    /// The pool has given a place.
    mutating func began() { timing.queued = elapsed }

    /// The pool has given a place for this request; what is left of its time is the model's.
    mutating func began(_ request: ModelRequest) -> ModelRequest {
        began()
        limit = request.timeouts.total
        options = CallOptions(request)
        return request.after(timing.queued)
    }

    /// The first piece of the answer is there.
    mutating func answered() { if timing.firstToken == nil { timing.firstToken = elapsed } }

    /// The call has ended well.
    mutating func ended(_ reply: ModelReply) {
        timing.total = elapsed
        if timing.firstToken == nil, let began = reply.began { timing.firstToken = began - start }
        var event = event
        event.model = reply.asked ?? event.model
        event.answeredBy = reply.model
        event.isCached = reply.isCached
        event.responseID = reply.id.isEmpty ? nil : reply.id
        event.usage = reply.usage
        event.finishReason = reply.finishReason
        pool.tell(event)
    }

    /// The call has failed; gives the error as its asker is to see it.
    func failed(_ error: ModelError) -> ModelError {
        let error = told(error)
        var event = event
        event.timing.total = elapsed
        event.error = error
        pool.tell(event)
        return error
    }

    /// That the time is over is told in one way, whichever clock noticed it first.
    private func told(_ error: ModelError) -> ModelError {
        guard error.isTimeOut else { return error }
        if let limit, elapsed >= limit { return QuestionDeadline.passed(limit, error.model) }
        var error = error
        if error.code == .transport(.totalTimedOut) {
            error.code = .timedOut
            error.message += ": raise the `timeout` that the model has, or ask for less"
        }
        return error
    }

    private var event: ModelCallEvent {
        var event = ModelCallEvent(operation: operation, name: pool.name, model: pool.modelName, traceID: traceID)
        event.timing = timing
        event.options = options
        event.server = pool.server
        event.origin = origin
        return event
    }
}
