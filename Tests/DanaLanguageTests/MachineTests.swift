import Testing

@testable import DanaLanguage

@Suite struct MachineTests {
    @Test func adds() throws {
        let code = try Assembler.code(
            """
            loadInteger r0 40
            addInteger r0 r0 2
            return r0
            """)
        #expect(try Runner().run(code) == "42")
    }

    @Test func overflowsIntoBigIntegers() throws {
        let code = try Assembler.code(
            """
            loadInteger r0 2
            loadInteger r1 100
            power r0 r0 r1
            loadInteger r2 1000
            floorDivide r3 r0 r2
            remainder r4 r0 r2
            negate r5 r0
            floorDivide r6 r5 r2
            remainder r7 r5 r2
            makeTuple r0 r3 5
            return r0
            """)
        #expect(
            try Runner().run(code)
                == "(1267650600228229401496703205, 376, -1267650600228229401496703205376, -1267650600228229401496703206, 624)"
        )
    }

    @Test func callsFunctions() throws {
        let fib = try Assembler.code(
            """
            jumpIfNotLessInteger r0 2 @more
            return r0
            more:
            getGlobal r1 0
            subtractInteger r2 r0 1
            call r1 1
            getGlobal r2 0
            subtractInteger r3 r0 2
            call r2 1
            add r1 r1 r2
            return r1
            """, name: "fib", registers: 4
        ) {
            $0.globals = ["fib"]
            $0.parameters = Parameters(names: ["n"], positionalCount: 1)
        }
        let main = try Assembler.code(
            """
            makeFunction r0 0 r0
            setGlobal r0 0
            loadInteger r1 15
            call r0 1
            return r0
            """
        ) {
            $0.globals = ["fib"]
            $0.codes = [fib]
        }
        #expect(try Runner().run(main) == "610")
    }

    @Test func bindsEveryKindOfParameter() throws {
        // func f(a, b=2, *rest, c, d=4, **more)
        let function = try Assembler.code(
            """
            makeTuple r6 r0 6
            return r6
            """, name: "f", registers: 8
        ) {
            $0.parameters = Parameters(
                names: ["a", "b", "c", "d"], positionalCount: 2, positionalDefaults: 1,
                keywordDefaults: [false, true], rest: "rest", keywordRest: "more")
        }
        func call(_ arguments: String, _ keywords: [String], _ registers: Int) throws -> String {
            try Runner().run(
                try Assembler.code(
                    """
                    loadInteger r1 2
                    loadInteger r2 4
                    makeFunction r0 0 r1
                    loadInteger r1 10
                    loadInteger r2 20
                    loadInteger r3 30
                    loadInteger r4 40
                    \(arguments)
                    return r0
                    """
                ) {
                    $0.codes = [function]
                    $0.keywordNames = [keywords]
                })
        }
        #expect(try call("callKeywords r0 2 0", ["c"], 2) == "(10, 2, 20, 4, (), {})")
        #expect(try call("callKeywords r0 4 0", ["c"], 4) == "(10, 20, 40, 4, (30), {})")
        #expect(try call("callKeywords r0 4 0", ["c", "z", "d"], 4) == "(10, 2, 20, 40, (), {'z': 30})")
        #expect(try call("call r0 1", [], 1) == "TypeError: f() missing 1 required keyword-only argument: 'c'")
        #expect(
            try call("callKeywords r0 3 0", ["c", "a"], 3) == "TypeError: f() got multiple values for argument 'a'")
    }

    @Test func loopsOverEverything() throws {
        func collect(_ source: String, _ configure: (inout Code.Parts) -> Void = { _ in }) throws -> String {
            try Runner().run(
                try Assembler.code(
                    """
                    \(source)
                    makeList r1 r1 0
                    getIterator r2 r0
                    jump @test
                    body:
                    move r6 r5
                    listAppend r1 r6
                    test:
                    forNext r2 r5 @body
                    return r1
                    """, configure))
        }
        #expect(
            try collect("getGlobal r0 0\nloadInteger r1 2\nloadInteger r2 9\nloadInteger r3 3\ncall r0 3") {
                $0.globals = ["range"]
            }
                == "[2, 5, 8]")
        #expect(try collect("loadConstant r0 0") { $0.constants = [.string("aé中x")] } == "['a', 'é', '中', 'x']")
        #expect(try collect("loadConstant r0 0") { $0.constants = [.tuple([.integer(1), .null])] } == "[1, null]")
        #expect(
            try collect("loadInteger r0 1\nloadInteger r1 2\nmakeDict r0 r0 1") == "[1]")
        #expect(try collect("loadInteger r0 5") == "TypeError: 'int' object is not iterable")
    }

    @Test func generatorsRunLazilyAndDrain() throws {
        let counter = try Assembler.code(
            """
            loadInteger r1 0
            jump @test
            body:
            move r2 r1
            yield r3 r2
            addInteger r1 r1 1
            test:
            jumpIfLess r1 r0 @body
            loadInteger r4 99
            return r4
            """, name: "count", registers: 5
        ) {
            $0.isGenerator = true
            $0.parameters = Parameters(names: ["n"], positionalCount: 1)
        }
        func run(_ text: String) throws -> String {
            try Runner().run(
                try Assembler.code("makeFunction r0 0 r0\nloadInteger r1 4\ncall r0 1\n" + text) {
                    $0.codes = [counter]
                    $0.globals = ["list", "next", "send", "close"]
                })
        }
        #expect(
            try run(
                """
                makeList r1 r1 0
                getIterator r2 r0
                jump @test
                body:
                listAppend r1 r5
                test:
                forNext r2 r5 @body
                listAppend r1 r2
                return r1
                """) == "[0, 1, 2, 3, 99]")
        #expect(try run("getGlobal r1 0\ntake r2 r0\ncall r1 1\nreturn r1") == "[0, 1, 2, 3]")
        #expect(try run("unpack r1 4 r0\nmakeTuple r0 r1 4\nreturn r0") == "(0, 1, 2, 3)")
        #expect(
            try run("unpack r1 3 r0\nreturnNull") == "ValueError: too many values to unpack (expected 3)")
        #expect(try run("loadInteger r1 3\ncontains r1 r1 r0\nreturn r1") == "true")
        #expect(
            try run(
                """
                getGlobal r1 1
                move r2 r0
                call r1 1
                getGlobal r2 2
                move r3 r0
                loadNull r4
                call r2 2
                getGlobal r3 3
                move r4 r0
                call r3 1
                getGlobal r4 1
                move r5 r0
                loadInteger r6 7
                call r4 2
                makeTuple r0 r1 4
                return r0
                """) == "(0, 1, null, 7)")
    }

    @Test func catchesExceptionsInCallers() throws {
        let thrower = try Assembler.code(
            """
            getGlobal r1 0
            loadConstant r2 0
            call r1 1
            raise r1 none
            """, name: "thrower", registers: 3
        ) {
            $0.globals = ["ValueError"]
            $0.constants = [.string("oh")]
        }
        let code = try Assembler.code(
            """
            makeFunction r0 0 r0
            start:
            call r0 0
            end:
            returnNull
            handler:
            getGlobal r3 0
            matchException r4 r2 r3
            jumpIfTrue r4 @matched
            reraise r2
            matched:
            loadInteger r0 5
            return r0
            """
        ) {
            $0.codes = [thrower]
            $0.globals = ["LookupError"]
            $0.handle(.catches, "start", "end", "handler", 2)
        }
        #expect(try Runner().run(code) == "ValueError: oh")
        let matching = try Assembler.code(
            """
            makeFunction r0 0 r0
            start:
            call r0 0
            end:
            returnNull
            handler:
            getGlobal r3 0
            matchException r4 r2 r3
            return r4
            """
        ) {
            $0.codes = [thrower]
            $0.globals = ["Exception"]
            $0.handle(.catches, "start", "end", "handler", 2)
        }
        #expect(try Runner().run(matching) == "true")
    }

    @Test func closuresShareCells() throws {
        let inner = try Assembler.code(
            """
            getCapture r0 0 0
            addInteger r0 r0 1
            setCapture 0 r0
            return r0
            """, name: "inner", registers: 1
        ) {
            $0.captures = [.register(0)]
            $0.names = ["n"]
        }
        let code = try Assembler.code(
            """
            loadInteger r0 10
            makeCell r0
            makeFunction r1 0 r1
            move r2 r1
            call r2 0
            move r3 r1
            call r3 0
            getCell r4 r0 0
            makeTuple r0 r2 3
            return r0
            """
        ) {
            $0.codes = [inner]
            $0.names = ["n"]
        }
        #expect(try Runner().run(code) == "(11, 12, 12)")
    }

    @Test func concatenatesInPlace() throws {
        let code = try Assembler.code(
            """
            loadConstant r0 0
            loadConstant r1 1
            loadInteger r2 0
            jump @test
            body:
            add r0 r0 r1
            addInteger r2 r2 1
            test:
            jumpIfLessInteger r2 20000 @body
            loadConstant r3 1
            contains r3 r3 r0
            return r3
            """
        ) { $0.constants = [.string(""), .string("abcdefghij")] }
        #expect(try Runner().run(code) == "true")
    }

    @Test func pipesApplyAndCompose() throws {
        let double = try Assembler.code("multiplyInteger r0 r0 2\nreturn r0", name: "double", registers: 1) {
            $0.parameters = Parameters(names: ["x"], positionalCount: 1)
        }
        let code = try Assembler.code(
            """
            makeFunction r0 0 r0
            loadInteger r1 5
            pipe r2 r1 r0
            pipe r3 r0 r0
            pipe r3 r3 r0
            loadInteger r4 1
            call r3 1
            move r5 r0
            move r6 r0
            makeList r5 r5 2
            loadInteger r4 3
            pipe r4 r4 r5
            pipe r6 r0 r5
            loadInteger r7 1
            pipe r5 r7 r6
            loadInteger r6 6
            loadInteger r7 3
            pipe r6 r6 r7
            makeTuple r0 r2 5
            return r0
            """
        ) { $0.codes = [double] }
        #expect(try Runner().run(code) == "(10, 8, [6, 6], [4, 4], 7)")
    }

    @Test func structsHaveFieldsAndMethods() throws {
        let area = try Assembler.code(
            """
            getAttribute r1 r0 0
            getAttribute r2 r0 1
            multiply r1 r1 r2
            return r1
            """, name: "area", registers: 3
        ) {
            $0.parameters = Parameters(names: ["p"], positionalCount: 1)
            $0.sites = [Code.AttributeSite(name: "x"), Code.AttributeSite(name: "y")]
        }
        let code = try Assembler.code(
            """
            loadInteger r1 3
            makeStruct r0 0
            makeFunction r1 0 r1
            defineMethod r0 0 r1
            move r1 r0
            loadInteger r2 5
            callKeywords r1 1 0
            move r2 r1
            callMethod r2 0 0
            loadInteger r3 7
            setAttribute r1 r3 1
            move r3 r1
            callMethod r3 0 0
            equal r4 r1 r1
            makeTuple r0 r1 4
            return r0
            """
        ) {
            $0.structs = [
                Code.StructDescription(
                    name: "Point", fields: ["x", "y"], hasType: [false, false], defaults: [.value, .none])
            ]
            $0.codes = [area]
            $0.names = ["area"]
            $0.keywordNames = [["y"]]
            $0.sites = [Code.AttributeSite(name: "area"), Code.AttributeSite(name: "x")]
        }
        #expect(try Runner().run(code) == "(Point(7, 5), 15, 35, true)")
    }

    @Test func limitsAreTerminal() throws {
        var limits = Limits()
        limits.ticks = 50_000
        let loop = try Assembler.code(
            """
            start:
            jump @start
            end:
            handler:
            loadInteger r0 1
            return r0
            """
        ) { $0.handle(.cleansUp, "start", "end", "handler", 1) }
        #expect(try Runner(limits: limits).run(loop) == "LimitExceeded: \(LimitKind.ticks.message)")
        limits = Limits()
        limits.memory = 1 << 20
        let grow = try Assembler.code(
            """
            makeList r0 r0 0
            start:
            move r1 r0
            listAppend r0 r1
            jump @start
            end:
            """
        )
        #expect(try Runner(limits: limits).run(grow) == "LimitExceeded: \(LimitKind.memory.message)")
        let recursion = try Assembler.code("getGlobal r0 0\ncall r0 0\nreturn r0", name: "f", registers: 1) {
            $0.globals = ["f"]
        }
        let main = try Assembler.code("makeFunction r0 0 r0\nsetGlobal r0 0\ncall r0 0\nreturn r0") {
            $0.globals = ["f"]
            $0.codes = [recursion]
        }
        #expect(try Runner().run(main) == "LimitExceeded: \(LimitKind.depth.message)")
    }

    @Test func slicesGiveTheSameTicks() throws {
        let code = try Assembler.code(
            """
            loadInteger r0 0
            start:
            addInteger r0 r0 1
            jumpIfLessInteger r0 5000 @start
            return r0
            """)
        let runner = try Runner()
        try runner.interpreter.start(code, module: "main")
        var slices = 0
        while case .sliceOver = runner.interpreter.run(slice: 77) { slices += 1 }
        #expect(slices > 60)
        #expect(runner.interpreter.machine.heap.state.pointee.meter.used == 4999)
        #expect(runner.show(.finished) == "5000")
    }

    @Test func cyclesAreCollected() throws {
        var limits = Limits()
        limits.memory = 4 << 20
        let code = try Assembler.code(
            """
            loadInteger r0 0
            start:
            makeList r1 r1 0
            move r2 r1
            listAppend r1 r2
            addInteger r0 r0 1
            jumpIfLessInteger r0 30000 @start
            addInteger r0 r0 1
            jumpIfLessInteger r0 30001 @start
            return r0
            """)
        #expect(try Runner(limits: limits).run(code) == "30001")
    }

    @Test func deeplyNestedListsAreFreed() throws {
        let code = try Assembler.code(
            """
            loadInteger r0 0
            loadInteger r3 200000
            makeList r1 r1 0
            start:
            makeList r1 r1 1
            addInteger r0 r0 1
            jumpIfLess r0 r3 @start
            loadNull r1
            return r0
            """)
        #expect(try Runner().run(code) == "200000")
    }
}
