import DanaHTTP
import Testing

@testable import DanaModels

/// What providers say when they fail, and that no key is ever told.
@Suite struct ModelErrorTests {
    private func failure(_ answer: ScriptedTransport.Answer, streams: Bool = false) async -> ModelError? {
        let model = Conversation.model(.chat, ScriptedTransport(answer))
        return await Conversation.failure { () throws(ModelError) in
            _ =
                streams
                ? try await model.stream(ModelRequest("x")).collect() : try await model.complete(ModelRequest("x"))
        }
    }

    @Test(arguments: [
        (400, #"{"error":{"message":"bad","type":"invalid_request_error"}}"#, ModelError.Code.invalidRequest),
        (400, #"{"error":{"message":"This model's maximum context length is 10","code":"x"}}"#, .contextTooLong),
        (400, #"{"error":{"code":400,"message":"too long","type":"exceed_context_size_error"}}"#, .contextTooLong),
        (401, "", .authentication), (402, "", .quotaExceeded), (403, "no", .permission), (404, "{}", .notFound),
        (429, #"{"error":{"message":"x","code":"insufficient_quota"}}"#, .quotaExceeded), (429, "[1]", .rateLimited),
        (500, "<html>", .serverFailed), (503, "", .overloaded), (504, "", .timedOut), (302, "", .configuration),
        (529, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, .overloaded),
        (404, #"{"error":"model 'x' not found"}"#, .notFound), (200, #"{"error":{"message":"x"}}"#, .serverFailed),
        (409, "", .overloaded), (425, "", .overloaded),
        (401, #"{"error":{"message":"x","type":"api_error"}}"#, .authentication),
        (403, #"{"error":{"message":"x","type":"api_error"}}"#, .permission),
        (404, #"{"error":{"message":"x","type":"api_error"}}"#, .notFound),
        (400, #"{"error":{"message":"x","type":"api_error"}}"#, .invalidRequest),
        (429, #"{"error":{"message":"x","type":"api_error"}}"#, .rateLimited),
        (400, #"[{"error":{"code":400,"message":"x","details":[{"reason":"API_KEY_INVALID"}]}}]"#, .authentication),
        (409, #"{"error":{"message":"x","type":"invalid_request_error"}}"#, .overloaded),
        (409, #"{"error":{"message":"x","type":"permission_error"}}"#, .permission),
        (200, #"{"error":{"code":429}}"#, .rateLimited),
        (200, #"{"error":{"code":"429","message":"x"}}"#, .rateLimited),
        (200, #"[{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}]"#, .overloaded),
        (200, #"{"error":{"code":7}}"#, .serverFailed),
        (200, "not json", .invalidReply), (200, "{}", .invalidReply),
    ])
    func failuresHaveTheirCodes(status: Int, body: String, code: ModelError.Code) async {
        let error = await failure(.json(body, status: status))
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.status == (status == 200 ? nil : status))
    }

    @Test func aUsedUpQuotaIsToldAsOne() async {
        let error = await failure(.json(#"{"error":{"message":"x","code":"insufficient_quota"}}"#, status: 429))
        #expect(error?.message == "the account has nothing left: check its plan and its billing: x")
        #expect(error?.isTransient == false)
    }

    @Test func theFieldThatIsMeantIsTold() async {
        let body = #"{"detail":[{"loc":["body","messages",0,"content"],"msg":"Field required"}]}"#
        let error = await failure(.json(body, status: 422))
        #expect(error?.message.hasSuffix(": body.messages.0.content: Field required") == true)
    }

    @Test func theTimeToWaitIsTold() async {
        let error = await failure(.json("{}", status: 429, headers: ["Retry-After": "100"]))
        #expect(error?.description.hasSuffix("(HTTP 429, to be asked again in 100 s)") == true)
        #expect(error?.resting(for: .seconds(3)).description.hasSuffix("is asked again in 3 s (HTTP 429)") == true)
    }

    @Test(arguments: [
        ("Retry-After", "7", Duration.seconds(7)), ("retry-after", "0.5", .milliseconds(500)),
        ("retry-after-ms", "1500", .milliseconds(1500)), ("Retry-After", "1e300", .seconds(86_400)),
        ("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT", .zero),
    ])
    func theTimeToWaitIsRead(name: String, value: String, expected: Duration) async {
        var headers: HTTPHeaders = ["x-request-id": "r-1"]
        headers.append(name, value)
        let error = await failure(.json("{}", status: 429, headers: headers))
        #expect(error?.retryAfter == expected && error?.requestID == "r-1")
    }

    @Test(arguments: ["soon", "-1", "nan", "Sun, 06 Nov 1994", "Sun, 99 Nov 1994 08:49:37 GMT"])
    func wrongTimesToWaitAreNone(value: String) async {
        #expect(await failure(.json("{}", status: 429, headers: ["Retry-After": value]))?.retryAfter == nil)
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Thu, 29 Feb 2024 12:00:00 GMT", 1_709_208_000), ("Fri, 31 Dec 2100 23:59:59 GMT", 4_133_980_799),
    ])
    func datesAreRead(text: String, seconds: Int64) {
        #expect(HTTPDate.seconds(text) == seconds)
        #expect(RetryAfter.delay(["Retry-After": text], now: seconds - 30) == .seconds(30))
    }

    @Test func aDocumentInPlaceOfAStreamIsAnError() async {
        let refused = await failure(
            .json(#"{"error":{"message":"x","type":"server_error"}}"#, headers: ["Content-Type": "application/json"]),
            streams: true)
        #expect(refused?.code == .serverFailed)
        let answer = await failure(
            .json(#"{"choices":[]}"#, headers: ["Content-Type": "application/json"]), streams: true)
        #expect(answer?.code == .invalidReply)
    }

    @Test func noKeyIsTold() async throws {
        let key = Conversation.key.revealed
        let bodies = [
            #"{"error":{"message":"Incorrect API key provided: \#(key), or sk-other-0123456789","code":"invalid_api_key"}}"#,
            "<html>\(key)</html>", "{\"\(key)\"", "{\"id\":\"\(key)\"}",
        ]
        for body in bodies {
            for status in [200, 401, 500] {
                let error = try #require(
                    await failure(.json(body, status: status, headers: ["x-request-id": key])))
                var dumped = ""
                dump(error, to: &dumped)
                for text in ["\(error)", String(reflecting: error), dumped, error.body ?? ""] {
                    #expect(!text.contains(key) && !text.contains("sk-other"), "\(text)")
                }
            }
        }
        let lost = HTTPError(.connectionLost, "lost with \(key)", at: "http://host")
        let model = Conversation.model(.chat, ScriptedTransport([.failure(lost)]))
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await model.complete(ModelRequest("x"))
        }
        #expect(error?.code == .transport(.connectionLost) && error?.description.contains(key) == false)
        var dumped = ""
        dump(model, to: &dumped)
        #expect(!dumped.contains(key) && !"\(model)".contains(key) && !String(reflecting: model).contains(key))
    }

    @Test(arguments: [
        #"{"detail":"reason"}"#, #"{"message":"reason"}"#, #"{"object":"error","message":{"detail":"reason"}}"#,
        #"[{"error":{"code":400,"message":"reason"}}]"#, #"{"detail":[{"loc":["a"],"msg":"reason"}]}"#, "\"reason\"",
        #"{"error":{"message":{"error":"reason"}}}"#, #"{"error":["reason"]}"#,
    ])
    func whatTheProviderSaysIsTold(body: String) async {
        let error = await failure(.json(body, status: 400))
        #expect(error?.message.hasSuffix(": reason") == true, "\(String(describing: error))")
    }

    @Test func aKeyThatLiesAcrossTheCutIsNotTold() async throws {
        let key = Conversation.key.revealed
        for before in [485, 490, 495, 500, 1985, 1990, 1995] {
            let filling = String(repeating: ".", count: before)
            for (body, status) in [
                ("\(filling)\(key)", 200), ("\(filling)\(key)", 401), ("{\"a\":\"\(filling)\(key)\"}", 200),
                ("{\"error\":{\"message\":\"\(filling)\(key)\"}}", 400),
            ] {
                let error = try #require(await failure(.json(body, status: status)))
                #expect(!"\(error)\(error.body ?? "")".contains(key.prefix(5)), "\(error)")
            }
        }
    }

    @Test func aKeyIsFoundInJSON() async throws {
        var endpoint = ModelEndpoint(
            provider: "test", model: "m", baseURL: "http://host", key: Secret("a\"b/c\\d-0123"))
        endpoint.headers = [("X-Key", Secret("ké-0123"))]
        let body = #"{"said":"a\"b\/c\\d-0123","other":"a\"b/c\\d-0123","third":"k\u00e9-0123"}"#
        for status in [200, 400] {
            let model = HTTPModel(endpoint, transport: ScriptedTransport(.json(body, status: status)))
            let error = await Conversation.failure { () throws(ModelError) in
                _ = try await model.complete(ModelRequest("x"))
            }
            #expect(error?.body == #"{"said":"<secret>","other":"<secret>","third":"<secret>"}"#)
        }
    }
}
