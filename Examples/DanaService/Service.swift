import Dana

/// A service that runs its customers' programs: many at once, each in a context of its own, under limits, cancelled when
/// the customer has gone.
@main struct Service {
    static let runtime = DanaRuntime()

    static func main() async throws {
        try runtime.register("price", parameters: ["item"], namespace: "shop") { (item: String) in
            try await Task.sleep(for: .milliseconds(2))
            return Double(item.utf8.count)
        }
        try await manyAtOnce()
        try await limited()
        try await cancelled()
        await runtime.close()
    }

    /// Two hundred requests, side by side.
    private static func manyAtOnce() async throws {
        let total = try await withThrowingTaskGroup(of: Double.self) { group in
            for number in 1...200 {
                group.addTask { try await answer(quantity: number) }
            }
            return try await group.reduce(0, +)
        }
        print("200 requests, in all \(total)")
    }

    private static func answer(quantity: Int) async throws -> Double {
        try await runtime.withContext { context in
            try await context.run(
                """
                func cost(quantity):
                    return shop.price(item="apple") * quantity
                """)
            return try await context.call("cost", quantity)
        }
    }

    /// A program that would never end is ended, and its neighbour goes on.
    private static func limited() async throws {
        var settings = ContextSettings()
        settings.limits.ticks = 1_000_000
        let neighbour = try await runtime.createContext()
        do {
            try await runtime.withContext(settings) { context in _ = try await context.run("while true:\n    pass") }
        } catch let failure as DanaFailure {
            print("ended: \(failure.message)")
        }
        print("the neighbour says \(try await neighbour.evaluate("20 + 22", as: Int.self))")
        await neighbour.close()
    }

    /// A customer who goes away: the program cleans up and stops.
    private static func cancelled() async throws {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self)
        try runtime.register("started") { _, _ in
            signal.yield()
            return nil
        }
        let request = Task {
            try await runtime.withContext { context in
                _ = try await context.run(
                    "try:\n    started()\n    while true:\n        pass\nfinally:\n    print('cleaned up')")
            }
        }
        for await _ in signals { break }
        request.cancel()
        do {
            try await request.value
        } catch let failure as DanaFailure {
            print("stopped: \(failure.kind)")
        }
    }
}
