import Testing

@testable import DanaLanguage

/// Programs that are saved while they are paused and go on in another interpreter.
@Suite struct SaveTests {
    private static let key = SealKey(1, 2)

    private static let program = """
        struct Point:
            x: int
            y: int = 2

        func (p: Point) sum():
            return p.x + p.y

        def count(n):
            i = 0
            while i < n:
                yield i * i
                i = i + 1

        def adder(n):
            def add(x):
                return x + n
            return add

        def main():
            seen = {}
            keys = set()
            total = 0
            add = adder(10)
            p = Point(3)
            big = 2 ** 200
            nested = [[1, (2, "zwei")], {"é": 1.5, 2: 1e300}, b"ab", frozenset([1, 2]), range(3)]
            nested.append(nested[0])
            for value in count(12):
                try:
                    seen[value] = add(value)
                    keys.add("k" + str(value % 5))
                    total = total + ask(value) + p.sum()
                    p.x = p.x + 1
                    if value == 49:
                        raise ValueError("at " + str(value))
                except ValueError as e:
                    seen["error"] = str(e)
            nested[0].append(9)
            return [total, len(seen), len(keys), seen["error"], big // 2 ** 190, nested[5] == nested[0], nested[5], p.sum()]

        main()
        """

    /// Runs to the end, answering every host call with ten times its argument; `pause` may exchange the interpreter.
    private func finish(_ first: Interpreter, slice: Int = .max, _ pause: (Interpreter) throws -> Interpreter) throws
        -> (result: String, ticks: Int)
    {
        var interpreter = first
        while true {
            switch interpreter.run(slice: slice) {
            case .finished: return (Runner.describe(interpreter.result), interpreter.ticks)
            case .failed(let error): return ("\(error.kind): \(error.message)", interpreter.ticks)
            case .sliceOver: interpreter = try pause(interpreter)
            case .waiting:
                interpreter = try pause(interpreter)
                for call in interpreter.pendingCalls {
                    interpreter.resume(
                        call.identifier, with: .value(Value(small: call.arguments[0].smallInteger * 10)))
                }
            }
        }
    }

    private func started(_ text: String = program) throws -> Interpreter {
        let interpreter = try Interpreter(catalogue: .standard, seed: 11)
        try interpreter.register(hostFunction: "ask")
        let source = SourceText(text + "\n", name: "main.na")
        try interpreter.start(try Compiler.compile(source).code, module: "main")
        return interpreter
    }

    private func exchanged(_ interpreter: Interpreter) throws -> Interpreter {
        try Interpreter.restore(try interpreter.save(key: Self.key), key: Self.key, catalogue: .standard)
    }

    @Test func goesOnInAnotherInterpreter() throws {
        let plain = try finish(try started()) { $0 }
        #expect(plain.result.hasPrefix("[5"), "\(plain.result)")
        let saved = try finish(try started()) { try exchanged($0) }
        #expect(saved.result == plain.result)
        #expect(saved.ticks == plain.ticks)
    }

    @Test func goesOnFromAnyTick() throws {
        let plain = try finish(try started()) { $0 }
        let saved = try finish(try started(), slice: 3) { try exchanged($0) }
        #expect(saved.result == plain.result)
        #expect(saved.ticks == plain.ticks)
    }

    @Test func savingTwiceGivesTheSameBytes() throws {
        let interpreter = try started()
        _ = interpreter.run()
        let first = try interpreter.save(key: Self.key)
        #expect(first == (try interpreter.save(key: Self.key)))
        #expect(first == (try exchanged(interpreter).save(key: Self.key)))
    }

    @Test func sideBySideCallsGoOn() throws {
        let text = """
            def one(): return ask(1)
            def two(): return ask(2) + ask(3)
            parallel(one, two, one)
            """
        let plain = try finish(try started(text)) { $0 }
        #expect(plain.result == "[10, 50, 10]")
        #expect(try finish(try started(text)) { try exchanged($0) }.result == plain.result)
    }

    @Test(arguments: [
        "parallel(*[lambda: ask(1)] * 1500)", "parallel_map(ask, [1] * 1500, limit=2)", "1 | [ask] * 1500",
    ])
    func sideBySideCallsThatHaveNotBegunAreSaved(text: String) throws {
        let interpreter = try started(text)
        guard case .waiting(let calls) = interpreter.run() else {
            Issue.record("nothing waits")
            return
        }
        let restored = try exchanged(interpreter)
        #expect(Array(restored.pendingCalls).count == Array(calls).count)
        let tens = Array(repeating: "10", count: 1500).joined(separator: ", ")
        #expect(try finish(restored) { $0 }.result == "[\(tens)]")
    }

    @Test(arguments: ["random", "statistics"])
    func modulesThatImportOthersComeBack(_ module: String) throws {
        let interpreter = try Interpreter(catalogue: .standard, seed: 11)
        interpreter.grant(capability: "random")
        try interpreter.register(hostFunction: "ask")
        let source = SourceText("import \(module)\nimport math\nask(1) + math.floor(1.5)\n", name: "main.na")
        try interpreter.start(try Compiler.compile(source).code, module: "main")
        #expect(try finish(interpreter) { try exchanged(try exchanged($0)) }.result == "11")
    }

    @Test(arguments: [
        (
            """
            struct Node:
                next: Node | None = null
                leaf: list[Leaf] = []
            struct Leaf:
                x: int
            node = Node(Node(), [Leaf(ask(1))])
            try: Node(ask(2))
            except TypeError as e: message = str(e)
            try: Node(leaf=[ask(3)])
            except TypeError as e: message = message + str(e)
            message + str(node)
            """,
            "field 'next' of Node() must be Node | None, got int"
                + "field 'leaf' of Node() must be list[Leaf], got list with int at [0]"
                + "Node(next=Node(next=None, leaf=[]), leaf=[Leaf(x=10)])"
        ),
        ("import text\nm = text.match('(a)(?P<w>b)', 'ab')\nx = ask(1)\nm[0] + m['w'] + str(m.lastindex)", "abb2"),
        (
            "d = {1: 2}\ng = (k for k in d)\nx = ask(1)\nd[3] = x\ntry: str(list(g))\nexcept RuntimeError as e: m = str(e)\nm",
            "dictionary changed size during iteration"
        ),
    ])
    func valuesThatNeedTheMachineComeBack(_ text: String, _ result: String) throws {
        for slice in [3, 7, Int.max] {
            let saved = try finish(try started(text), slice: slice) { try exchanged($0) }.result
            #expect(saved == "'\(result)'")
        }
    }

    @Test func damagedAndForeignBytesAreRefused() throws {
        let interpreter = try started()
        _ = interpreter.run()
        let bytes = try interpreter.save(key: Self.key)
        func refusal(_ bytes: [UInt8], _ key: SealKey = Self.key) -> String? {
            do {
                _ = try Interpreter.restore(bytes, key: key, catalogue: .standard)
                return nil
            } catch { return error.message }
        }
        #expect(refusal(bytes) == nil)
        for index in stride(from: 0, to: bytes.count, by: max(bytes.count / 200, 1)) {
            var damaged = bytes
            damaged[index] ^= 0x10
            #expect(refusal(damaged) != nil, "byte \(index)")
        }
        for count in stride(from: 0, to: bytes.count, by: max(bytes.count / 50, 1)) {
            #expect(refusal(Array(bytes.prefix(count))) != nil, "\(count) bytes")
        }
        #expect(refusal(bytes, SealKey(1, 3)) == "the saved program is damaged, or was sealed with another key")
        #expect(refusal(bytes + [0]) == "the saved program is cut off, or something follows it")
        #expect(refusal([]) == "these bytes are not a saved program")
    }
}

/// The layouts that `valueSpans` relies on.
@Suite struct LayoutTests {
    @Test func valuesFollowTheHeader() {
        #expect(MemoryLayout<ObjectHeader>.size == 16)
        #expect(MemoryLayout<GeneratorObject.Layout>.offset(of: \.function) == 16)
        #expect(MemoryLayout<StructObject.Layout>.offset(of: \.type) == 16)
        #expect(MemoryLayout<CellObject.Layout>.offset(of: \.content) == 16)
        #expect(MemoryLayout<PipelineObject.Layout>.offset(of: \.stages) == 16)
        #expect(MemoryLayout<IteratorObject.Layout>.offset(of: \.source) == 16)
        #expect(MemoryLayout<DictViewObject.Layout>.offset(of: \.dict) == 16)
        #expect(MemoryLayout<BoundMethodObject.Layout>.offset(of: \.function) == 24)
        #expect(MemoryLayout<EnumTypeObject.Layout>.offset(of: \.members) == 24)
        #expect(MemoryLayout<SliceObject.Layout>.offset(of: \.step) == 32)
        #expect(MemoryLayout<EnumMemberObject.Layout>.offset(of: \.content) == 32)
        #expect(MemoryLayout<InterfaceObject.Layout>.offset(of: \.fields) == 32)
        #expect(MemoryLayout<StructTypeObject.Layout>.offset(of: \.methods) == 48)
        #expect(MemoryLayout<ExceptionObject.Layout>.offset(of: \.origin) == 48)
    }
}
