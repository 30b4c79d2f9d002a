import BridgeProbe
import Testing

@testable import PythonBridge

@Suite struct ErrorTests {
    /// The error of running `source`.
    private func error(of source: String, _ py: borrowing Python) throws -> PythonError {
        do throws(PythonError) {
            try py.run(source, file: "failing.py")
        } catch {
            return error
        }
        throw NoError()
    }

    private struct NoError: Error {}

    @Test func anErrorSaysWhatItCarries() throws {
        try TestInterpreter.hold { py in
            let error = try error(
                of: """
                    try:
                        {}['missing']
                    except KeyError:
                        e = ValueError('one', 2)
                        e.add_note('noted')
                        raise e from OSError('cause')
                    """, py)
            #expect(error.typeName(py) == "ValueError")
            #expect(error.message(py) == "('one', 2)")
            let arguments = try error.arguments(py)
            #expect(arguments.count == 2)
            #expect(error.cause(py)?.typeName(py) == "OSError")
            #expect(error.context(py)?.matches(.keyError, py) == true)
            let notes = try error.notes(py)
            #expect(notes == ["noted"])
            let text = try error.traceback(py)
            #expect(text.contains("OSError: cause"))
            #expect(text.contains("direct cause"))
            #expect(text.contains("File \"failing.py\", line 6, in <module>"))
            #expect(text.hasSuffix("ValueError: ('one', 2)\nnoted\n"))
        }
    }

    @Test func errorsAreCaughtByType() throws {
        try TestInterpreter.hold { py in
            let error = try error(of: "raise FileNotFoundError(2, 'gone')", py)
            let byKind = error.matches(.fileNotFoundError, py) && error.matches(.osError, py)
            #expect(byKind)
            let missed = error.matches(.valueError, py)
            #expect(!missed)
            let byClass = error.matches(try py.builtin("OSError"), py)
            #expect(byClass)
            let byTuple = error.matches(try py.evaluate("(KeyError, OSError)"), py)
            #expect(byTuple)
        }
    }

    /// Python -> Swift -> Python -> Swift: the same object, with everything on it.
    @Test func anErrorCrossesFourTimesUnharmed() throws {
        try TestInterpreter.hold { py in
            let error = try error(of: "raise ValueError('original')", py)
            let noted = try error.noted("on the way", py)
            let original = noted.exception(py)
            let thrower = function("thrower") { () throws(PythonError) -> Nothing in throw noted }
            let relay = try py.run("def relay(f):\n  f()").item("relay", py)
            do throws(PythonError) {
                _ = try relay.call(thrower, py: py)
                Issue.record("nothing was thrown")
            } catch {
                #expect(error.exception(py) === original)
                let notes = try error.notes(py)
                #expect(notes == ["on the way"])
                let text = try error.traceback(py)
                #expect(text.contains("in relay"))
                #expect(text.contains("failing.py"))
            }
        }
    }

    @Test func anErrorMadeInSwiftBecomesOneObject() throws {
        try TestInterpreter.hold { py in
            let cause = PythonError.valueError("below")
            let error = PythonError(.runtimeError, "above").caused(by: cause, py)
            #expect(error.exception(py) === error.exception(py))
            #expect(error.cause(py)?.message(py) == "below")
            #expect("\(error)" == "RuntimeError: above")
        }
    }

    /// An error made in Swift knows the name of its class before Python runs.
    @Test func everyKindIsCalledWhatItsClassIs() throws {
        try TestInterpreter.hold { py in
            for kind in PythonExceptionKind.allCases {
                let type = PythonObject(borrowing: kind.type, py)
                #expect(try type.attribute("__name__", as: String.self, py) == kind.name)
            }
            let ownType = try py.run("class Own(Exception): pass").item("Own", py)
            #expect("\(PythonError(type: ownType, "text").at(index: 3))" == "Own: at $[3]: text")
        }
    }

    @Test func nothingStaysSetAfterACaughtError() throws {
        try TestInterpreter.hold { py in
            _ = try error(of: "raise ValueError", py)
            let clean = try py.evaluate("__import__('sys').exc_info() == (None, None, None)", as: Bool.self)
            #expect(clean)
        }
    }
}
