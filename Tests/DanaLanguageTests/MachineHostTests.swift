import Testing

@testable import DanaLanguage

/// What suspends: host calls, imports, fibers side by side; and what stops a run from outside.
@Suite struct MachineHostTests {
    /// Calls the host function `ask` with 1 and returns its answer plus one.
    private func asking() throws -> Code {
        try Assembler.code(
            """
            getGlobal r0 0
            loadInteger r1 1
            call r0 1
            addInteger r0 r0 1
            return r0
            """, name: "asking", registers: 2
        ) { $0.globals = ["ask"] }
    }

    @Test func hostCallsSuspendAndResume() throws {
        let runner = try Runner()
        try runner.interpreter.register(hostFunction: "ask")
        try runner.interpreter.start(try asking(), module: "main")
        guard case .waiting(let calls) = runner.interpreter.run(), let call = calls.first else {
            Issue.record("the program does not wait")
            return
        }
        guard case .function(index: 0, name: "ask") = call.request else {
            Issue.record("the request is \(call.request)")
            return
        }
        #expect(call.arguments.map(Runner.describe) == ["1"])
        runner.interpreter.resume(call.identifier, with: .value(Value(small: 41)))
        #expect(runner.show(runner.interpreter.run()) == "42")
    }

    @Test func namesThatManyShareAreFoundAsOthersAre() throws {
        let names = HostNames(["first", "ask", "len"])
        let interpreter = try Interpreter(hostNames: names)
        #expect(interpreter.hostFunctions == names.list)
        #expect(try interpreter.register(hostFunction: "own") == 3)
        let program = try Compiler.compile(SourceText("[own(), ask(), ask is ask, len([])]", name: "test.na"))
        try interpreter.start(program, module: "main")
        var asked: [String] = []
        var current = interpreter
        while case .waiting(let calls) = current.run() {
            for case .function(let index, let name) in calls.map(\.request) { asked.append("\(index) \(name)") }
            let key = SealKey(1, 2)
            current = try Interpreter.restore(try current.save(key: key), key: key)
            for call in current.pendingCalls { current.answer(call.identifier, with: .null) }
        }
        #expect(asked == ["3 own", "1 ask", "2 len"])
        #expect(current.hostFunctions == names.list + ["own"])
    }

    @Test func hostFailuresAreExceptions() throws {
        let runner = try Runner()
        try runner.interpreter.register(hostFunction: "ask")
        try runner.interpreter.start(try asking(), module: "main")
        guard case .waiting(let calls) = runner.interpreter.run() else { return }
        runner.interpreter.resume(calls[0].identifier, with: .failure(.hostError, message: "no answer"))
        #expect(runner.show(runner.interpreter.run()) == "HostError: no answer")
    }

    /// `parallel(asking, asking, asking)`
    private func parallel() throws -> Code {
        let asking = try asking()
        return try Assembler.code(
            """
            makeFunction r1 0 r1
            move r2 r1
            move r3 r1
            getGlobal r0 0
            start:
            call r0 3
            end:
            return r0
            handler:
            loadConstant r0 0
            return r0
            """
        ) {
            $0.codes = [asking]
            $0.globals = ["parallel"]
            $0.constants = [.string("caught")]
            $0.handle(.catches, "start", "end", "handler", 5)
        }
    }

    @Test func sideBySideCallsSuspendTogetherAndKeepOrder() throws {
        let runner = try Runner()
        try runner.interpreter.register(hostFunction: "ask")
        try runner.interpreter.start(try parallel(), module: "main")
        guard case .waiting(let calls) = runner.interpreter.run() else { return }
        #expect(calls.count == 3)
        for (index, call) in calls.enumerated().reversed() {
            runner.interpreter.resume(call.identifier, with: .value(Value(small: index * 10)))
            if index > 0 { #expect(runner.show(runner.interpreter.run()) == "waiting for \(index)") }
        }
        #expect(runner.show(runner.interpreter.run()) == "[1, 11, 21]")
    }

    @Test func theFirstFailureCancelsTheOthers() throws {
        let runner = try Runner()
        try runner.interpreter.register(hostFunction: "ask")
        try runner.interpreter.start(try parallel(), module: "main")
        guard case .waiting(let calls) = runner.interpreter.run() else { return }
        runner.interpreter.resume(calls[1].identifier, with: .failure(.hostError, message: "no"))
        #expect(runner.show(runner.interpreter.run()) == "'caught'")
        #expect(runner.interpreter.machine.pending.isEmpty)
    }

    @Test func importsAskTheHostOnce() throws {
        let module = try Assembler.code(
            """
            loadInteger r0 7
            setGlobal r0 0
            setGlobal r0 1
            returnNull
            """
        ) { $0.globals = ["x", "_hidden"] }
        let code = try Assembler.code(
            """
            importModule r0 0
            importModule r1 0
            identical r2 r0 r1
            importName r3 r0 0
            getAttribute r4 r0 0
            makeTuple r0 r2 3
            importAll r1
            getGlobal r5 0
            addInteger r5 r5 1
            start:
            getAttribute r1 r1 1
            end:
            handler:
            makeTuple r0 r0 1
            return r0
            """
        ) {
            $0.imports = [Code.ImportDescription(name: "m", form: .any, level: 0)]
            $0.names = ["x"]
            $0.globals = ["x"]
            $0.sites = [Code.AttributeSite(name: "x"), Code.AttributeSite(name: "_hidden")]
            $0.handle(.catches, "start", "end", "handler", 1)
        }
        let runner = try Runner()
        try runner.interpreter.start(code, module: "main")
        guard case .waiting(let calls) = runner.interpreter.run() else { return }
        #expect(calls.count == 1)
        runner.interpreter.resume(calls[0].identifier, with: .module(module, name: "m"))
        #expect(runner.show(runner.interpreter.run()) == "((true, 7, 7))")
    }

    @Test func cancellationRunsCleanupOnly() throws {
        let cancellation = Cancellation()
        let code = try Assembler.code(
            """
            start:
            jump @start
            end:
            caught:
            loadInteger r0 1
            setScope r0 0 0
            returnNull
            cleanup:
            loadInteger r0 2
            setScope r0 0 0
            reraise r1
            """
        ) {
            $0.names = ["seen"]
            $0.handle(.catches, "start", "end", "caught", 1)
            $0.handle(.cleansUp, "start", "end", "cleanup", 1)
        }
        let runner = try Runner(cancellation: cancellation)
        try runner.interpreter.start(code, module: "main")
        #expect(runner.show(runner.interpreter.run(slice: 10)) == "slice over")
        cancellation.cancel(reason: "enough")
        cancellation.cancel(reason: "too late to matter")
        #expect(runner.show(runner.interpreter.run()) == "CancelledError: the run was cancelled: enough")
        let seen = Runner.describe(runner.interpreter.machine.scopes[0].value)
        #expect(seen == "{'seen': 2}")
    }

    @Test func cleanupIsBounded() throws {
        let cancellation = Cancellation()
        let code = try Assembler.code(
            """
            start:
            jump @start
            end:
            cleanup:
            jump @cleanup
            """
        ) { $0.handle(.cleansUp, "start", "end", "cleanup", 1) }
        let runner = try Runner(cancellation: cancellation)
        try runner.interpreter.start(code, module: "main")
        #expect(runner.show(runner.interpreter.run(slice: 10)) == "slice over")
        cancellation.cancel(reason: "enough")
        #expect(runner.show(runner.interpreter.run()) == "LimitExceeded: \(LimitKind.cleanup.message)")
    }

    @Test func cancellationReachesFibersThatWait() throws {
        let asking = try Assembler.code(
            """
            getGlobal r0 0
            loadInteger r1 1
            start:
            call r0 1
            end:
            return r0
            cleanup:
            getScope r0 0 0
            addInteger r0 r0 1
            setScope r0 0 0
            reraise r2
            """, name: "asking", registers: 3
        ) {
            $0.globals = ["ask"]
            $0.names = ["cleaned"]
            $0.handle(.cleansUp, "start", "end", "cleanup", 2)
        }
        let code = try Assembler.code(
            """
            loadInteger r0 0
            setScope r0 0 0
            makeFunction r1 0 r1
            move r2 r1
            getGlobal r0 0
            call r0 2
            return r0
            """
        ) {
            $0.codes = [asking]
            $0.globals = ["parallel"]
            $0.names = ["cleaned"]
        }
        let cancellation = Cancellation()
        let runner = try Runner(cancellation: cancellation)
        try runner.interpreter.register(hostFunction: "ask")
        try runner.interpreter.start(code, module: "main")
        #expect(runner.show(runner.interpreter.run()) == "waiting for 2")
        cancellation.cancel(reason: "closing")
        #expect(runner.show(runner.interpreter.run()) == "CancelledError: the run was cancelled: closing")
        #expect(Runner.describe(runner.interpreter.machine.scopes[0].value) == "{'cleaned': 2}")
    }

    @Test func systemVariablesAreReadOnly() throws {
        let code = try Assembler.code("loadNull r0\nsetScope r0 0 2\nreturnNull") { $0.names = ["x"] }
        #expect(
            try Runner().run(code)
                == "CapabilityError: system: variables are read-only; the host must grant 'system_write'")
    }

    @Test func errorsSayWhere() throws {
        let inner = try Assembler.code("loadNull r0\nadd r0 r0 r0\nreturn r0", name: "inner", registers: 1)
        let code = try Assembler.code("makeFunction r0 0 r0\ncall r0 0\nreturn r0") { $0.codes = [inner] }
        let runner = try Runner()
        try runner.interpreter.start(code, module: "main")
        guard case .failed(let error) = runner.interpreter.run() else { return }
        #expect(error.message == "unsupported operand type(s) for +: 'NoneType' and 'NoneType'")
        #expect(error.stack.map(\.function) == ["<module>", "inner"])
    }

    @Test func modulesKeepTheirFunctions() throws {
        let double = try Assembler.code("multiplyInteger r0 r0 2\nreturn r0", name: "double", registers: 1) {
            $0.parameters = Parameters(names: ["x"], positionalCount: 1)
        }
        let code = try Assembler.code("makeFunction r0 0 r0\nsetGlobal r0 0\nreturnNull") {
            $0.codes = [double]
            $0.globals = ["double"]
        }
        let runner = try Runner()
        #expect(try runner.run(code) == "null")
        try runner.interpreter.start(function: "double", module: "main", arguments: [Value(small: 4)])
        #expect(runner.show(runner.interpreter.run()) == "8")
    }
}
