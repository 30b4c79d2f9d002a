import Testing

@testable import DanaLanguage

/// What goes wrong with objects of the host's, and what becomes of the host's own errors and handles.
@Suite struct HandleErrorTests {
    private func failure(_ program: String) throws -> (host: HandleHost, error: ProgramError) {
        let host = try HandleHost()
        try host.start(program)
        return (host, try #require(try host.finish()))
    }

    /// Runs until an operation on a handle waits; calls of functions are answered.
    private func waitingOperation(_ host: HandleHost) throws -> HostCall {
        while true {
            guard case .waiting(let calls) = host.interpreter.run() else { break }
            for call in calls {
                if case .operation = call.request { return call }
                host.answer(call)
            }
        }
        struct NoOperation: Error {}
        throw NoOperation()
    }

    /// Answers the first operation of a program with a value and tells what the program then prints.
    private func output(of program: String, answering make: (Interpreter) throws -> Value) throws -> String {
        let host = try HandleHost()
        try host.start(program)
        let call = try waitingOperation(host)
        host.interpreter.answer(call.identifier, with: try make(host.interpreter))
        if let error = try host.finish() { return "\(host.output)\(error.kind): \(error.message)" }
        return host.output
    }

    @Test func causesAndContextsComeOutWithTheirOrigins() throws {
        let (host, error) = try failure(
            """
            def first():
                try:
                    broken().f()
                except ValueError as e:
                    raise KeyError("mine") from e
            try:
                first()
            except KeyError:
                number(1) / 0
            """)
        #expect(error.kind == "ZeroDivisionError")
        #expect(error.chain.map(\.link) == [.context, .cause])
        #expect(error.chain.map(\.kind) == [.keyError, .valueError])
        #expect(error.chain.map(\.message) == ["'mine'", "cannot do method f"])
        #expect(error.chain.map { $0.stack.last?.start.line } == [5, 3])
        #expect(error.chain[0].origin == nil)
        let origins = [try #require(error.origin), try #require(error.chain[1].origin)]
        #expect(!host.interpreter.takeReleasedHandles().contains { origins.contains($0) })
        host.interpreter.releaseErrors()
        #expect(Set(host.interpreter.takeReleasedHandles()).isSuperset(of: origins))
    }

    @Test func anExceptionNamesTheObjectThatItWasMadeWithAlone() throws {
        let (host, error) = try failure(
            """
            try:
                raise ValueError(number(1))
            except ValueError as e:
                raise KeyError(number(2)) from e
            """)
        let subjects = [try #require(error.subject), try #require(error.chain.first?.subject)]
        #expect(!host.interpreter.takeReleasedHandles().contains { subjects.contains($0) })
        host.interpreter.releaseErrors()
        #expect(Set(host.interpreter.takeReleasedHandles()).isSuperset(of: subjects))
        #expect(try failure("raise ValueError('a', number(1))").error.subject == nil)
    }

    @Test func aCancelledRunTellsWhereItStood() throws {
        let cancellation = Cancellation()
        let host = try HandleHost(cancellation: cancellation)
        try host.start(
            """
            func spin():
                while true:
                    pass
            func outer():
                try:
                    spin()
                finally:
                    done = true
            outer()
            """)
        guard case .sliceOver = host.interpreter.run(slice: 100) else {
            Issue.record("the program does not go on")
            return
        }
        cancellation.cancel(reason: "enough")
        let error = try #require(try host.finish())
        #expect(error.cause == .cancelled)
        #expect(error.stack.map(\.start.line) == [9, 6, 2])
    }

    @Test func raisingAgainKeepsTheOrigin() throws {
        let (host, error) = try failure(
            """
            kept = []
            try:
                try:
                    broken().f()
                except ValueError as e:
                    kept.append(e)
                    raise
            except ValueError as e:
                pass
            raise kept[0]
            """)
        let origin = try #require(error.origin)
        guard case .error("cannot do method f")? = host.things[origin] else {
            Issue.record("the origin is lost")
            return
        }
    }

    @Test func anErrorThatIsForgottenGivesItsOriginBack() throws {
        let host = try HandleHost()
        try host.start("try:\n    broken().f()\nexcept ValueError:\n    pass\nx = number(1)\nx = None\n")
        #expect(try host.finish() == nil)
        let errors = host.things.values.filter { if case .error = $0 { true } else { false } }
        #expect(errors.isEmpty)
        #expect(host.things.isEmpty)
    }

    @Test func chainsAreBounded() throws {
        let (_, error) = try failure(
            """
            e = ValueError(0)
            for i in range(1, 50):
                try:
                    raise ValueError(i) from e
                except ValueError as caught:
                    e = caught
            raise e
            """)
        #expect(error.chain.count == ProgramError.longestChain)
        #expect(error.chain.first?.message == "48")
        #expect(error.origin == nil)
    }

    @Test func failuresWithoutNumberKeepABoundedNumberOfOrigins() throws {
        let host = try HandleHost()
        var origins: [UInt64] = []
        for _ in 0..<40 {
            try host.start("broken().f()")
            origins.append(try #require(try host.finish()?.origin))
        }
        let released = Set(host.released + host.interpreter.takeReleasedHandles())
        #expect(origins.filter { !released.contains($0) }.count == 16)
    }

    /// A handle lives until the operation on it is answered, also when nothing else holds it.
    @Test func operandsLiveUntilTheAnswer() throws {
        let host = try HandleHost()
        try host.start("number(7)(1)\n")
        let call = try waitingOperation(host)
        guard case .operation(let handle, .call) = call.request else {
            Issue.record("the request is \(call.request)")
            return
        }
        #expect(host.interpreter.takeReleasedHandles().isEmpty)
        #expect(call.arguments.count == 1)
        host.interpreter.answer(call.identifier, with: .null)
        #expect(host.interpreter.takeReleasedHandles() == [handle])
        #expect(host.interpreter.pendingCalls.isEmpty)
        // A second answer, and one to a call that never was, change nothing.
        host.interpreter.fail(call.identifier, .valueError, "too late")
        host.interpreter.end(0)
        #expect(try host.finish() == nil)
    }

    @Test func textsMustBeStrings() throws {
        #expect(
            try output(of: "print(f'{number(1)}')") { _ in Value(small: 3) }
                == "TypeError: the host's format() returned non-string (type int)")
        #expect(
            try output(of: "print(f'{number(1)!r:>4}')") { _ in .null }
                == "TypeError: the host's repr() returned non-string (type NoneType)")
        #expect(
            try output(of: "print(number(1))") { _ in .null }
                == "TypeError: the host's str() returned non-string (type NoneType)")
    }

    @Test func answersOfTheWrongTypeAreErrors() throws {
        #expect(
            try output(of: "x = {**number(1)}") { _ in Value(small: 3) } == "TypeError: 'int' object is not a mapping")
        #expect(
            try output(of: "xs = [1]\nxs += number(1)") { _ in Value(small: 3) }
                == "TypeError: the host's list() returned non-list (type int)")
        #expect(
            try output(of: "for x in number(1): pass") { _ in Value(small: 3) }
                == "TypeError: 'int' object is not iterable")
    }

    /// Handles that answer where a truth is needed count as true and are not asked again and again.
    @Test func handlesForTruthsAreTrue() throws {
        let handle = { (interpreter: Interpreter) in try interpreter.makeHandle(99, typeName: "Odd") }
        #expect(try output(of: "print(1 if number(0) else 2)", answering: handle) == "1\n")
        #expect(try output(of: "print(not number(0))", answering: handle) == "False\n")
        #expect(try output(of: "print(1 in number(0))", answering: handle) == "True\n")
    }

    @Test func onlyIterationsEnd() throws {
        let host = try HandleHost()
        try host.start("number(1).x")
        host.interpreter.end(try waitingOperation(host).identifier)
        let error = try #require(try host.finish())
        #expect(error.kind == "SystemError")
    }

    @Test func operationsCountAsHostCalls() throws {
        var limits = Limits()
        limits.hostCalls = 5
        let host = try HandleHost(limits: limits)
        try host.start("n = number(3)\nwhile true:\n    n + 1\n")
        let error = try #require(try host.finish())
        #expect(error.cause == .limit(.hostCalls))
        #expect(host.log == ["+", "+", "+", "+"])
        #expect(error.stack.last?.start.line == 3)
    }

    @Test func argumentsCountAsMemory() throws {
        var limits = Limits()
        limits.memory = 4 << 20
        let host = try HandleHost(limits: limits)
        try host.start("f = adder()\nxs = [0] * 100000\nwhile true:\n    f(*xs)\n    xs = xs + xs\n")
        let error = try #require(try host.finish())
        #expect(error.cause == .limit(.memory))
    }

    @Test func fibersSideBySideWaitForOperationsTogether() throws {
        let host = try HandleHost()
        try host.start("n = number(20)\nprint(parallel(lambda: n + 1, lambda: n - 1, lambda: n < 30))")
        while host.interpreter.pendingCalls.count < 3 {
            guard case .waiting(let calls) = host.interpreter.run() else {
                Issue.record("the program does not wait for three operations")
                return
            }
            if calls.count < 3 { for call in calls { host.answer(call) } }
        }
        try host.saveAndRestore()
        let calls = Array(host.interpreter.pendingCalls)
        #expect(calls.map(\.identifier) == calls.map(\.identifier).sorted())
        for call in calls.reversed() { host.answer(call) }
        #expect(try host.finish() == nil)
        #expect(host.output == "[<Number>, <Number>, True]\n")
        #expect(host.log == ["<", "-", "+"])
    }

    @Test func operationsNameWhatIsAsked() throws {
        let host = try HandleHost()
        try host.start(
            "r = record()\nr.x = 1\nr.x\ndel r.x\nn = number(3)\n1 - n\n2 < n\nn += 1\n-n\nwith r: pass\nlen(list_of(1))\n"
        )
        #expect(try host.finish() == nil)
        #expect(
            host.log == [
                "setAttribute x", "attribute x", "deleteAttribute x", "reflected -", ">", "+=", "unary negate", "enter",
                "exit", "builtin len",
            ])
    }

    /// The caret stands under the operation.
    @Test func carets() throws {
        let (_, error) = try failure("h = broken()\nx = 1 + (h * 2)\n")
        let place = try #require(error.stack.last)
        #expect(place.start.line == 2)
        let underlined = place.line.dropFirst(place.start.column - 1).prefix(place.end.column - place.start.column)
        #expect(underlined == "h * 2")
    }

    @Test func whatIsRaisedAndCaughtOfTheHostsTheHostIsAsked() throws {
        let raised = try failure("raise number(1)")
        #expect(raised.error.message.contains("cannot do raise"))
        #expect(raised.error.stack.last?.start.line == 1)
        let program = """
            try:
                broken().f()
            except %:
                print("caught")
            """
        for classes in ["number(1)", "(KeyError, number(1), number(2))"] {
            let caught = try failure(program.replacing("%", with: classes))
            #expect(caught.error.message.contains("cannot do catches"))
        }
        let byKind = try HandleHost()
        try byKind.start(program.replacing("%", with: "(number(1), ValueError)"))
        #expect(try byKind.finish() == nil)
        #expect(byKind.output == "caught\n")
        // Whether an error of the program's own is of a class of the host's, the host says, too.
        let (_, own) = try failure("try:\n    1 / 0\nexcept number(1):\n    pass")
        #expect(own.message.contains("cannot do catches"))
    }
}
