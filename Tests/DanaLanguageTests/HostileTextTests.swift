import Testing
import ValueGenerator

@testable import DanaLanguage

/// Text that is made to hurt: it is refused or read, in bounded time and on a small stack.
@Suite struct HostileTextTests {
    private struct Outcome: Sendable {
        let nodes: Int
        let errors: [String]
        let functions: Int
    }

    private func outcome(_ text: String) throws -> Outcome {
        try outcome(bytes: Array(text.utf8))
    }

    private func outcome(bytes: [UInt8]) throws -> Outcome {
        try #require(
            onSmallStack {
                let program = Parser.parse(SourceText(bytes: bytes, name: "hostile.na"))
                let resolution = Resolver.resolve(program.tree, names: ResolverNames(known: []))
                _ = SyntaxDump.text(of: program.tree).utf8.count
                return Outcome(
                    nodes: program.tree.nodeCount,
                    errors: program.diagnostics.filter { $0.severity == .error }.map(\.message),
                    functions: resolution.functions.count)
            })
    }

    static let openers = [
        "(", "[", "{", "f(", "a[", "-", "not ", "lambda: ", "{1: ", "x if (", "f'{", "(a or b and ", "[x for x in ",
        "~(", "a | (", "$$ | (", "**(", "a ** -", "(yield ", "{**", "f(**", "f(*", "x[1:", "(*", "(y := ", "f'{x:{",
        "(lambda x=",
    ]

    @Test(arguments: openers)
    func nestingWithoutEndIsAnError(opener: String) throws {
        let result = try outcome("x = " + String(repeating: opener, count: 10_000) + "\ny = 1\n")
        #expect(!result.errors.isEmpty)
    }

    @Test func nestedBlocksWithoutEndAreAnError() throws {
        for header in ["if x:", "while x:", "for a in b:", "def f():", "try:", "with a:", "match x:", "class A:"] {
            var text = ""
            for level in 0..<400 { text += String(repeating: " ", count: level) + header + "\n" }
            #expect(try !outcome(text).errors.isEmpty)
        }
        var text = ""
        for level in 0..<300 {
            text +=
                String(repeating: " ", count: level) + "match x:\n" + String(repeating: " ", count: level + 1)
                + "case 1:\n"
        }
        #expect(try !outcome(text).errors.isEmpty)
    }

    @Test func patternsWithoutEndAreAnError() throws {
        for opener in ["[", "(", "{1: ", "P(", "P(x=", "a | (", "*("] {
            let text = "match x:\n    case " + String(repeating: opener, count: 50_000) + ":\n        pass\n"
            #expect(try !outcome(text).errors.isEmpty)
        }
    }

    @Test func asDeepAsTheLimitAllowsIsReadOnASmallStack() throws {
        for (open, close) in [
            ("(", ")"), ("[", "]"), ("{1: ", "}"), ("f(", ")"), ("(1 + 2 * ", ")"), ("a[", "]"), ("f'{", "}'"),
            ("-", ""), ("(a or b and not c < d | e ^ f & g << h + i * -", ")"), ("(lambda: ", ")"),
            ("[x for x in ", "]"),
        ] {
            let isRead = try [1, 5, 10, 20, 40, 60, 80, 95, 100, 101].map { depth in
                try outcome(
                    "y = " + String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
                ).errors.isEmpty
            }
            #expect(isRead[0] && isRead[1] && !isRead[9])
            #expect(zip(isRead, isRead.dropFirst()).allSatisfy { $0 || !$1 })
        }
    }

    @Test func whatRepeatsIsNoNesting() throws {
        let many = 4_000
        let texts = [
            "x = " + String(repeating: "1 + ", count: many) + "1",
            "x = " + String(repeating: "a or b and ", count: many) + "1",
            "x = " + String(repeating: "a < ", count: many) + "1",
            "x = " + String(repeating: "a | ", count: many) + "1",
            "x = " + String(repeating: "2 ** ", count: many) + "1",
            "x = a" + String(repeating: ".b", count: many),
            "x = a" + String(repeating: "(1)", count: many),
            "x = a" + String(repeating: "[0]", count: many),
            "x = [" + String(repeating: "1, ", count: many) + "]",
            "x = " + String(repeating: "'a' ", count: many),
            "x = " + String(repeating: "f'{a}' ", count: many),
            "x = " + String(repeating: "a if b else ", count: many) + "c",
            String(repeating: "x = ", count: many) + "1",
            "if a: pass\n" + String(repeating: "elif b: pass\n", count: many),
            "try: pass\n" + String(repeating: "except A: pass\n", count: many),
            String(repeating: "x; ", count: many),
            "x = [y " + String(repeating: "for a in b ", count: many) + "]",
            "def f(" + (0..<1000).map { "a\($0)" }.joined(separator: ", ") + "): pass",
        ]
        for text in texts {
            let result = try outcome(text)
            #expect(result.errors == [], "\(text.prefix(40))")
        }
    }

    @Test func aHundredThousandTermsAndArmsAreRead() throws {
        let many = 100_000
        #expect(try outcome("x = " + String(repeating: "1 + ", count: many) + "1").errors == [])
        #expect(try outcome("if a: b\n" + String(repeating: "elif b: c\n", count: many)).errors == [])
        let brackets = try outcome(String(repeating: "(", count: 1 << 20))
        #expect(brackets.errors == ["too deeply nested: more than 100 levels"])
    }

    @Test func closingBracketsWithoutEndAreAnError() throws {
        for text in [")", "]", "}", "(]", "([)]", "{)"] {
            #expect(try !outcome(String(repeating: text, count: 20_000)).errors.isEmpty)
        }
    }

    @Test func randomBytesAreReadOrRefused() throws {
        var random = Generator(seed: 0x5EED)
        for _ in 0..<200 {
            let bytes = random.bytes(upTo: 400)
            #expect(try outcome(bytes: bytes).nodes > 0)
            #expect(try outcome(bytes: bytes.map { $0 & 0x7F }).nodes > 0)
        }
    }

    @Test func randomTokensAreReadOrRefused() throws {
        let pieces = [
            "if", "else", "elif", "for", "in", "while", "def", "func", "match", "case", "struct", "enum", "interface",
            "try", "except", "finally", "with", "as", "lambda", "yield", "return", "import", "from", "global",
            "nonlocal", "not", "and", "or", "is", "x", "y", "private:z", "1", "2.5", "'s'", "f'{x}'", "f'{", "}'",
            "(", ")", "[", "]", "{", "}", ",", ":", ":=", "=", "==", "+", "-", "*", "**", "/", "|", "$$", ".", "...",
            "->", "@", ";", "\n", "\n    ", "\n        ", "\n", "# c\n", "\\\n", "del", "assert", "raise", "export",
            "class", "async", "await", "_", "None", "true", "!r", "break", "continue", "pass", "\t",
        ]
        var random = Generator(seed: 7)
        for _ in 0..<1_000 {
            var text = ""
            for _ in 0..<40 {
                text += pieces[Int.random(in: pieces.indices, using: &random)]
                if random.chance(1, in: 2) { text += " " }
            }
            #expect(try outcome(text).nodes > 0)
        }
    }
}
