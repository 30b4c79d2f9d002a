import DanaPools
import DanaSystem

/// Until when a question must be answered, whatever of it takes the time: the wait for a place, the steps of tools, a
/// second try.
struct QuestionDeadline: Sendable {
    private let total: Duration
    private let end: PoolTime

    /// From this moment on.
    init(_ total: Duration) {
        self.total = total
        end = SystemPoolClock().now + total
    }

    /// What is left of the time; throws when nothing is.
    func left(_ model: String) throws(ModelError) -> Duration {
        let left = end - SystemPoolClock().now
        guard left > .zero else { throw Self.passed(total, model) }
        return left
    }

    /// A failure as it is told when this time is over, whatever part of it was somebody's own.
    func told(_ error: ModelError) -> ModelError {
        error.isTimeOut && SystemPoolClock().now >= end ? Self.passed(total, error.model) : error
    }

    static func passed(_ total: Duration, _ model: String) -> ModelError {
        ModelError(
            .timedOut, "no answer within \(total.told), the time of the call: raise its `timeout`, or ask for less",
            model: model)
    }
}
