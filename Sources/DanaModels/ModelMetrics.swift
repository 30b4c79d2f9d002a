/// What models were asked, what came of it, how long it took and what it cost: a value that is told each call, and writes
/// itself as Prometheus reads it. Names and bounds follow the conventions for generative AI of OpenTelemetry.
public struct ModelMetrics: Sendable {
    /// What a model was asked for.
    public enum Operation: String, Sendable, Hashable {
        case chat
        case embeddings
    }

    /// One call that is over.
    public struct Call: Sendable {
        public var provider: String
        public var model: String
        public var operation: Operation
        /// Nil when there was an answer.
        public var error: ModelError.Code?
        public var duration: Duration
        /// From the beginning to the first piece of a streamed answer.
        public var firstChunk: Duration?
        public var usage = TokenUsage()
        /// In the money of the prices.
        public var cost = 0.0

        public init(
            provider: String, model: String, operation: Operation, error: ModelError.Code? = nil, duration: Duration
        ) {
            self.provider = provider
            self.model = model
            self.operation = operation
            self.error = error
            self.duration = duration
        }
    }

    /// How many rows of one kind there may be; what is more is counted as `other`.
    public static let mostRows = 500

    private var requests: [MetricLabels: UInt64] = [:]
    private var costs: [MetricLabels: Double] = [:]
    private var durations: [MetricLabels: MetricHistogram] = [:]
    private var firstChunks: [MetricLabels: MetricHistogram] = [:]
    private var tokens: [MetricLabels: MetricHistogram] = [:]
    private var queues: [MetricLabels: MetricHistogram] = [:]

    public init() {}

    public mutating func record(_ call: Call) {
        let model = Self.labels(call)
        let outcome = call.error.map { model.with("error_type", $0.word) } ?? model
        Self.change(&requests, outcome, 0) { $0 &+= 1 }
        Self.change(&durations, outcome, .init(bounds: MetricHistogram.seconds)) { $0.add(call.duration.inSeconds) }
        if let first = call.firstChunk {
            Self.change(&firstChunks, model, .init(bounds: MetricHistogram.seconds)) { $0.add(first.inSeconds) }
        }
        for (kind, count) in [("input", call.usage.input), ("output", call.usage.output)] where count > 0 {
            let row = model.with("gen_ai_token_type", kind)
            Self.change(&tokens, row, .init(bounds: MetricHistogram.tokens)) { $0.add(Double(count)) }
        }
        if call.cost > 0 { Self.change(&costs, model, 0) { $0 += call.cost } }
    }

    /// A caller waited this long for its turn in the queue of a pool.
    public mutating func recordWait(_ wait: Duration, pool: String) {
        Self.change(&queues, MetricLabels(["pool": pool]), .init(bounds: MetricHistogram.seconds)) {
            $0.add(wait.inSeconds)
        }
    }

    private static func labels(_ call: Call) -> MetricLabels {
        MetricLabels([
            "gen_ai_operation_name": call.operation.rawValue, "gen_ai_provider_name": call.provider,
            "gen_ai_request_model": call.model,
        ])
    }

    private static func change<Value>(
        _ rows: inout [MetricLabels: Value], _ labels: MetricLabels, _ first: Value, _ change: (inout Value) -> Void
    ) {
        let labels = rows[labels] != nil || rows.count < mostRows ? labels : labels.others
        change(&rows[labels, default: first])
    }

    // MARK: As text

    /// All of it in the exposition format of Prometheus.
    public var prometheusText: String {
        [
            Self.counter("dana_model_requests_total", "Calls of models that are over.", requests) { "\($0)" },
            Self.counter("dana_model_cost_total", "What the calls cost, in the money of the prices.", costs) {
                "\($0)"
            },
            Self.histogram("gen_ai_client_operation_duration_seconds", "How long calls took.", durations),
            Self.histogram(
                "gen_ai_client_operation_time_to_first_chunk_seconds", "How long streams took to begin.", firstChunks),
            Self.histogram("gen_ai_client_token_usage", "Tokens of calls.", tokens),
            Self.histogram("dana_model_queue_duration_seconds", "How long callers waited for their turn.", queues),
        ].joined()
    }

    private static func head(_ name: String, _ help: String, _ kind: String) -> String {
        "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
    }

    private static func sorted<Value>(_ rows: [MetricLabels: Value]) -> [(text: String, value: Value)] {
        rows.map { ($0.text, $1) }.sorted { $0.text < $1.text }
    }

    private static func counter<Value>(
        _ name: String, _ help: String, _ rows: [MetricLabels: Value], _ write: (Value) -> String
    ) -> String {
        guard !rows.isEmpty else { return "" }
        return head(name, help, "counter")
            + sorted(rows).map { "\(name){\($0.text)} \(write($0.value))\n" }.joined()
    }

    private static func histogram(_ name: String, _ help: String, _ rows: [MetricLabels: MetricHistogram]) -> String {
        guard !rows.isEmpty else { return "" }
        var text = head(name, help, "histogram")
        for (labels, histogram) in sorted(rows) {
            var below: UInt64 = 0
            for (bound, count) in zip(histogram.bounds, histogram.counts) {
                below &+= count
                text += "\(name)_bucket{\(labels),le=\"\(bound)\"} \(below)\n"
            }
            text += "\(name)_bucket{\(labels),le=\"+Inf\"} \(histogram.count)\n"
            text += "\(name)_sum{\(labels)} \(histogram.sum)\n\(name)_count{\(labels)} \(histogram.count)\n"
        }
        return text
    }
}

extension Duration {
    var inSeconds: Double { self / .seconds(1) }
}
