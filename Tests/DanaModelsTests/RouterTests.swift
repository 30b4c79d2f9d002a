import DanaPools
import Foundation
import Synchronization
import Testing

@testable import DanaModels

/// Several models asked as one, on a clock that only sleeps move.
@Suite struct RouterTests {
    /// Time that passes when somebody sleeps.
    final class Hours: Sendable {
        private let time = Mutex((now: PoolTime.start, slept: [Duration]()))

        var slept: [Duration] { time.withLock { $0.slept } }

        func pass(_ duration: Duration) { time.withLock { $0.now = $0.now + duration } }

        var clock: RouterClock {
            RouterClock(
                now: { self.time.withLock { $0.now } },
                sleep: { duration in
                    self.time.withLock { time in
                        time.now = time.now + duration
                        time.slept.append(duration)
                    }
                }, random: { 0.5 })
        }
    }

    private let hours = Hours()

    private func router(
        _ routes: [ModelRoute], _ change: (inout RouterSettings) -> Void = { _ in }
    ) -> Router {
        var settings = RouterSettings()
        change(&settings)
        return Router(routes, settings: settings, clock: hours.clock)
    }

    private func ask(_ router: Router) async throws -> String {
        try await router.complete(ModelRequest("x")).text
    }

    private func failure(_ router: Router, _ request: ModelRequest = ModelRequest("x")) async -> ModelError? {
        await Conversation.failure { () throws(ModelError) in _ = try await router.complete(request) }
    }

    @Test func aTransientFailureIsTriedAgain() async throws {
        let model = FakeModel("a", [FakeModel.failure(.overloaded), FakeModel.failure(.serverFailed)])
        #expect(try await ask(router([ModelRoute(model)])) == "a")
        #expect(hours.slept == [.milliseconds(250), .milliseconds(500)])
    }

    @Test func theProvidersWishCountsMore() async throws {
        let model = FakeModel("a", [FakeModel.failure(.rateLimited, retryAfter: .seconds(7))])
        #expect(try await ask(router([ModelRoute(model)])) == "a")
        #expect(hours.slept == [.seconds(7)])
    }

    @Test func noCallWaitsLongerThanAMinute() async {
        let model = FakeModel("a", (0..<3).map { _ in FakeModel.failure(.rateLimited, retryAfter: .seconds(31)) })
        #expect(await failure(router([ModelRoute(model)]))?.code == .rateLimited)
        #expect(hours.slept == [.seconds(31)])
    }

    @Test func aModelThatWantsToBeLeftAloneIsLeftForTheNext() async throws {
        let first = FakeModel("a", [FakeModel.failure(.rateLimited, retryAfter: .seconds(8))])
        let router = router([ModelRoute(first), ModelRoute(FakeModel("b"), rank: 1)])
        #expect(try await ask(router) == "b")
        #expect(try await ask(router) == "b")
        #expect(first.requests.count == 1 && hours.slept.isEmpty)
        hours.pass(.seconds(8))
        #expect(try await ask(router) == "a")
    }

    @Test func whereNoOtherAnswersTheOneThatWantedToBeLeftAloneIsWaitedFor() async throws {
        let first = FakeModel("a", [FakeModel.failure(.rateLimited, retryAfter: .seconds(8))])
        let second = FakeModel("b", [FakeModel.failure(.notFound), FakeModel.failure(.notFound)])
        #expect(try await ask(router([ModelRoute(first), ModelRoute(second, rank: 1)])) == "a")
        #expect(hours.slept == [.seconds(8)] && second.requests.count == 1)
        let closed = FakeModel("c", [FakeModel.failure(.rateLimited, retryAfter: .seconds(59))])
        let request = ModelRequest("x")
        let error = await failure(
            router([ModelRoute(closed), ModelRoute(second, rank: 1)]) { $0.deadline = .seconds(50) }, request)
        #expect(error?.code == .noModelLeft && error?.retryAfter == .seconds(59))
    }

    @Test func aShortWaitIsOneForTheSameModel() async throws {
        let first = FakeModel("a", [FakeModel.failure(.rateLimited, retryAfter: .milliseconds(400))])
        #expect(try await ask(router([ModelRoute(first), ModelRoute(FakeModel("b"), rank: 1)])) == "a")
    }

    @Test func whatCannotDoBetterIsNotTriedAgain() async {
        let (first, second) = (FakeModel("a", [FakeModel.failure(.invalidRequest)]), FakeModel("b"))
        let error = await failure(router([ModelRoute(first), ModelRoute(second, rank: 1)]))
        #expect(error?.code == .invalidRequest)
        #expect(first.requests.count == 1 && second.requests.isEmpty && hours.slept.isEmpty)
    }

    @Test func theNextRankIsAskedWhenTheFirstFails() async throws {
        let first = FakeModel("a", (0..<3).map { _ in FakeModel.failure(.overloaded) })
        let second = FakeModel("b", [FakeModel.failure(.contextTooLong)])
        let router = router([ModelRoute(FakeModel("c"), rank: 2), ModelRoute(first), ModelRoute(second, rank: 1)])
        #expect(try await ask(router) == "c")
        #expect(first.requests.count == 3 && second.requests.count == 1)
    }

    @Test func whenAllFailAllAreNamed() async {
        let first = FakeModel("a", [FakeModel.failure(.authentication)])
        let second = FakeModel("b", [FakeModel.failure(.notFound)])
        let error = await failure(router([ModelRoute(first), ModelRoute(second)]))
        #expect(error?.code == .noModelLeft && error?.message.contains("told to fail") == true)
        #expect(first.requests.count == 1 && second.requests.count == 1)
    }

    @Test func weightsShareTheCalls() {
        let routes = [ModelRoute(FakeModel("a"), weight: 3), ModelRoute(FakeModel("b"), weight: 1)]
        let machine = RouterMachine(routes, RouterSettings())
        let chosen = (0..<100).map { machine.choose(except: [], at: .start, random: Double($0) / 100) }
        #expect(chosen.count { $0 == 0 } == 75 && chosen.count { $0 == 1 } == 25)
        #expect(machine.choose(except: [0], at: .start, random: 0) == 1)
        #expect(machine.choose(except: [0, 1], at: .start, random: 0) == nil)
    }

    @Test func aModelThatKeepsFailingRests() async throws {
        let model = FakeModel("a", (0..<6).map { _ in FakeModel.failure(.serverFailed) })
        let router = router([ModelRoute(model)]) { $0.retry.attempts = 1 }
        for _ in 0..<5 { #expect(await failure(router)?.isRest == false) }
        let rest = await failure(router)
        #expect(rest?.isRest == true && rest?.code == .serverFailed && rest?.isTransient == false)
        let told = "told to fail; after failures in a row the model rests and is asked again in 3.75 s"
        #expect(rest?.message == told && rest?.retryAfter == .milliseconds(3750))
        #expect(model.requests.count == 5)
        hours.pass(.seconds(5))
        #expect(await failure(router)?.isRest == false)
        #expect(await failure(router)?.isRest == true)
        hours.pass(.seconds(10))
        #expect(try await ask(router) == "a")
        #expect(try await ask(router) == "a")
    }

    @Test func whenAllRestAllAreNamed() async {
        let models = ["a", "b"].map { FakeModel($0, (0..<5).map { _ in FakeModel.failure(.serverFailed) }) }
        let router = router(models.enumerated().map { ModelRoute($1, rank: $0) }) { $0.retry.attempts = 1 }
        for _ in 0..<5 { #expect(await failure(router)?.retryAfter == nil) }
        let error = await failure(router)
        #expect(error?.code == .noModelLeft && error?.retryAfter == .milliseconds(3750))
        #expect(error?.message.components(separatedBy: "told to fail").count == 3)
        #expect(models.allSatisfy { $0.requests.count == 5 })
    }

    /// Takes the time that its caller gives it, or as long as it is told.
    private struct SlowModel: LanguageModel {
        let name = "slow"
        let capabilities: ModelCapabilities = []
        let hours: Hours
        let time: Duration

        func complete(_ request: ModelRequest) async throws(ModelError) -> ModelReply {
            hours.pass(min(time, request.timeouts.total))
            throw ModelError(.transport(.totalTimedOut), "too late", model: name)
        }

        func stream(_ request: ModelRequest) async throws(ModelError) -> ModelStream {
            ModelStream(ReplyStream(try await complete(request)))
        }
    }

    @Test func theTimeOfACallerIsNoFailureOfTheModel() async {
        var hasty = ModelRequest("x")
        hasty.timeouts.total = .seconds(1)
        let slow = router([ModelRoute(SlowModel(hours: hours, time: .seconds(20)))]) { $0.deadline = .seconds(10) }
        for _ in 0..<20 {
            let error = await failure(slow, hasty)
            #expect(error?.code == .timedOut && error?.message.hasPrefix("no answer within 1 s") == true)
        }
        for _ in 0..<5 { #expect(await failure(slow)?.isRest == false) }
        #expect(await failure(slow)?.isRest == true)
    }

    @Test func theAnswerNamesWhoWasAsked() async throws {
        let inner = Router(
            [ModelRoute(FakeModel("a", [FakeModel.failure(.notFound)])), ModelRoute(FakeModel("b"), rank: 1)],
            name: "inner", clock: hours.clock)
        let outer = Router([ModelRoute(inner)], name: "outer", clock: hours.clock)
        #expect(try await outer.complete(ModelRequest("x")).asked == "b")
        #expect(try await outer.stream(ModelRequest("x")).collect().asked == "a")
        #expect(try await router([ModelRoute(FakeModel("a"))]).complete(ModelRequest("x")).asked == nil)
    }

    @Test func whatFailsTogetherCountsOnce() {
        var machine = RouterMachine([ModelRoute(FakeModel("a"))], RouterSettings())
        let lost = ModelError(.serverFailed, "lost", model: "a")
        func begin(_ second: Int) -> RouterMachine.Reservation? {
            guard case .go(let reservation, _) = machine.admit(0, input: 1, output: 1, at: .start + .seconds(second))
            else { return nil }
            return reservation
        }
        let together = (0..<50).compactMap { _ in begin(0) }
        #expect(together.count == 50)
        for reservation in together { machine.failed(reservation, lost, at: .start + .seconds(1), random: 1) }
        for second in 2..<6 {
            guard let next = begin(second) else { return #expect(Bool(false), "it rests too early") }
            machine.failed(next, lost, at: .start + .seconds(second), random: 1)
        }
        #expect(begin(6) == nil)
    }

    @Test func ratesAreKept() async throws {
        let router = router([ModelRoute(FakeModel("a"), requestsPerMinute: 2)])
        for _ in 0..<4 { _ = try await ask(router) }
        #expect(hours.slept == [.seconds(30), .seconds(30)])
    }

    @Test func aRateThatWouldTakeTooLongIsLeftForAnotherModel() async throws {
        var request = ModelRequest("x")
        request.maxTokens = 1000
        let rated = ModelRoute(FakeModel("a"), tokensPerMinute: 100)
        #expect(try await router([rated, ModelRoute(FakeModel("b"), rank: 1)]).complete(request).text == "b")
        let refused = await failure(router([rated]), request)
        #expect(refused?.code == .rateLimited && refused?.retryAfter ?? .zero > .seconds(500))
        #expect(refused?.message.contains("in 542 s only") == true, "\(refused?.message ?? "")")
        #expect(hours.slept.isEmpty)
    }

    @Test func aRateIsLentAndGivenBack() {
        var rate = RateLimit(perMinute: 60)
        #expect(rate.take(60, at: .start) == .zero)
        #expect(rate.take(1, at: .start) == .seconds(1))
        rate.giveBack(2)
        #expect(rate.take(1, at: .start) == .zero)
        #expect(rate.take(30, at: .start + .seconds(90)) == .zero)
        #expect(rate.take(120, at: .start + .seconds(90)) == .seconds(90))
    }

    @Test func numbersWithoutMeasureStopNobody() {
        var rate = RateLimit(perMinute: 1)
        for units in [Int.max, .max / 2] {
            #expect(rate.take(units, at: .start) > .seconds(100_000_000))
            rate.giveBack(units)
            #expect(rate.take(0, at: .start) == .zero)
        }
        rate.giveBack(-.max)
        #expect(rate.take(.max, at: .start) > .seconds(100_000_000))
        var machine = RouterMachine([ModelRoute(FakeModel("a"), tokensPerMinute: 1)], RouterSettings())
        guard case .go(let first, _) = machine.admit(0, input: 0, output: 0, at: .start) else {
            return #expect(Bool(false), "nothing is in its way")
        }
        for total in [TokenUsage(input: .max, output: .max), TokenUsage(input: .min, output: .min)] {
            machine.settle(first, total)
        }
    }

    @Test func theBudgetHolds() async throws {
        let price = ModelPrice(input: 1_000_000, output: 2_000_000)
        let router = router([ModelRoute(FakeModel("a"), price: price)]) { $0.budget = Budget(tokens: 1100) }
        #expect(try await ask(router) == "a")
        #expect(router.spent == Budget.Amount(tokens: 15, money: 20))
        var request = ModelRequest("x")
        request.maxTokens = 1100
        #expect(await failure(router, request)?.code == .budgetExceeded)
        #expect(router.spent == Budget.Amount(tokens: 15, money: 20))
        #expect(try await router.stream(ModelRequest("x")).collect().text == "a")
        #expect(router.spent.tokens == 30)
    }

    @Test func aStreamThatIsLetGoCostsWhatItSaid() async throws {
        let lost = ModelError(.streamTruncated, "lost", model: "a")
        let answers = [FakeModel.Answer.text("x"), .broken(["eight of them!!!"], lost), .text("x")]
        let router = router([ModelRoute(FakeModel("a", answers))]) { $0.budget = Budget(tokens: 5000) }
        let input = ModelRequest("x").estimatedTokens
        do {
            let stream = try await router.stream(ModelRequest("x"))
            #expect(router.spent.tokens > 1000)
            _ = stream
        }
        #expect(router.spent.tokens == input)
        _ = await Conversation.failure { () throws(ModelError) in
            _ = try await router.stream(ModelRequest("x")).collect()
        }
        #expect(router.spent.tokens == 2 * input + 4)
        _ = try await router.stream(ModelRequest("x")).collect()
        #expect(router.spent.tokens == 2 * input + 4 + 15)
    }

    @Test func anAnswerWhoseCostIsNotToldIsGuessed() async throws {
        let transport = ScriptedTransport(.json(#"{"choices":[{"message":{"content":"eight of them!!!"}}]}"#))
        let router = router([ModelRoute(Conversation.model(.chat, transport))]) { $0.budget = Budget(tokens: 5000) }
        _ = try await router.complete(ModelRequest("x"))
        #expect(router.spent.tokens == ModelRequest("x").estimatedTokens + 4)
    }

    @Test func whatFailsCostsNothing() async {
        let model = FakeModel("a", [FakeModel.failure(.invalidRequest)])
        let router = router([ModelRoute(model)]) { $0.budget = Budget(tokens: 2000) }
        _ = await failure(router)
        #expect(router.spent == Budget.Amount())
    }

    @Test func aStreamIsTriedAgainUntilItHasBegun() async throws {
        let lost = ModelError(.streamTruncated, "lost", model: "a")
        let model = FakeModel("a", [.broken([], lost), .broken(["Once "], lost)])
        var text = ""
        let router = router([ModelRoute(model)])
        let error = await Conversation.failure { () throws(ModelError) in
            for try await case .text(let piece) in try await router.stream(ModelRequest("x")) { text += piece }
        }
        #expect(error == lost && text == "Once " && model.requests.count == 2)
    }

    @Test func theDeadlineHolds() async {
        let model = FakeModel("a", (0..<9).map { _ in FakeModel.failure(.rateLimited, retryAfter: .seconds(6)) })
        let router = router([ModelRoute(model)]) {
            $0.deadline = .seconds(10)
            $0.retry.attempts = 9
        }
        #expect(await failure(router)?.code == .rateLimited)
        #expect(model.requests.map(\.timeouts.total) == [.seconds(10), .seconds(4)])
        #expect(hours.slept == [.seconds(6)], "nobody waits for what comes too late")
        var hurried = ModelRequest("x")
        hurried.timeouts.total = .seconds(5)
        let patient = FakeModel("b", [FakeModel.failure(.rateLimited, retryAfter: .seconds(6))])
        let request = hurried
        let error = await Conversation.failure { () throws(ModelError) in
            _ = try await self.router([ModelRoute(patient)]).complete(request)
        }
        #expect(error?.retryAfter == .seconds(6) && patient.requests.map(\.timeouts.total) == [.seconds(5)])
        let slow = self.router([ModelRoute(FakeModel("c"), requestsPerMinute: 1)])
        #expect(await failure(slow) == nil)
        let late = await failure(slow, request)
        #expect(late?.message.contains("allows the next request in") == true && hours.slept == [.seconds(6)])
    }

    @Test func aCancelledCallStopsWaiting() async {
        let model = FakeModel("a", [FakeModel.failure(.overloaded)])
        let clock = RouterClock(
            now: { .start }, sleep: { _ in withUnsafeCurrentTask { $0?.cancel() } }, random: { 0 })
        let router = Router([ModelRoute(model)], clock: clock)
        let error = await Task { await failure(router) }.value
        #expect(error?.code == .cancelled && model.requests.count == 1)
    }

    @Test func theCheapestIsAskedFirst() async throws {
        let dear = ModelRoute(FakeModel("dear"), price: ModelPrice(input: 1, output: 9))
        let cheap = ModelRoute(
            FakeModel("cheap", [FakeModel.failure(.contextTooLong)]), price: ModelPrice(input: 3, output: 1))
        let router = router([dear, cheap]) { $0.order = .cost }
        #expect(try await ask(router) == "dear")
        #expect(try await ask(router) == "cheap")
        var short = ModelRequest(String(repeating: "long ", count: 1000))
        short.maxTokens = 1
        #expect(try await router.complete(short).text == "dear")
    }

    @Test func theQuickestIsAskedFirst() {
        var settings = RouterSettings()
        settings.order = .latency
        var machine = RouterMachine([ModelRoute(FakeModel("a")), ModelRoute(FakeModel("b"))], settings)
        func chosen(_ seconds: Int) -> Int? {
            machine.choose(except: [], at: .start + .seconds(seconds), random: 0)
        }
        func answer(_ route: Int, _ latency: Duration, _ seconds: Int) {
            guard case .go(let reservation, _) = machine.admit(route, input: 1, output: 1, at: .start) else {
                return #expect(Bool(false), "it rests")
            }
            machine.answered(reservation, after: latency, at: .start + .seconds(seconds))
        }
        #expect(chosen(0) == 0)
        answer(0, .seconds(2), 1)
        #expect(chosen(1) == 1, "one that was never asked is asked to find out")
        answer(1, .seconds(3), 1)
        #expect(chosen(2) == 0)
        for _ in 0..<5 { answer(0, .seconds(9), 2) }
        #expect(chosen(3) == 1)
        answer(1, .seconds(3), 50)
        #expect(chosen(62) == 0, "what it took long ago is forgotten")
    }

    @Test func oneModelGivesItsNameToTheRouter() {
        #expect(Router([ModelRoute(FakeModel("a"))]).name == "a")
        #expect(Router([ModelRoute(FakeModel("a")), ModelRoute(FakeModel("b"))]).name == "router(a, b)")
        #expect(Router([ModelRoute(FakeModel("a"))], name: "safe").name == "safe")
    }
}
