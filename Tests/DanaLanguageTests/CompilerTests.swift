import Foundation
import Testing

@testable import DanaLanguage

/// Compiled programs as text. `Tests/Listings` holds a program and its listing each; with `DANA_WRITE_LISTINGS` set, the
/// listings are written instead of compared.
@Suite struct CompilerTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Listings")

    @Test(arguments: [
        "assignments", "calls", "closures", "conditions", "definitions", "exceptions", "generators", "loops",
        "managers",
        "patterns", "pipes", "texts",
    ])
    func aProgramCompilesToItsListing(_ name: String) throws {
        let program = try String(contentsOf: Self.folder.appending(path: "\(name).na"), encoding: .utf8)
        let listing = Disassembler.listing(try Self.compile(program))
        let file = Self.folder.appending(path: "\(name).txt")
        if ProcessInfo.processInfo.environment["DANA_WRITE_LISTINGS"] != nil {
            try Data(listing.utf8).write(to: file)
        } else {
            #expect(listing == (try String(contentsOf: file, encoding: .utf8)))
        }
    }

    @Test func aProgramWithErrorsIsNotCompiled() {
        let failure = #expect(throws: Compiler.Failure.self) { try Self.compile("x = (\nreturn 5\n") }
        #expect(failure?.diagnostics.isEmpty == false)
    }

    @Test func warningsComeWithTheCode() throws {
        let program = try Compiler.compile(SourceText("def f():\n    return 1\n    f()\n", name: "x.na"))
        #expect(program.warnings.map(\.code) == ["unreachable-code"])
    }

    @Test func moreArgumentsThanRegistersAreAnError() {
        let arguments = (0..<70_000).map { "x\($0 % 10)" }.joined(separator: ",")
        let failure = #expect(throws: Compiler.Failure.self) { try Self.compile("y = 1\nf(\(arguments))\n") }
        #expect(failure?.diagnostics.first?.message == "function too large: <module> has too many values at once")
        #expect(failure?.diagnostics.first?.range.start == 6)
    }

    @Test(arguments: ["enum E:", "struct S:"])
    func whatIsTooLargeIsToldWhereItStands(head: String) {
        let parts = (0..<70_000).map { "    a\($0)\(head.hasPrefix("struct") ? ": int" : "")\n" }.joined()
        let failure = #expect(throws: Compiler.Failure.self) { try Self.compile("y = 1\n\(head)\n\(parts)") }
        #expect(failure?.diagnostics.first?.range.start == 6)
    }

    @Test func moreNamesThanAnOperandHoldsAreAnError() {
        let calls = (0..<70_000).map { "x.a\($0)\n" }.joined()
        let failure = #expect(throws: Compiler.Failure.self) { try Self.compile(calls) }
        #expect(failure?.diagnostics.first?.code == "too-large")
    }

    @Test func longDisplaysNeedFewRegisters() throws {
        let items = (0..<100_000).map { "x\($0 % 7)" }.joined(separator: ", ")
        #expect(try Self.compile("y = [\(items)]\n").parts.registerCount < 100)
        #expect(try Self.compile("y = (\(items))\n").parts.registerCount < 100)
        #expect(try Self.compile("y = {\(items)}\n").parts.registerCount < 100)
        #expect(try Self.compile("f\"\((0..<50_000).map { "{x}\($0 % 7)" }.joined())\"\n").parts.registerCount < 100)
    }

    @Test func finallyBlocksAreCompiledOnce() throws {
        var program = "def f():\n"
        for depth in 0..<20 {
            let margin = String(repeating: " ", count: depth + 1)
            program += "\(margin)try: return 1\n\(margin)finally:\n"
        }
        program += String(repeating: " ", count: 21) + "g()\n"
        #expect(try Self.compile(program).parts.codes[0].parts.instructions.count < 1000)
    }

    @Test(arguments: ["binary", "calls", "lists", "blocks", "functions", "tries", "comprehensions", "lambdas"])
    func nestingFitsOnASmallStack(_ kind: String) {
        let program = Self.nested(kind, depth: 80)
        let problems = onSmallStack { () -> [String] in
            do throws(Compiler.Failure) {
                _ = try Self.compile(program)
                return []
            } catch {
                return error.diagnostics.map(\.message)
            }
        }
        #expect(problems == [])
    }

    private static func compile(_ program: String) throws(Compiler.Failure) -> Code {
        try Compiler.compile(SourceText(program, name: "x.na")).code
    }

    /// A program that nests one construct.
    private static func nested(_ kind: String, depth: Int) -> String {
        func wrap(_ before: String, _ inner: String, _ after: String, _ depth: Int = depth) -> String {
            String(repeating: before, count: depth) + inner + String(repeating: after, count: depth) + "\n"
        }
        func block(_ opening: String, _ closing: String? = nil) -> String {
            let depth = depth / 2
            var text = ""
            for level in 0..<depth { text += String(repeating: " ", count: level) + opening + "\n" }
            text += String(repeating: " ", count: depth) + "pass\n"
            guard let closing else { return text }
            for level in (0..<depth).reversed() { text += String(repeating: " ", count: level) + closing + "\n" }
            return text
        }
        return switch kind {
        case "binary": wrap("(x * ", "y", ")", depth / 2)
        case "calls": wrap("f(a, ", "1", ")")
        case "lists": wrap("[x, ", "1", "]")
        case "blocks": block("while x:")
        case "functions": block("def f(a=1, *b):")
        case "tries": block("try:", "finally: x()")
        case "comprehensions": wrap("[x for x in ", "y", "]")
        default: wrap("(lambda x: ", "x", ")", depth / 2)
        }
    }
}
