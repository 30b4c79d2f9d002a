import DanaHTTP

/// How long a provider asks to be left alone.
enum RetryAfter {
    /// More than a day is taken for a day.
    static let longest: Int64 = 86_400

    /// From `retry-after-ms`, or from `Retry-After` in seconds or as a date; `now` is in seconds since 1970.
    static func delay(_ headers: HTTPHeaders, now: Int64) -> Duration? {
        if let text = headers["retry-after-ms"], let milliseconds = Double(text), milliseconds >= 0 {
            return duration(milliseconds / 1000)
        }
        guard let text = headers["Retry-After"] else { return nil }
        if let seconds = Double(text) { return seconds >= 0 ? duration(seconds) : nil }
        return HTTPDate.seconds(text).map { .seconds(min(max(0, $0 - now), longest)) }
    }

    private static func duration(_ seconds: Double) -> Duration? {
        seconds.isFinite ? .milliseconds(Int64(min(seconds, Double(longest)) * 1000)) : nil
    }
}
