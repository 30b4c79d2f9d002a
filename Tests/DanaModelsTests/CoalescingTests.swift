import DanaHTTP
import FaultServer
import Foundation
import Testing

@testable import DanaModels

/// One call for requests that are the same at the same time: event by event, and over real connections.
@Suite struct CoalescingTests {
    private let server: FaultServer
    private let transport = CurlTransport()

    init() throws { server = try FaultServer.shared.get() }

    @Test func allReadTheWholeAnswer() {
        var machine = CoalescingMachine<String>()
        let (first, call) = machine.join(ModelRequest("x"))
        guard let call else { return #expect(Bool(false), "the first is not asked") }
        #expect(machine.read(first, "first") == nil)
        #expect(machine.arrived(.text("a"), of: call) == ["first"])
        let (second, other) = machine.join(ModelRequest("x"))
        #expect(other == nil && machine.join(ModelRequest("y")).start != nil)
        #expect(machine.read(second, "second") == .chunk(.text("a")))
        #expect(machine.read(second, "second") == nil && machine.read(first, "first") == nil)
        #expect(machine.arrived(.text("b"), of: call).sorted() == ["first", "second"])
        #expect(machine.read(first, "first") == nil)
        #expect(machine.ended(call, nil) == ["first"])
        #expect(machine.read(second, "second") == .end && machine.read(first, "first") == .end)
        #expect(machine.join(ModelRequest("x")).start != nil, "an answer that is over is not given to who comes later")
        #expect(machine.leave(first).cancel == nil && machine.leave(second).cancel == nil)
    }

    @Test func theLastWhoLeavesEndsTheCall() {
        var machine = CoalescingMachine<String>()
        let (first, call) = machine.join(ModelRequest("x"))
        let (second, _) = machine.join(ModelRequest("x"))
        #expect(machine.read(second, "second") == nil)
        var left = machine.leave(first)
        #expect(left.waiter == nil && left.cancel == nil)
        left = machine.leave(second)
        #expect(left.waiter == "second" && left.cancel == call)
        left = machine.leave(second)
        #expect(left.waiter == nil && left.cancel == nil)
        #expect(machine.read(second, "second") == .left)
        guard let call else { return }
        #expect(!machine.isWanted(call) && machine.arrived(.text("a"), of: call) == [])
        #expect(machine.ended(call, nil) == [] && machine.join(ModelRequest("x")).start != nil)
    }

    @Test func aFailureIsToldToAll() {
        var machine = CoalescingMachine<String>()
        let lost = ModelError(.streamTruncated, "lost", model: "a")
        let (first, call) = machine.join(ModelRequest("x"))
        let (second, _) = machine.join(ModelRequest("x"))
        #expect(machine.read(first, "first") == nil)
        #expect(machine.ended(call ?? 0, lost) == ["first"])
        #expect(machine.read(second, "second") == .failure(lost))
        #expect(machine.ended(call ?? 0, nil) == [])
    }

    // MARK: The model around it

    private func model(_ fault: String) -> CoalescingModel {
        CoalescingModel(
            HTTPModel(ModelEndpoint(provider: "fault", model: fault, baseURL: server.url("/v1")), transport: transport))
    }

    private func request(_ tag: String, temperature: Double = 0) throws -> ModelRequest {
        var request = ModelRequest("Tell me a story.")
        request.temperature = temperature
        request.timeouts = HTTPTimeouts(firstByte: .seconds(3_600), idle: .seconds(3_600), total: .seconds(3_600))
        request.extras = [.init(name: "user", value: try Conversation.tape("\"\(tag)\""))]
        return request
    }

    private func get(_ path: String) async throws {
        _ = try await transport.send(HTTPRequest(url: server.url(path))).body.collect()
    }

    @Test func theProviderIsAskedOnce() async throws {
        let (tag, model) = (UUID().uuidString, model("held"))
        let request = try request(tag)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let texts = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<20 {
                group.addTask {
                    if number % 2 == 0 {
                        let stream = try await model.stream(request)
                        beginning.yield()
                        return try await stream.collect().text
                    }
                    var text = ""
                    for try await case .text(let piece) in try await model.stream(request) {
                        beginning.yield()
                        text += piece
                    }
                    return text
                }
            }
            var count = 0
            for await _ in begun {
                count += 1
                if count == 20 { break }
            }
            try await get("/release?tag=\(tag)")
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(texts == Array(repeating: "Once 1", count: 20))
        #expect(try await model.complete(request).text == "Once 2")
        let other = try self.request(tag, temperature: 0.5)
        #expect(try await model.stream(other).collect().text == "Once 3")
    }

    @Test func cancellingTheLastReaderReachesTheServer() async throws {
        let (tag, model) = (UUID().uuidString, model("endless"))
        let request = try request(tag)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let tasks = (0..<3).map { _ in
            Task {
                for try await case .text in try await model.stream(request) { beginning.yield() }
            }
        }
        for await _ in begun { break }
        for task in tasks { task.cancel() }
        for task in tasks {
            let result = await task.result
            let error = #expect(throws: ModelError.self) { try result.get() }
            #expect(error?.code == .cancelled)
        }
        try await get("/closed?tag=\(tag)")
    }

    @Test func theOthersReadOnWhenTheOneWhoAskedIsCancelled() async throws {
        let (tag, model) = (UUID().uuidString, model("held"))
        let request = try request(tag)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let asking = Task {
            for try await case .text in try await model.stream(request) { beginning.yield() }
        }
        for await _ in begun { break }
        let reading = try await model.stream(request)
        asking.cancel()
        let result = await asking.result
        let error = #expect(throws: ModelError.self) { try result.get() }
        #expect(error?.code == .cancelled)
        try await get("/release?tag=\(tag)")
        #expect(try await reading.collect().text == "Once 1")
        #expect(try await model.complete(request).text == "Once 2")
    }

    @Test func allAreToldOfAFailureAndTheNextAsksAnew() async throws {
        let (tag, model) = (UUID().uuidString, model("held-reset"))
        let request = try request(tag)
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let tasks = (0..<3).map { _ in
            Task {
                for try await case .text in try await model.stream(request) { beginning.yield() }
            }
        }
        var count = 0
        for await _ in begun {
            count += 1
            if count == tasks.count { break }
        }
        try await get("/release?tag=\(tag)")
        for task in tasks {
            let result = await task.result
            let error = #expect(throws: ModelError.self) { try result.get() }
            #expect(error?.code == .transport(.connectionLost))
        }
        #expect(try await model.complete(request).text == "Once 2")
    }

    @Test func aReaderThatLeavesTakesNothingAlong() async throws {
        let (tag, model) = (UUID().uuidString, model("held"))
        let request = try request(tag)
        var leaving: ModelStream? = try await model.stream(request)
        let staying = try await model.stream(request)
        #expect(leaving != nil)
        leaving = nil
        try await get("/release?tag=\(tag)")
        #expect(try await staying.collect().text == "Once 1")
    }
}
