import Testing

@testable import DanaLanguage

/// Saved programs whose bytes were changed: they are refused, or what they hold is taken; either way it is given back
/// whole, which an interpreter's end asserts.
@Suite struct SaveFuzzTests {
    private static let key = SealKey(3, 4)

    private static let program = """
        import json
        private:seen = {"a": 1, (1, 2): {3.5, "é"}}
        struct Point:
            x: int
            y: list = []
        func (p: Point) sum(): return p.x
        enum Colour:
            RED
        func steps(n):
            try:
                for i in range(n): yield i
            finally: seen.append(n)
        func adder(n): return lambda x: x + n
        seen = [adder(2), Point(1, [2 ** 100]), Colour.RED, b"ab", frozenset([1]), steps(3), range(2, 9, 3), json, len]
        g = steps(5)
        g.send(null)
        func deep(n):
            if n > 0: return deep(n - 1) + 1
            try: raise KeyError("k")
            except KeyError as e:
                total = 0
                for x in g: total += parallel(lambda: ask(x), lambda: ask(total))[0]
                return total
        deep(4)
        """

    private static func paused() throws -> [UInt8] {
        let interpreter = try Interpreter(seed: 5)
        try interpreter.register(hostFunction: "ask")
        let source = SourceText(program + "\n", name: "main.na")
        try interpreter.start(try Compiler.compile(source), module: "main")
        guard case .waiting = interpreter.run() else {
            Issue.record("the program does not wait")
            return []
        }
        return try interpreter.save(key: key)
    }

    /// Numbers that look random and are the same for the same seed.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private static func changed(_ bytes: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...4, using: &numbers) where !changed.isEmpty {
            let place = Int.random(in: 0..<changed.count, using: &numbers)
            switch Int.random(in: 0..<5, using: &numbers) {
            case 0: changed[place] = UInt8.random(in: .min ... .max, using: &numbers)
            case 1: changed[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &numbers) ?? 0
            case 2: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
            case 3: changed.remove(at: place)
            default: changed.insert(UInt8.random(in: .min ... .max, using: &numbers), at: place)
            }
        }
        return changed
    }

    @Test func anyChangeIsNoticed() throws {
        let bytes = try Self.paused()
        #expect((try? Interpreter.restore(bytes, key: Self.key)) != nil)
        for seed in 1...UInt64(800) {
            var numbers = Numbers(state: seed)
            let other = Self.changed(bytes, &numbers)
            guard other != bytes else { continue }
            #expect(throws: SaveError.self) { try Interpreter.restore(other, key: Self.key) }
        }
    }

    /// Whoever has the key could seal anything: what makes no sense is refused wherever it stands.
    @Test func contentThatMakesNoSenseIsRefusedOrHeld() throws {
        let bytes = try Self.paused()
        let content = Array(try SavedForm.content(of: bytes, key: Self.key))
        // What comes first are sources, which compile to other instructions when they are changed.
        let source = Array(Self.program.utf8)
        let end = content.indices.first { content[$0...].starts(with: source) }.map { $0 + source.count }
        let behindSources = try #require(end)
        var refused = 0
        var taken = 0
        for seed in 1...UInt64(4000) {
            var numbers = Numbers(state: seed)
            let changed = content[..<behindSources] + Self.changed(Array(content[behindSources...]), &numbers)
            do throws(SaveError) {
                let sealed = SavedForm.sealed(Array(changed), key: Self.key)
                let interpreter = try Interpreter.restore(sealed, key: Self.key)
                taken += 1
                _ = interpreter.pendingCalls
            } catch {
                refused += 1
            }
        }
        #expect(refused > 1000)
        #expect(taken > 20)
    }

    @Test func anyCutIsRefused() throws {
        let content = Array(try SavedForm.content(of: try Self.paused(), key: Self.key))
        for count in stride(from: 0, to: content.count, by: 7) {
            let cut = SavedForm.sealed(Array(content[..<count]), key: Self.key)
            #expect(throws: SaveError.self) { try Interpreter.restore(cut, key: Self.key) }
        }
    }
}
