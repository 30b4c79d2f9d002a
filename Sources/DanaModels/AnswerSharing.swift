/// Which requests may be answered with the answer to another request that is the same in everything.
public enum AnswerSharing: Sendable, Hashable {
    /// Those of temperature 0, whose answers would be the same but for chance in the hardware.
    case temperatureZero
    /// All: whoever asks twice is content with one answer.
    case always

    func allows(_ request: ModelRequest) -> Bool { self == .always || request.temperature == 0 }
}

extension ModelRequest {
    /// What tells this request from others: all but how long it may take.
    var identity: ModelRequest {
        var request = self
        request.timeouts = .init()
        return request
    }
}
