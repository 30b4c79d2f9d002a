import DanaHTTP
import FaultServer
import Foundation
import Testing

@testable import DanaModels

/// A second request when the first does not begin: event by event, and over real connections.
@Suite struct HedgingTests {
    private let server: FaultServer
    private let transport = CurlTransport()
    private let first = ModelError(.serverFailed, "first", model: "a")
    private let second = ModelError(.overloaded, "second", model: "a")

    init() throws { server = try FaultServer.shared.get() }

    @Test func whatBeginsInTimeIsAskedOnce() {
        var machine = HedgeMachine()
        #expect(machine.began() == true)
        #expect(machine.delayPassed() == false && machine.began() == false && machine.failed(second) == nil)
    }

    @Test func whatBeginsFirstIsTaken() {
        var machine = HedgeMachine()
        #expect(machine.delayPassed() == true && machine.delayPassed() == false)
        #expect(machine.began() == true && machine.began() == false && machine.failed(second) == nil)
    }

    @Test func aFailureWaitsForTheOther() {
        var machine = HedgeMachine()
        #expect(machine.delayPassed() == true && machine.failed(first) == nil && machine.began() == true)
        machine = HedgeMachine()
        #expect(machine.delayPassed() == true && machine.failed(first) == nil && machine.failed(second) == first)
        machine = HedgeMachine()
        #expect(machine.failed(first) == first && machine.delayPassed() == false)
    }

    // MARK: The model around it

    private func model(_ fault: String, sleep: @escaping @Sendable (Duration) async -> Void) -> HedgingModel {
        let endpoint = ModelEndpoint(provider: "fault", model: fault, baseURL: server.url("/v1"))
        return HedgingModel(
            HTTPModel(endpoint, transport: transport), after: .seconds(2),
            clock: RouterClock(now: { .start }, sleep: sleep, random: { 0 }))
    }

    private func request(_ tag: String) throws -> ModelRequest {
        var request = ModelRequest("Tell me a story.")
        request.timeouts = HTTPTimeouts(firstByte: .seconds(3_600), idle: .seconds(3_600), total: .seconds(3_600))
        request.extras = [.init(name: "user", value: try Conversation.tape("\"\(tag)\""))]
        return request
    }

    @Test func theSecondAnswersAndTheFirstIsCancelled() async throws {
        let tag = UUID().uuidString
        let model = model("stall-once") { delay in #expect(delay == .seconds(2)) }
        // Whichever of the two comes first to the server is the one that stalls.
        #expect(try await model.complete(try request(tag)).text == "Once upon a time.")
        let closed = try await transport.send(HTTPRequest(url: server.url("/closed?tag=\(tag)"))).body.collect()
        #expect(String(decoding: closed, as: UTF8.self).contains("nanoseconds"))
    }

    @Test func nothingIsAskedAgainOnceTheAnswerHasBegun() async throws {
        let tag = UUID().uuidString
        let (asleep, falling) = AsyncStream.makeStream(of: Void.self)
        let model = model("held") { _ in
            falling.yield()
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        }
        let stream = try await model.stream(try request(tag))
        for await _ in asleep { break }
        _ = try await transport.send(HTTPRequest(url: server.url("/release?tag=\(tag)"))).body.collect()
        #expect(try await stream.collect().text == "Once 1")
    }

    @Test func bothFailing() async throws {
        let model = model("500") { _ in }
        let request = try request("x")
        let error = await Conversation.failure { () throws(ModelError) in _ = try await model.stream(request) }
        #expect(error?.code == .serverFailed)
    }

    @Test func cancellingEndsBoth() async throws {
        let fake = model("stall") { _ in }
        let request = try request("x")
        let task = Task { try await fake.complete(request) }
        task.cancel()
        let result = await task.result
        let error = #expect(throws: ModelError.self) { try result.get() }
        #expect(error?.code == .cancelled)
    }
}
