import DanaData
import DanaHTTP
import Foundation
import Testing

@testable import DanaModels

/// The Python that has the engine installed, named by DANA_ENGINE_PYTHON.
private let enginePython = ProcessInfo.processInfo.environment["DANA_ENGINE_PYTHON"]

/// The embedded model itself: the form of its answers, not their wit. Runs where there is an engine.
@Suite(.serialized, .enabled(if: enginePython != nil, "DANA_ENGINE_PYTHON names no Python with the engine"))
struct RealEngineTests {
    private let transport = CurlTransport()
    private let model: EmbeddedModel

    init() throws {
        model = EmbeddedModel(EmbeddedSettings(python: try #require(enginePython)), transport: transport)
        model.warm()
    }

    @Test func itAnswers() async throws {
        let start = ContinuousClock.now
        var request = ModelRequest("Name three colours.")
        request.maxTokens = 8
        let reply = try await model.complete(request)
        print("embedded: first answer \(ContinuousClock.now - start) after the start, \(reply.usage)")
        #expect(!reply.text.isEmpty && reply.usage.output > 0 && reply.usage.output <= 8)
        #expect(reply.finishReason == .length || reply.finishReason == .stop)
        let again = ContinuousClock.now
        request.maxTokens = 1
        _ = try await model.complete(request)
        print("embedded: one token on a warm engine \(ContinuousClock.now - again)")
    }

    @Test func itKeepsToASchema() async throws {
        var request = ModelRequest("I love this film. Is the mood positive or negative?")
        request.schema = ReplySchema(
            name: "mood",
            schema: try JSONReader.read(
                #"{"type":"object","properties":{"mood":{"enum":["positive","negative"]}},"required":["mood"]}"#))
        request.maxTokens = 30
        let reply = try await model.complete(request)
        let mood = try JSONReader.read(reply.text).root["mood"]?.string
        #expect(mood == "positive" || mood == "negative")
    }

    @Test func itCallsTools() async throws {
        let parameters = #"{"type":"object","properties":{"city":{"enum":["Oslo","Rome"]}},"required":["city"]}"#
        var request = ModelRequest("What is the weather in Oslo?")
        request.tools = [
            ToolDefinition(
                name: "weather", description: "Tells the weather of a city.",
                parameters: try JSONReader.read(parameters))
        ]
        request.toolChoice = .required
        request.schema = ReplySchema(schema: try JSONReader.read(#"{"enum":["rain","sun"]}"#))
        request.maxTokens = 80
        var conversation = ToolConversation(request)
        let tools = ToolsBySchema(model)
        guard case .call(let calls) = try conversation.received(try await tools.complete(conversation.request)) else {
            return #expect(Bool(false), "it answered in place of a call")
        }
        let call = try #require(calls.first)
        #expect(calls.count == 1 && call.name == "weather")
        #expect(["Oslo", "Rome"].contains(try JSONReader.read(call.arguments).root["city"]?.string))
        conversation.answered([(call, "It rains.")])
        let next = try await tools.complete(conversation.request)
        #expect(["", #""rain""#, #""sun""#].contains(next.text) && next.text.isEmpty == !next.toolCalls.isEmpty)
    }

    @Test func streamsEndAndAreSeeded() async throws {
        var request = ModelRequest("Tell me about Oslo.")
        request.maxTokens = 24
        request.seed = 7
        let first = try await model.stream(request).collect()
        let second = try await model.stream(request).collect()
        #expect(first.text == second.text && first.usage.output <= 24)
    }

    @Test func manyAtOnceAllEnd() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for i in 0..<6 {
                group.addTask {
                    var request = ModelRequest("Count to \(i).")
                    request.maxTokens = 6
                    let reply = try await model.complete(request)
                    #expect(reply.usage.output > 0)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func cancellingFreesTheSlot() async throws {
        var request = ModelRequest("Write a very long story about the sea.")
        request.maxTokens = 1500
        let (model, started) = (model, request)
        let task = Task {
            for try await case .text in try await model.stream(started) { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let result = await task.result
        let start = ContinuousClock.now
        guard case .failure = result else { return #expect(Bool(false), "the cancelled call did not fail") }
        // Both slots answer at once only if the first call does not hold one of them for its 1500 tokens.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    var request = ModelRequest("Hi")
                    request.maxTokens = 1
                    _ = try await model.complete(request)
                }
            }
            try await group.waitForAll()
        }
        print("embedded: two short answers \(ContinuousClock.now - start) after a cancel")
    }

    @Test func aKilledEngineIsReplaced() async throws {
        var request = ModelRequest("Hi")
        request.maxTokens = 1
        let router = Router([ModelRoute(model)])
        _ = try await router.complete(request)
        let process = try #require(model.processID)
        kill(process, SIGKILL)
        _ = try await router.complete(request)
        #expect(model.processID != process)
    }

    @Test func noCallIsLostWithTheEngine() async throws {
        var request = ModelRequest("Hi")
        request.maxTokens = 4
        request.timeouts.firstByte = .seconds(600)
        let (model, asked, router) = (model, request, Router([ModelRoute(model)]))
        _ = try await model.complete(request)
        let process = try #require(model.processID)
        let groups = [getpgid(process)]
        let outcomes = await withTaskGroup(of: (isRouted: Bool, error: ModelError?).self) { group in
            for number in 0..<100 {
                let isRouted = number % 2 == 0
                let model: any LanguageModel = isRouted ? router : model
                group.addTask {
                    let error = await Conversation.failure { () throws(ModelError) in
                        _ = try await model.complete(asked)
                    }
                    return (isRouted, error)
                }
            }
            var outcomes: [(isRouted: Bool, error: ModelError?)] = []
            for await outcome in group {
                outcomes.append(outcome)
                if outcomes.count == 5 { kill(process, SIGKILL) }
            }
            return outcomes
        }
        let errors = outcomes.compactMap(\.error)
        print("embedded: of 100 calls \(errors.count) failed when the engine was killed")
        #expect(outcomes.count == 100 && !errors.isEmpty)
        #expect(outcomes.filter(\.isRouted).compactMap(\.error) == [], "a router asks the next process")
        for error in errors {
            #expect(error.isTransient && error.description.hasPrefix("embedded/"), "\(error)")
        }
        #expect(try await model.complete(request).usage.output > 0)
        let second = try #require(model.processID)
        #expect(second != process)
        let all = groups + [getpgid(second)]
        model.close()
        // Whatever is left of a group, dead or alive, can be sent a signal.
        for group in all {
            while kill(-group, 0) == 0 { await Task.yield() }
            #expect(errno == ESRCH)
        }
    }
}
