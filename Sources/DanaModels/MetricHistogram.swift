/// How often values fell between bounds, how many there were and their sum.
struct MetricHistogram: Sendable, Hashable {
    /// The bounds of the conventions for generative AI of OpenTelemetry: of durations, in seconds.
    static let seconds = (0..<14).map { 0.01 * Double(1 << $0) }
    /// And of tokens.
    static let tokens = (0..<14).map { Double(1 << (2 * $0)) }

    let bounds: [Double]
    /// A count for each bound, of the values up to it and above the one before, and one for the values above all.
    private(set) var counts: [UInt64]
    private(set) var count: UInt64 = 0
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    mutating func add(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] &+= 1
        count &+= 1
        sum += value
    }
}
