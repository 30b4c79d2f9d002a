import DanaHTTP
import FaultServer
import Foundation
import Testing

@testable import DanaModels

/// A model behind a server that misbehaves, over real connections.
@Suite struct FaultyServerTests {
    private let server: FaultServer
    private let transport = CurlTransport()

    init() throws { server = try FaultServer.shared.get() }

    private func model(_ fault: String) -> HTTPModel {
        HTTPModel(
            ModelEndpoint(provider: "fault", model: fault, baseURL: server.url("/v1"), key: Conversation.key),
            transport: transport)
    }

    /// Other tests may keep the processors for long: only what is to run out of time has little of it.
    private static func patient(idle: Duration = .seconds(3_600)) -> ModelRequest {
        var request = ModelRequest("Tell me a story.")
        request.timeouts = HTTPTimeouts(firstByte: .seconds(3_600), idle: idle, total: .seconds(3_600))
        return request
    }

    @Test func answersArrive() async throws {
        let reply = try await model("ok").complete(Self.patient())
        #expect(reply.text == "Once upon a time." && reply.usage.input == 7 && reply.usage.cachedInput == 2)
        var streamed = try await model("ok").stream(Self.patient()).collect()
        #expect(reply.began == nil && streamed.began != nil)
        streamed.began = nil
        #expect(streamed == reply)
        let byteByByte = try await model("one-byte").stream(Self.patient()).collect()
        #expect(byteByByte.text == reply.text)
    }

    @Test func aCompressedAnswerIsExpanded() async throws {
        #expect(try await model("compressed").complete(Self.patient()).text == "Once upon a time.")
        #expect(try await model("compressed").stream(Self.patient()).collect().text == "Once upon a time.")
    }

    @Test(arguments: [
        ("429-seconds", ModelError.Code.rateLimited), ("429-date", .rateLimited), ("500", .serverFailed),
        ("401", .authentication), ("wrong-json", .invalidReply), ("no-choices", .invalidReply),
    ])
    func wholeAnswersFail(fault: String, code: ModelError.Code) async {
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model(fault).complete(Self.patient())
        }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.description.contains("sk-test") == false)
        if fault == "429-seconds" { #expect(error?.retryAfter == .seconds(7)) }
        if fault == "429-date" {
            #expect(error?.retryAfter.map { $0 <= .seconds(30) } == true)
        }
    }

    @Test(arguments: [
        ("no-done", ModelError.Code.streamTruncated, true), ("half-line", .streamTruncated, true),
        ("wrong-event", .invalidReply, true), ("error-event", .serverFailed, true),
        ("reset", .transport(.connectionLost), true), ("stall", .transport(.idleTimedOut), true),
        ("long-event", .invalidReply, false), ("500", .serverFailed, false),
    ])
    func streamsFail(fault: String, code: ModelError.Code, isAfterText: Bool) async {
        var text = ""
        let request = fault == "stall" ? Self.patient(idle: .milliseconds(200)) : Self.patient()
        let error = await Conversation.failure { () throws(ModelError) in
            for try await case .text(let piece) in try await model(fault).stream(request) { text += piece }
        }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(text.hasPrefix("Once ") == isAfterText)
    }

    @Test func cancellingAStreamReachesTheServer() async throws {
        let tag = UUID().uuidString
        var request = Self.patient()
        request.extras = [.init(name: "user", value: try Conversation.tape("\"\(tag)\""))]
        let (model, started) = (model("endless"), request)
        let task = Task {
            for try await case .text in try await model.stream(started) { withUnsafeCurrentTask { $0?.cancel() } }
        }
        let result = await task.result
        let error = #expect(throws: ModelError.self) { try result.get() }
        #expect(error?.code == .cancelled)
        let closed = try await transport.send(HTTPRequest(url: server.url("/closed?tag=\(tag)"))).body.collect()
        #expect(String(decoding: closed, as: UTF8.self).contains("nanoseconds"))
    }
}
