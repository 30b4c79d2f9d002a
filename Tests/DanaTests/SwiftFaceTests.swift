import Dana
import Foundation
import Synchronization
import Testing

/// What a Swift service uses: typed functions, variables, saved contexts, events, reloading. Imports `Dana` alone.
@Suite struct SwiftFaceTests {
    private enum Mood: String, DanaConvertible { case good, bad }

    private struct Broken: Error {}

    private static func failure(
        _ context: DanaContext, _ program: String
    ) async -> DanaFailure? {
        await #expect(throws: DanaFailure.self) { try await context.run(program) }
    }

    @Test func typedFunctionsCheckTheirArguments() async throws {
        let runtime = DanaRuntime()
        try runtime.register("price", parameters: ["item", "count"], namespace: "shop") { (item: String, count: Int?) in
            item.utf8.count * (count ?? 1)
        }
        try runtime.register("mood", parameters: []) { (mood: Mood) in mood == .good }
        try await runtime.withContext { context in
            let price = try await context.evaluate("shop.price('fig')", as: Int.self)
            #expect(price == 3)
            #expect(try await context.evaluate("shop.price(count=2, item='fig')", as: Int.self) == 6)
            #expect(try await context.evaluate("mood('good')", as: Bool.self))
            for (program, message) in [
                ("shop.price()", "price() needs argument 'item'"),
                ("shop.price('fig', 1, 2)", "price() takes 2 arguments, got 3"),
                ("shop.price('fig', item='fig')", "price() got argument 'item' twice"),
                ("shop.price('fig', size=1)", "price() has no argument 'size'"),
                ("shop.price(1)", "price(): argument 'item': expected string, got int"),
                ("mood('so')", "mood(): argument 1: \"so\" is no Mood"),
            ] {
                let failure = await Self.failure(context, program)
                #expect(failure?.kind == "TypeError")
                #expect(failure?.message == message)
            }
        }
    }

    @Test func aNameIsOneThatProgramsCanWrite() throws {
        let runtime = DanaRuntime()
        for (name, namespace) in [("a-b", nil), ("", nil), ("1a", nil), ("a", "b-c"), ("a", "")] as [(String, String?)]
        {
            #expect(throws: DanaFailure.self) { try runtime.register(name, namespace: namespace) { _, _ in nil } }
        }
        try runtime.register("größe", namespace: "a.b") { _, _ in nil }
    }

    @Test func namespacesStandInOneAnother() async throws {
        let runtime = DanaRuntime()
        try runtime.register("mean", namespace: "stats.simple") { _, _ in 3 }
        try runtime.register("total", namespace: "stats") { _, _ in 4 }
        try await runtime.withContext { context in
            let both = try await context.evaluate(
                "import stats.simple\nimport stats\nstats.simple.mean() + stats.total()", as: Int.self)
            #expect(both == 7)
            #expect(try await context.call("stats.simple.mean", as: Int.self) == 3)
        }
    }

    @Test func aModuleKeepsToItselfWhatItDoesNotExport() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "dana-exports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let text = "export shown\nshown = 1\nhidden = 2\nfunc _own():\n    return 3\n"
        try Data(text.utf8).write(to: folder.appending(path: "shop.na"))
        var settings = ContextSettings()
        settings.searchPath = [folder.path]
        try await DanaRuntime().withContext(settings) { context in
            let module = try await context.importModule("shop")
            #expect(try module.get("shown", as: Int.self) == 1)
            for (name, message) in [
                ("hidden", "module 'shop' does not export 'hidden'"), ("_own", "'_own' is private to module 'shop'"),
                ("none", "module 'shop' has no attribute 'none'"),
            ] {
                let failure = #expect(throws: DanaFailure.self) { try module.get(name, as: Int.self) }
                #expect(failure?.kind == "AttributeError")
                #expect(failure?.message == message)
            }
            await #expect(throws: DanaFailure.self) { try await context.function("shop._own") }
        }
    }

    @Test func theHostsOwnErrorComesBack() async throws {
        let runtime = DanaRuntime()
        try runtime.register("breaks") { _, _ in throw Broken() }
        try await runtime.withContext { context in
            let failure = await Self.failure(context, "breaks()")
            #expect(failure?.underlying is Broken)
            let chained = await Self.failure(
                context, "try:\n    breaks()\nexcept Exception as e:\n    raise ValueError('no') from e")
            #expect(chained?.kind == "ValueError")
            #expect(chained?.chain.map(\.link) == [.cause])
        }
    }

    @Test func valuesOfSwiftsTypesGoInAndOut() async throws {
        try await DanaRuntime().withContext { context in
            try await context.run("func same(x):\n    return x")
            #expect(try await context.call("same", Int64(7)) == Int64(7))
            #expect(try await context.call("same", UInt8(7)) == UInt8(7))
            #expect(try await context.call("same", Float(0.5)) == Float(0.5))
            #expect(try await context.call("same", Set([1, 2])) == Set([1, 2]))
            #expect(try await context.call("same", [UInt8]([1, 255])) == [UInt8]([1, 255]))
            #expect(try await context.call("same", [String]()) == [String]())
            #expect(try await context.call("same", Mood.bad) == Mood.bad)
            let same: DanaFunction = try await context.evaluate("same")
            #expect(try await same.call([same], as: DanaFunction.self).signature?.name == "same")
            try await context.call("same", 1)
            let failure = await #expect(throws: DanaFailure.self) {
                try await context.evaluate("{'a': [1, 'b']}", as: [String: [Int]].self)
            }
            #expect(failure?.message == "expected int, got string at [\"a\"][1]")
            let small = await #expect(throws: DanaFailure.self) { try await context.evaluate("300", as: UInt8.self) }
            #expect(small?.message == "300 does not fit into UInt8")
            let value = try await context.run("[1, 'a', None, (2,), {'k': 0.5}]")
            #expect("\(value)" == "[1, \"a\", None, (2,), {\"k\": 0.5}]")
        }
    }

    @Test func variablesAreReadAndSet() async throws {
        try await DanaRuntime().withContext { context in
            try await context.setVariable("x", of: .public, to: [1, 2])
            #expect(try await context.evaluate("public:x", as: [Int].self) == [1, 2])
            try await context.run("y = 'local'")
            let y = try await context.variable("y", as: String.self)
            #expect(y == "local")
            let z = try await context.variable("z", as: Int.self)
            #expect(z == nil)
            let deletions = [
                try await context.deleteVariable("x", of: .public), try await context.deleteVariable("x", of: .public),
            ]
            #expect(deletions == [true, false])
        }
    }

    @Test func aContextIsSavedAndGoesOn() async throws {
        let runtime = DanaRuntime()
        let (waiting, waits) = AsyncStream.makeStream(of: Void.self)
        let answers = Mutex(false)
        try runtime.register("ask") { _, _ in
            waits.yield()
            if answers.withLock({ $0 }) { return 40 }
            try await Task.sleep(nanoseconds: .max)
            return nil
        }
        let key = SealKey.random()
        let saved = try await runtime.withContext { context in
            let run = Task { try await context.run("ask() + 2") }
            for await _ in waiting { break }
            let saved = try await context.save(key: key)
            context.cancel(reason: "enough")
            let failure = await #expect(throws: DanaFailure.self) { try await run.value }
            #expect(failure?.message == "the run was cancelled: enough")
            return saved
        }
        answers.withLock { $0 = true }
        let context = try await runtime.resume(saved, key: key)
        let value = try await context.goOn()
        #expect(value == 42)
        await context.close()
    }

    @Test func eventsEndWithTheRuntimeAndCountWhatIsLost() async throws {
        let runtime = DanaRuntime()
        let few = runtime.core.audit.events(limit: 2)
        let all = runtime.events
        for _ in 0..<3 { try await runtime.withContext { _ in } }
        await runtime.close()
        var kinds: [AuditEvent.Kind] = []
        for await event in all { kinds.append(event.kind) }
        #expect(
            kinds == [
                .contextCreated, .contextClosed, .contextCreated, .contextClosed, .contextCreated, .contextClosed,
            ])
        var last: [AuditEvent] = []
        for await event in few { last.append(event) }
        #expect(last.map(\.kind) == [.lost, .contextCreated, .contextClosed])
        #expect(last.first?.detail == "4")
        for await event in runtime.events { Issue.record("\(event)") }
    }

    @Test func eventsEndWhenTheRuntimeIsGone() async throws {
        let events = DanaRuntime().events
        for await event in events { Issue.record("\(event)") }
    }

    @Test func aModuleIsImportedForACallAndOutlivesAFailedReload() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hot-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "hot.na")
        try "func f(x):\n    return x + 1".write(to: file, atomically: true, encoding: .utf8)
        var settings = ContextSettings()
        settings.searchPath = [folder.path]
        try await DanaRuntime().withContext(settings) { context in
            #expect(try await context.call("hot.f", 1) == 2)
            try await context.run("import hot\nfunc g(x):\n    return hot.f(x)")
            try "func f(x:\n".write(to: file, atomically: true, encoding: .utf8)
            _ = await #expect(throws: DanaFailure.self) { try await context.reload("hot") }
            #expect(try await context.call("hot.f", 1) == 2)
            try "func f(x):\n    return x + 2".write(to: file, atomically: true, encoding: .utf8)
            _ = try await context.reload("hot")
            #expect(try await context.call("hot.f", 1) == 3)
            #expect(try await context.call("g", 1) == 3)
        }
    }

    @Test func whatMatchesAPatternStaysInside() async throws {
        let runtime = DanaRuntime()
        runtime.addSecret("open sesame")
        try runtime.addSecretPattern(#"AC-\d+"#)
        #expect(throws: DanaFailure.self) { try runtime.addSecretPattern("(") }
        try await runtime.withContext { context in
            try await context.setVariable("conn", of: .private, to: "plainvalue99")
            let failure = await #expect(throws: DanaFailure.self) {
                try await context.run("raise ValueError(f'AC-12 and open sesame, {private:conn}')")
            }
            #expect(failure?.message == "[redacted] and [redacted], [redacted]")
        }
    }

    @Test func theFaultsOfAnImportedTextAreToldInFull() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "faulty-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try "func f(:\n    x = 1\nfunc g() return 1\n".write(
            to: folder.appending(path: "faulty.na"), atomically: true, encoding: .utf8)
        var settings = ContextSettings()
        settings.searchPath = [folder.path]
        try await DanaRuntime().withContext(settings) { context in
            let failure = await #expect(throws: DanaFailure.self) { try await context.run("import faulty") }
            #expect(failure?.kind == "SyntaxError")
            #expect(failure?.findings.map(\.place.start.line) == [1, 3])
        }
    }
}
