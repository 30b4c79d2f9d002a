import PythonBridge
import Testing

@Suite struct CallTests {
    @Test func importsAndCallsWithKeywords() throws {
        try TestInterpreter.hold { py in
            let json = try py.import("json")
            let text = try json.attribute("dumps", py).call(
                py.evaluate("{'b': 1, 'a': 2}"), keywords: ["sort_keys": true, "indent": Int?.none],
                as: String.self, py: py)
            #expect(text == #"{"a": 2, "b": 1}"#)
            #expect(try py.import("os.path").attribute("__name__", as: String.self, py) == "posixpath")
        }
    }

    @Test func attributesAreReadSetAndDeleted() throws {
        try TestInterpreter.hold { py in
            let object = try py.import("types").callMethod("SimpleNamespace", keywords: ["a": 1], py: py)
            #expect(try object.attribute("a", as: Int.self, py) == 1)
            try object.setAttribute("b", "two", py)
            #expect(try object.hasAttribute("b", py))
            try object.deleteAttribute("b", py)
            #expect(try !object.hasAttribute("b", py))
            #expect { try object.deleteAttribute("b", py) } throws: { error in
                (error as? PythonError)?.matches(.attributeError, py) == true
            }
        }
    }

    @Test func itemsAreReadSetDeletedAndCounted() throws {
        try TestInterpreter.hold { py in
            let dictionary = try py.evaluate("{'a': 1}")
            try dictionary.setItem("b", 2, py)
            #expect(try dictionary.length(py) == 2)
            #expect(try dictionary.contains("b", py))
            #expect(try dictionary.item("b", as: Int.self, py) == 2)
            try dictionary.deleteItem("a", py)
            #expect(try !dictionary.contains("a", py))
            #expect { _ = try dictionary.item("a", py) } throws: { error in
                (error as? PythonError)?.matches(.lookupError, py) == true
            }
            #expect { _ = try py.object(1).length(py) } throws: { error in
                "\(error)" == "TypeError: object of type 'int' has no len()"
            }
        }
    }

    @Test func iteratesAndSurfacesErrorsHalfWay() throws {
        try TestInterpreter.hold { py in
            #expect(try py.evaluate("range(4)").elements(as: Int.self, py) == [0, 1, 2, 3])
            let generator = try py.run("def g():\n  yield 1\n  yield 2\n  raise ValueError('third')").item("g", py)
            var seen: [Int] = []
            #expect {
                try generator.call(py).forEach(py) { item, py throws(PythonError) in seen.append(try item.value(py)) }
            } throws: { "\($0)" == "ValueError: third" }
            #expect(seen == [1, 2])
            #expect { _ = try py.object(3).iterator(py) } throws: {
                "\($0)" == "TypeError: 'int' object is not iterable"
            }
        }
    }

    @Test func operatorsAndComparisons() throws {
        try TestInterpreter.hold { py in
            let seven = try py.object(7)
            #expect(try seven.operate(.floorDivide, 2, py).value(as: Int.self, py) == 3)
            #expect(try seven.operate(.power, 2, py).value(as: Int.self, py) == 49)
            #expect(try seven.operate(.divide, 2, py).value(as: Double.self, py) == 3.5)
            #expect(try seven.operate(.xor, 1, py).value(as: Int.self, py) == 6)
            #expect(try seven.negated(py).value(as: Int.self, py) == -7)
            #expect(try seven.compare(.less, 8, py))
            #expect(try !seven.compare(.equal, "7", py))
            #expect(try seven.isInstance(of: py.builtin("int"), py))
            #expect(try seven.type(py).isSubclass(of: py.builtin("object"), py))
            #expect(try seven.representation(py) == "7")
            #expect(try seven.hash(py) == 7)
            #expect(try seven.isTrue(py))
            #expect { _ = try seven.operate(.divide, 0, py) } throws: { error in
                (error as? PythonError)?.matches(.zeroDivisionError, py) == true
            }
        }
    }

    @Test func contextManagersLeaveAndMaySuppress() throws {
        try TestInterpreter.hold { py in
            let manager = try py.run(
                """
                class Manager:
                    def __init__(self, suppress): self.suppress, self.log = suppress, []
                    def __enter__(self): self.log.append('enter'); return 5
                    def __exit__(self, kind, value, traceback):
                        self.log.append(kind.__name__ if kind else None)
                        assert (value is None) == (kind is None)
                        return self.suppress
                """
            ).item("Manager", py)
            let quiet = try manager.call(true, py: py)
            let entered = try quiet.with(py) { value, py throws(PythonError) in try value.value(as: Int.self, py) }
            #expect(entered == 5)
            let suppressed = try quiet.with(py) { _, _ throws(PythonError) -> Int in throw .valueError("inside") }
            #expect(suppressed == nil)
            let log = try quiet.attribute("log", py).representation(py)
            #expect(log == "['enter', None, 'enter', 'ValueError']")
            let strict = try manager.call(false, py: py)
            #expect {
                _ = try strict.with(py) { _, _ throws(PythonError) -> Int in throw .valueError("inside") }
            } throws: { "\($0)" == "ValueError: inside" }
            #expect { _ = try py.object(1).with(py) { _, _ throws(PythonError) in 0 } } throws: {
                "\($0)".contains("does not support the context manager protocol")
            }
        }
    }

    @Test func codeRunsInItsOwnVariables() throws {
        try TestInterpreter.hold { py in
            let globals = try py.run("x = 40\ndef f(): return x + 2", file: "sum.py")
            #expect(try py.evaluate("f()", in: globals, as: Int.self) == 42)
            #expect { try py.run("x = = 1") } throws: { "\($0)".hasPrefix("SyntaxError: ") }
            #expect { try py.run("x = 1\0") } throws: { "\($0)".contains("null character") }
        }
    }

    @Test func aConversionErrorAmongArgumentsLeavesNothingSet() throws {
        try TestInterpreter.hold { py in
            let list = try py.evaluate("[]")
            #expect { _ = try list.callMethod("append", Refusing(), py: py) } throws: {
                "\($0)" == "ValueError: refused"
            }
            #expect(try list.length(py) == 0)
        }
    }
}

/// A value that Python cannot have.
private struct Refusing: ToPython {
    func toPython(_ py: borrowing Python) throws(PythonError) -> PyRef { throw .valueError("refused") }
}
