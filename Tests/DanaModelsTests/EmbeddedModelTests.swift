import DanaHTTP
import FaultServer
import Foundation
import Synchronization
import Testing

@testable import DanaModels

/// The embedded model over a program that stands for its engine.
@Suite struct EmbeddedModelTests {
    private let transport = CurlTransport()

    private func model(_ mode: String = "well", startTimeout: Duration = .seconds(60)) -> EmbeddedModel {
        var settings = EmbeddedSettings(script: FaultServer.fakeEngine)
        settings.modelFile = mode
        settings.startTimeout = startTimeout
        return EmbeddedModel(settings, transport: transport)
    }

    private func failure(_ model: any LanguageModel, _ prompt: String = "x") async -> ModelError? {
        await Conversation.failure { () throws(ModelError) in _ = try await model.complete(ModelRequest(prompt)) }
    }

    @Test func itStartsWhenItIsNeededAndStays() async throws {
        let model = model()
        #expect(model.processID == nil)
        let first = try await model.complete(ModelRequest("x")).text
        #expect(first == "\(try #require(model.processID)) 0.2 True")
        #expect(try await model.complete(ModelRequest("x")).text == first)
        model.close()
        #expect(await failure(model)?.code == .noModelLeft)
    }

    @Test func oneProcessServesManyCalls() async throws {
        let model = model()
        model.warm()
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await model.complete(ModelRequest("x")).text } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(texts.count == 1)
    }

    @Test func aKilledProcessIsReplaced() async throws {
        let model = model()
        let router = Router([ModelRoute(model)])
        let first = try await router.complete(ModelRequest("x")).text
        kill(try #require(model.processID), SIGKILL)
        #expect(try await router.complete(ModelRequest("x")).text != first)
        #expect(await failure(model, "die")?.isTransient == true)
        #expect(try await router.complete(ModelRequest("x")).text.hasSuffix("True"))
    }

    @Test func anAnswerThatBreaksOffIsAnError() async throws {
        var text = ""
        let router = Router([ModelRoute(model())])
        let error = await Conversation.failure { () throws(ModelError) in
            for try await case .text(let piece) in try await router.stream(ModelRequest("break")) { text += piece }
        }
        #expect(error?.code == .transport(.connectionLost) && text.hasSuffix("True"))
    }

    @Test func aStartThatFailsSaysWhy() async {
        let told = await failure(model("fails"))
        #expect(told?.code == .configuration && told?.message == "the engine is not installed")
        let died = await failure(model("dies"))
        #expect(died?.code == .serverFailed && died?.message.contains("status 3") == true)
        let late = await failure(model("hangs", startTimeout: .milliseconds(100)))
        #expect(late?.message.contains("not ready in time") == true)
        var settings = EmbeddedSettings(python: "/nowhere/python3", script: FaultServer.fakeEngine)
        settings.slots = 1
        let missing = await failure(EmbeddedModel(settings, transport: transport))
        #expect(missing?.code == .configuration && missing?.message.contains("/nowhere/python3") == true)
    }

    @Test func whatKeepsEndingRestsAndSaysWhyAndUntilWhen() async {
        let model = model("dies")
        for _ in 0..<5 { #expect(await failure(model)?.isRest == false) }
        let rest = await failure(model)
        #expect(rest?.code == .serverFailed && rest?.isRest == true && rest?.message.contains("status 3") == true)
        #expect(rest.flatMap(\.retryAfter).map { $0 > .zero && $0 <= .seconds(2) } == true)
    }

    @Test func aCallThatWaitsForTheStartCanBeCancelled() async {
        let model = model("hangs")
        let task = Task { await failure(model) }
        while model.processID == nil { await Task.yield() }
        task.cancel()
        #expect(await task.value?.code == .cancelled)
        model.close()
    }

    @Test func fetchingIsTold() async throws {
        let told = Mutex<[Int]>([])
        let model = EmbeddedModel(EmbeddedSettings(script: FaultServer.fakeEngine), transport: transport) { _, bytes in
            told.withLock { $0.append(bytes) }
        }
        _ = try await model.complete(ModelRequest("x"))
        #expect(told.withLock { $0 } == [7])
    }

    @Test func toolsAreRefused() async throws {
        let error = await Conversation.failure { () throws(ModelError) in
            let request = (try? Conversation.full()) ?? ModelRequest("x")
            _ = try await model().complete(request)
        }
        #expect(error?.code == .unsupported)
    }

    @Test func aProcessEndsWithItsOwner() async throws {
        var engine: EmbeddedModel? = model()
        _ = try await engine?.complete(ModelRequest("x"))
        let process = try #require(engine?.processID)
        engine = nil
        // It is reaped when the number is nobody's; a child that is dead and not reaped still has it.
        while kill(process, 0) == 0 { await Task.yield() }
        #expect(errno == ESRCH)
    }

    @Test(arguments: [(1, 1), (2, 1), (4, 2), (16, 8), (64, 8)])
    func threadsFollowTheProcessors(processors: Int, threads: Int) {
        #expect(EmbeddedSettings.usualThreads(processors: processors) == threads)
    }
}
