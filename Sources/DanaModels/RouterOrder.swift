/// Which of the models of one rank is asked first. The others follow when it fails.
public enum RouterOrder: String, Sendable, Hashable, CaseIterable {
    /// By their weights.
    case given
    /// The one that is expected to cost least for the request.
    case cost
    /// The one whose answers were quickest of late; one that has not answered for a minute is asked to find out.
    case latency
}
