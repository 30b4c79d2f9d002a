import PythonBridge
import Testing

@Suite struct CallbackTests {
    @Test func pythonCallsASwiftClosure() throws {
        try TestInterpreter.hold { py in
            let double = function("double", "x", doc: "Twice.") { (x: Int) in x * 2 }
            let mapped = try py.builtin("map").call(double, py.evaluate("[1, 2, 3]"), py: py)
            #expect(try mapped.elements(as: Int.self, py) == [2, 4, 6])
            let callable = try py.object(double)
            #expect(try callable.attribute("__name__", as: String.self, py) == "double")
            #expect(try callable.attribute("__doc__", as: String.self, py) == "Twice.")
            #expect(try py.import("inspect").callMethod("signature", callable, py: py).text(py) == "(x)")
            #expect(try callable.call(keywords: ["x": 4], as: Int.self, py: py) == 8)
            #expect { _ = try callable.call("four", py: py) } throws: {
                "\($0)" == "TypeError: argument 'x': expected int, got str"
            }
        }
    }

    @Test func anErrorOfTheClosureReachesPython() throws {
        try TestInterpreter.hold { py in
            let fail = function("fail") { () throws(PythonError) -> Nothing in throw PythonError(.keyError, "lost") }
            let caught = try py.run(
                "def attempt(f):\n  try: f()\n  except KeyError as error: return error.args[0]"
            ).item("attempt", py).call(fail, as: String.self, py: py)
            #expect(caught == "lost")
        }
    }

    /// More than there are trampolines, each freed with what it captured when Python lets go.
    @Test func callbacksAreUnlimitedAndFreed() throws {
        try TestInterpreter.hold { py in
            for round in 0..<3000 {
                weak var watched: Canary?
                do {
                    let canary = Canary(round)
                    watched = canary
                    let callable = try py.object(function("number") { canary.number })
                    #expect(try callable.call(as: Int.self, py: py) == round)
                    #expect(watched != nil)
                }
                #expect(watched == nil)
            }
        }
    }
}

/// Something whose end can be seen.
private final class Canary: Sendable {
    let number: Int

    init(_ number: Int) { self.number = number }
}
