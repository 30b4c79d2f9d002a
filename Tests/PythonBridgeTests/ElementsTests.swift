import PythonBridge
import Testing

/// Memory that an argument lends to one call.
@Suite struct ElementsTests {
    private static let total = function("total", elements("values", of: Double.self)) { (values: Span<Double>) in
        values.indices.reduce(0) { $0 + values[$1] }
    }

    @Test(arguments: [
        ("array('d', [1, 2, 3.5])", 6.5),
        ("array('d')", 0),
        ("memoryview(array('d', range(6))).cast('B').cast('d', (2, 3))", 15),
        ("memoryview(array('d', range(6)))[2:4]", 5),
    ])
    func theyAreSeenInPlace(_ source: String, _ expected: Double) throws {
        try TestInterpreter.hold { py in
            let scope = try py.run("from array import array\nvalues = \(source)")
            let values = try scope.item("values", py)
            let callable = try py.object(Self.total)
            #expect(try callable.call(values, as: Double.self, py: py) == expected)
            #expect(try callable.call(keywords: ["values": values], as: Double.self, py: py) == expected)
        }
    }

    @Test(arguments: [
        ("array('i', [1])", "expected a buffer of Double, got one of format 'i'"),
        ("memoryview(array('d', range(6)))[::2]", "the buffer is not contiguous"),
        ("[1.0]", "expected an object with a buffer, got list"),
    ])
    func whatDoesNotLendThemIsRefused(_ source: String, _ message: String) throws {
        try TestInterpreter.hold { py in
            let scope = try py.run("from array import array\nvalues = \(source)")
            let callable = try py.object(Self.total)
            #expect {
                _ = try callable.call(scope.item("values", py), py: py)
            } throws: {
                "\($0)".contains("argument 'values'") && "\($0)".contains(message)
            }
        }
    }

    /// Python takes every byte but zero for true; Swift knows the byte one only.
    @Test func bytesThatAreNoBoolsInMemoryAreCopied() throws {
        try TestInterpreter.hold { py in
            let scope = try py.run("mask = memoryview(bytes([0, 1, 2, 255])).cast('?')\nplain = mask[:2]")
            let mask = try scope.item("mask", py)
            let buffer = try PythonBuffer(mask, py)
            #expect(try buffer.array(of: Bool.self) == [false, true, true, true])
            #expect { try buffer.withElements(of: Bool.self) { $0.count } } throws: { "\($0)".contains("read a copy") }
            let count = function("count", elements("mask", of: Bool.self)) { (mask: Span<Bool>) in mask.count }
            let callable = try py.object(count)
            #expect { try callable.call(mask, py: py) } throws: { "\($0)".contains("read a copy") }
            #expect(try callable.call(scope.item("plain", py), as: Int.self, py: py) == 2)
        }
    }

    /// A bytearray that still lends its memory cannot grow.
    @Test func theMemoryIsGivenBack() throws {
        try TestInterpreter.hold { py in
            let first = function("first", elements("values", of: UInt8.self), "index") {
                (values: Span<UInt8>, index: Int) throws(PythonError) in
                guard values.indices.contains(index) else { throw PythonError(.indexError, "beyond the end") }
                return Int(values[index])
            }
            let join = function("join", elements("a", of: UInt8.self), elements("b", of: UInt8.self)) {
                (a: Span<UInt8>, b: Span<UInt8>) in a.count * 10 + b.count
            }
            let answers = try py.run(
                """
                def use(first, join, total):
                    data = bytearray(b"ab")
                    answers = [first(data, 1), join(data, data)]
                    for wrong in (lambda: first(data, 9), lambda: first(data, "x"), lambda: total(data)):
                        try: wrong()
                        except (IndexError, TypeError): answers.append(-1)
                    data.append(0)
                    return answers + [join(data, b"")]
                """
            ).item("use", py).call(first, join, Self.total, py: py).elements(as: Int.self, py)
            #expect(answers == [98, 22, -1, -1, -1, 30])
        }
    }
}
