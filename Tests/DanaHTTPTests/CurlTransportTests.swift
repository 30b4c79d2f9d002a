import FaultServer
import Foundation
import Glibc
import Testing

@testable import DanaHTTP

/// The transport against a server that misbehaves.
@Suite(.serialized) struct CurlTransportTests {
    private let server: FaultServer
    private let transport = CurlTransport()

    init() throws { server = try FaultServer.shared.get() }

    private func request(_ path: String) -> HTTPRequest { HTTPRequest(url: server.url(path)) }

    private func document(_ path: String, by transport: CurlTransport? = nil) async throws -> [String: Any] {
        let response = try await (transport ?? self.transport).send(request(path))
        let body = try await response.body.collect()
        return try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }

    /// The error that sending the request and reading its whole answer ends with.
    private func failure(_ request: HTTPRequest, by transport: CurlTransport? = nil) async -> HTTPError? {
        do throws(HTTPError) {
            _ = try await (transport ?? self.transport).send(request).body.collect()
            return nil
        } catch {
            return error
        }
    }

    @Test func aRequestArrivesAsItIs() async throws {
        var request = request("/echo?a=b")
        request.method = "POST"
        request.headers = ["X-One": "1", "Content-Type": "application/json", "X-Empty": ""]
        request.body = Array("{\"text\": \"\u{e9}\"}".utf8)
        let response = try await transport.send(request)
        #expect(response.status == 200)
        #expect(response.headers["content-type"] == "application/json")
        let body = try await response.body.collect()
        let told = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        let headers = try #require(told["headers"] as? [String: String])
        #expect(told["method"] as? String == "POST")
        #expect(told["body"] as? String == "{\"text\": \"\u{e9}\"}")
        #expect(headers["x-one"] == "1" && headers["content-type"] == "application/json" && headers["x-empty"] == "")
        #expect(headers["expect"] == nil && headers["user-agent"] == "dana")
    }

    @Test func aLargeRequestArrives() async throws {
        var request = request("/echo")
        request.method = "PUT"
        request.body = [UInt8](repeating: 0x61, count: 3 << 20)
        let body = try await transport.send(request).body.collect()
        #expect(body.count > 3 << 20)
    }

    @Test func connectionsAreUsedAgain() async throws {
        let transport = CurlTransport()
        let first = try #require(try await document("/echo", by: transport)["connection"] as? Int)
        for _ in 0..<20 { #expect(try await document("/echo", by: transport)["connection"] as? Int == first) }
        // So is one whose answer was read only as far as it was needed.
        var reader = try await transport.send(request("/events?n=3")).body.makeAsyncIterator()
        _ = try await reader.next()
        reader.finish()
        #expect(try await reader.next() == nil)
        var last: Int?
        for _ in 0..<100 where last != first { last = try await document("/echo", by: transport)["connection"] as? Int }
        #expect(last == first)
    }

    @Test func aConnectionThatWasClosedIsReplaced() async throws {
        for _ in 0..<20 {
            _ = try await document("/then-close")
            _ = try await document("/echo")
        }
    }

    @Test func unixSocketsWork() async throws {
        var request = HTTPRequest(url: "http://localhost/echo", socketPath: server.socketPath)
        #expect(try await transport.send(request).status == 200)
        request.socketPath = "/nowhere/server.sock"
        let error = await failure(request)
        #expect(error?.code == .connectionRefused)
        #expect(error?.location == "http://localhost/echo on the socket /nowhere/server.sock")
    }

    @Test func anUntrustedCertificateIsRefused() async throws {
        let error = await failure(HTTPRequest(url: server.tlsURL("/echo")))
        #expect(error?.code == .tlsFailed, "\(String(describing: error))")
        var settings = CurlSettings()
        settings.certificateFile = server.certificateFile
        #expect(await failure(HTTPRequest(url: server.tlsURL("/echo")), by: CurlTransport(settings)) == nil)
    }

    @Test func aProxyIsUsedWhenItIsNamed() async throws {
        var settings = CurlSettings()
        settings.proxy = .address(server.url(""))
        let response = try await CurlTransport(settings).send(HTTPRequest(url: "http://nowhere.invalid/echo"))
        #expect(response.status == 200)
        settings.proxy = .none
        let error = await failure(HTTPRequest(url: "http://nowhere.invalid/echo"), by: CurlTransport(settings))
        #expect(error?.code == .nameNotFound)
        #expect(error?.isBeforeSending == true)
    }

    @Test func aProxyThatIsNotThereIsNamed() async {
        var settings = CurlSettings()
        settings.proxy = .address("http://127.0.0.1:1")
        for url in ["http://nowhere.invalid/echo", "http://127.0.0.1:2/echo", "https://127.0.0.1/echo"] {
            let error = await failure(HTTPRequest(url: url), by: CurlTransport(settings))
            #expect(error?.code == .proxyFailed, "\(String(describing: error))")
            #expect(error?.message.hasPrefix("the proxy 127.0.0.1:1 accepts no connections") == true)
        }
    }

    @Test func redirectsAreNotFollowed() async throws {
        var request = request("/redirect")
        request.headers["Authorization"] = "Bearer secret"
        #expect(try await transport.send(request).status == 302)
    }

    @Test(arguments: [
        ("/reset-head", HTTPError.Code.connectionLost), ("/reset-body", .connectionLost),
        ("/truncated", .connectionLost),
        ("/big-head", .headersTooLarge), ("/big-line", .headersTooLarge), ("/not-http", .invalidResponse),
    ])
    func faultsHaveTheirErrors(path: String, code: HTTPError.Code) async {
        let error = await failure(request(path))
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.location == server.url(path))
    }

    @Test func nothingListens() async {
        #expect(await failure(HTTPRequest(url: "http://127.0.0.1:1/"))?.code == .connectionRefused)
    }

    @Test func bodiesEndAsTheyMay() async throws {
        #expect(try await transport.send(request("/until-close")).body.collect() == Array("all of it".utf8))
        let interim = try await transport.send(request("/interim"))
        #expect(interim.headers["x-late"] == "yes" && interim.headers["x-early"] == nil)
    }

    @Test(arguments: [
        ("/stall-head", HTTPError.Code.firstByteTimedOut), ("/slow-head", .firstByteTimedOut),
        ("/stall-body", .idleTimedOut), ("/endless", .totalTimedOut),
    ])
    func timeoutsEndWhatTakesTooLong(path: String, code: HTTPError.Code) async {
        var request = request(path)
        func limit(_ own: HTTPError.Code) -> Duration { code == own ? .milliseconds(150) : .seconds(60) }
        request.timeouts = HTTPTimeouts(
            firstByte: limit(.firstByteTimedOut), idle: limit(.idleTimedOut), total: limit(.totalTimedOut))
        #expect(await failure(request)?.code == code)
    }

    @Test func theBodyLimitHolds() async {
        var request = request("/big?size=200000")
        request.limits.body = 100_000
        #expect(await failure(request)?.code == .bodyTooLarge)
    }

    @Test func aSlowReaderHoldsTheServer() async throws {
        let tag = UUID().uuidString
        let size = 300 << 20
        var request = request("/big?size=\(size)&tag=\(tag)")
        request.limits.body = size
        let response = try await transport.send(request)
        var reader = response.body.makeAsyncIterator()
        var read = try await reader.next()?.count ?? 0
        // The kernel's buffers fill, then the server waits: what it could send stops growing.
        var sent = -1
        while let now = try await document("/sent?tag=\(tag)")["bytes"] as? Int, now != sent {
            sent = now
            for _ in 0..<20 { _ = try await document("/echo") }
        }
        #expect(sent < 64 << 20, "the server could send \(sent) bytes to a reader that does not read")
        while let piece = try await reader.next() { read += piece.count }
        #expect(read == size)
    }

    @Test(arguments: [("/stall-head", false), ("/stall-body", true), ("/endless", true)])
    func cancellingClosesTheSocket(path: String, whileReading: Bool) async throws {
        for _ in 0..<20 { try await serverSeesTheCancel(of: path, whileReading: whileReading) }
    }

    private func serverSeesTheCancel(of path: String, whileReading: Bool) async throws {
        let tag = UUID().uuidString
        let transport = transport
        let request = request("\(path)?tag=\(tag)")
        let (begun, begin) = AsyncStream<Void>.makeStream()
        let task = Task {
            if !whileReading { begin.finish() }
            let response = try await transport.send(request)
            for try await _ in response.body { begin.finish() }
        }
        for await _ in begun {}
        if !whileReading { _ = try await document("/arrived?tag=\(tag)") }
        task.cancel()
        #expect(try await document("/closed?tag=\(tag)")["nanoseconds"] is UInt64)
        let result = await task.result
        #expect(throws: HTTPError.self) { try result.get() }
    }

    @Test func lettingGoOfAnAnswerClosesTheSocket() async throws {
        let tag = UUID().uuidString
        _ = try await transport.send(request("/endless?tag=\(tag)"))
        #expect(try await document("/closed?tag=\(tag)")["nanoseconds"] is UInt64)
    }

    @Test func aTransportThatIsGoneLetsItsAnswersEnd() async throws {
        let body = try await CurlTransport().send(request("/events?n=5&delay=0.02")).body
        #expect(String(decoding: try await body.collect(), as: UTF8.self).hasSuffix("data: 4\n\n"))
    }

    @Test func cancelRacesEndEachCall() async throws {
        await withTaskGroup(of: Void.self) { group in
            for i in 0..<1000 {
                group.addTask {
                    let task = Task { try await transport.send(request("/events?n=2")).body.collect() }
                    if i % 2 == 0 { await Task.yield() }
                    if i % 3 != 0 { task.cancel() }
                    _ = await task.result
                }
                if i % 50 == 49 { await group.waitForAll() }
            }
        }
        #expect(try await transport.send(request("/echo")).status == 200)
    }

    @Test func aThousandStreamsAtOnce() async throws {
        let counts = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<1000 {
                group.addTask {
                    var parser = EventStreamParser()
                    var count = 0
                    for try await piece in try await transport.send(request("/events?n=20&delay=0.05")).body {
                        for event in try parser.feed(piece) {
                            #expect(event.data.elementsEqual("\(count)".utf8))
                            count += 1
                        }
                    }
                    return count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(counts == [Int](repeating: 20, count: 1000))
    }
}
