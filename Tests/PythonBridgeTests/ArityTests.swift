import Testing

@testable import PythonBridge

/// Functions of every number of parameters: each argument arrives at its place, by position and by name.
@Suite struct ArityTests {
    init() throws { try TestInterpreter.hold { _ in } }

    private static let functions: [ExportedFunction] = [
        function("f0") { () in [] as [Int] },
        function("f1", "a") { (a: Int) in [a] },
        function("f2", "a", "b") { (a: Int, b: Int) in [a, b] },
        function("f3", "a", "b", "c") { (a: Int, b: Int, c: Int) in [a, b, c] },
        function("f4", "a", "b", "c", "d") { (a: Int, b: Int, c: Int, d: Int) in [a, b, c, d] },
        function("f5", "a", "b", "c", "d", "e") { (a: Int, b: Int, c: Int, d: Int, e: Int) in [a, b, c, d, e] },
        function("f6", "a", "b", "c", "d", "e", "f") { (a: Int, b: Int, c: Int, d: Int, e: Int, f: Int) in
            [a, b, c, d, e, f]
        },
        function("f7", "a", "b", "c", "d", "e", "f", "g") { (a: Int, b: Int, c: Int, d: Int, e: Int, f: Int, g: Int) in
            [a, b, c, d, e, f, g]
        },
        function("f8", "a", "b", "c", "d", "e", "f", "g", "h") {
            (a: Int, b: Int, c: Int, d: Int, e: Int, f: Int, g: Int, h: Int) in [a, b, c, d, e, f, g, h]
        },
    ]

    private static let asyncFunctions: [ExportedFunction] = [
        asyncFunction("f0") { () in [] as [Int] },
        asyncFunction("f1", "a") { (a: Int) in [a] },
        asyncFunction("f2", "a", "b") { (a: Int, b: Int) in [a, b] },
        asyncFunction("f3", "a", "b", "c") { (a: Int, b: Int, c: Int) in [a, b, c] },
        asyncFunction("f4", "a", "b", "c", "d") { (a: Int, b: Int, c: Int, d: Int) in [a, b, c, d] },
        asyncFunction("f5", "a", "b", "c", "d", "e") { (a: Int, b: Int, c: Int, d: Int, e: Int) in [a, b, c, d, e] },
        asyncFunction("f6", "a", "b", "c", "d", "e", "f") { (a: Int, b: Int, c: Int, d: Int, e: Int, f: Int) in
            [a, b, c, d, e, f]
        },
    ]

    private static let names = ["a", "b", "c", "d", "e", "f", "g", "h"]

    /// The arguments of a call in Python: in their places, or each by its name, the last one first.
    private static func arguments(_ count: Int, byName: Bool) -> String {
        guard byName else { return (0..<count).map { "\($0)" }.joined(separator: ", ") }
        return (0..<count).reversed().map { "\(names[$0])=\($0)" }.joined(separator: ", ")
    }

    @Test(arguments: [false, true]) func everyArgumentArrives(byName: Bool) throws {
        try TestInterpreter.hold { py in
            for (count, function) in Self.functions.enumerated() {
                let call = try py.evaluate("lambda f: f(\(Self.arguments(count, byName: byName)))")
                #expect(try call.call(function, as: [Int].self, py: py) == Array(0..<count))
            }
        }
    }

    @Test(arguments: [false, true]) func everyArgumentOfAnAsynchronousOneArrives(byName: Bool) async throws {
        for (count, function) in Self.asyncFunctions.enumerated() {
            let arrived = try await PythonEventLoop.run {
                let result = try await Python.awaiting { py throws(PythonError) in
                    try py.evaluate("lambda f: f(\(Self.arguments(count, byName: byName)))").call(function, py: py)
                }
                return try Python.hold { py throws(PythonError) in try result.value(as: [Int].self, py) }
            }
            #expect(arrived == Array(0..<count))
        }
    }

    @Test func aMissingAndAWrongArgumentAreNamed() throws {
        try TestInterpreter.hold { py in
            for (count, function) in Self.functions.enumerated().dropFirst() {
                let name = Self.names[count - 1]
                let short = try py.evaluate("lambda f: f(\(Self.arguments(count - 1, byName: false)))")
                let missing = #expect(throws: PythonError.self) { try short.call(function, py: py) }
                #expect(missing.map { "\($0)" }?.contains("'\(name)'") == true)
                let given = (0..<count - 1).map { "\($0), " }.joined()
                let wrong = try py.evaluate("lambda f: f(\(given)'x')")
                let error = #expect(throws: PythonError.self) { try wrong.call(function, py: py) }
                #expect(error.map { "\($0)" } == "TypeError: argument '\(name)': expected int, got str")
            }
        }
    }
}
