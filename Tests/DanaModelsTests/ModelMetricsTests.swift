import DanaPools
import Synchronization
import Testing

@testable import DanaModels

/// What is counted of calls, and how it is written.
@Suite struct ModelMetricsTests {
    private func call(
        _ model: String = "m", error: ModelError.Code? = nil, duration: Duration = .milliseconds(15)
    ) -> ModelMetrics.Call {
        var call = ModelMetrics.Call(
            provider: "p", model: model, operation: .chat, error: error, duration: duration)
        call.usage = TokenUsage(input: 5, output: error == nil ? 1 : 0)
        return call
    }

    private func lines(_ metrics: ModelMetrics, _ start: String) -> [String] {
        metrics.prometheusText.split(separator: "\n").map(String.init).filter { $0.hasPrefix(start) }
    }

    private let labels = #"gen_ai_operation_name="chat",gen_ai_provider_name="p",gen_ai_request_model="m""#

    @Test func callsAreCounted() {
        var metrics = ModelMetrics()
        for _ in 0..<3 { metrics.record(call()) }
        metrics.record(call(error: .transport(.connectionLost)))
        #expect(
            lines(metrics, "dana_model_requests_total") == [
                "dana_model_requests_total{\(labels)} 3",
                "dana_model_requests_total{\(labels),error_type=\"connection_lost\"} 1",
            ])
        #expect(metrics.prometheusText.contains("# TYPE dana_model_requests_total counter\n"))
    }

    @Test func histogramsAreCumulative() {
        var metrics = ModelMetrics()
        for milliseconds in [10, 15, 5000, 100_000] {
            var call = call(duration: .milliseconds(milliseconds))
            call.firstChunk = .milliseconds(milliseconds / 2)
            metrics.record(call)
        }
        let rows = lines(metrics, "gen_ai_client_operation_duration_seconds")
        #expect(rows.count == 17)
        #expect(rows.first == "gen_ai_client_operation_duration_seconds_bucket{\(labels),le=\"0.01\"} 1")
        #expect(rows[1].hasSuffix(#"le="0.02"} 2"#) && rows[8].hasSuffix(#"le="2.56"} 2"#))
        #expect(rows[13].hasSuffix(#"le="81.92"} 3"#) && rows[14].hasSuffix(#"le="+Inf"} 4"#))
        #expect(rows[15].hasSuffix("} 105.025") && rows[16].hasSuffix("} 4"))
        #expect(
            lines(metrics, "gen_ai_client_operation_time_to_first_chunk_seconds_count").first?.hasSuffix(" 4") == true)
        let tokens = lines(metrics, "gen_ai_client_token_usage_bucket{\(labels),gen_ai_token_type=\"input\"")
        #expect(tokens.count == 15 && tokens.first?.hasSuffix(#"le="1.0"} 0"#) == true)
        #expect(tokens[2].hasSuffix(#"le="16.0"} 4"#) && tokens[13].contains(#"le="67108864.0""#))
    }

    @Test func labelsAreEscaped() {
        var metrics = ModelMetrics()
        metrics.record(call("a\"b\\c\nd\re"))
        let text = "gen_ai_request_model=\"a\\\"b\\\\c\\nd\re\""
        #expect(
            metrics.prometheusText.contains("{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"p\",\(text)} 1\n"))
    }

    @Test func rowsAreBounded() {
        var metrics = ModelMetrics()
        for number in 0..<(ModelMetrics.mostRows + 50) { metrics.record(call("m\(number)")) }
        let rows = lines(metrics, "dana_model_requests_total")
        #expect(rows.count == ModelMetrics.mostRows + 1)
        #expect(rows.contains { $0.contains(#"gen_ai_request_model="other""#) && $0.hasSuffix(" 50") })
        metrics.record(call("m0"))
        #expect(lines(metrics, "dana_model_requests_total").contains { $0.contains(#""m0""#) && $0.hasSuffix(" 2") })
    }

    @Test func waitsAreCountedByPool() {
        var metrics = ModelMetrics()
        #expect(metrics.prometheusText.isEmpty)
        metrics.recordWait(.seconds(1), pool: "fast")
        #expect(
            lines(metrics, "dana_model_queue_duration_seconds_sum") == [
                #"dana_model_queue_duration_seconds_sum{pool="fast"} 1.0"#
            ])
    }

    // MARK: The model around it

    @Test func aModelIsMetered() async throws {
        let meter = ModelMeter()
        let now = Mutex(PoolTime.start)
        let clock = RouterClock(
            now: {
                now.withLock { now in
                    now = now + .seconds(1)
                    return now
                }
            }, sleep: { _ in }, random: { 0 })
        let lost = ModelError(.streamTruncated, "lost", model: "p/m")
        let fake = FakeModel("p/m", [.text("x"), FakeModel.failure(.rateLimited), .broken(["Once"], lost), .text("y")])
        let price = ModelPrice(input: 1_000_000, output: 2_000_000)
        let model = MeteredModel(fake, provider: "p", price: price, meter: meter, clock: clock)
        _ = try await model.complete(ModelRequest("x"))
        for _ in 0..<2 {
            _ = await Conversation.failure { () throws(ModelError) in
                _ = try await model.stream(ModelRequest("x")).collect()
            }
        }
        _ = try await model.stream(ModelRequest("x")).collect()
        do {
            var dropped: ModelStream? = try await model.stream(ModelRequest("x"))
            #expect(dropped != nil)
            dropped = nil
        }
        #expect(
            lines(meter.metrics, "dana_model_requests_total") == [
                "dana_model_requests_total{\(labels)} 2",
                "dana_model_requests_total{\(labels),error_type=\"cancelled\"} 1",
                "dana_model_requests_total{\(labels),error_type=\"rate_limited\"} 1",
                "dana_model_requests_total{\(labels),error_type=\"stream_truncated\"} 1",
            ])
        #expect(lines(meter.metrics, "dana_model_cost_total") == ["dana_model_cost_total{\(labels)} 40.0"])
        let first = lines(meter.metrics, "gen_ai_client_operation_time_to_first_chunk_seconds_sum")
        #expect(first.first?.hasSuffix(" 2.0") == true, "two streams began, each a second after its call")
    }
}
