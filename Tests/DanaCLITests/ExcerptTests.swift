import DanaLanguage
import Testing

@testable import DanaCLI

/// Places in programs as they are shown.
@Suite struct ExcerptTests {
    private static let plain = Terminal { $0 == "NO_COLOR" ? "1" : nil }

    @Test(arguments: [
        ("x = 1 + y\n", 8, 9, "1 | x = 1 + y\n  |         ^\n"),
        ("\tx = yy\n", 5, 7, "1 | \tx = yy\n  | \t    ^^\n"),
        ("漢字 = x\n", 9, 10, "1 | 漢字 = x\n  |        ^\n"),
        ("x = (\n", 5, 5, "1 | x = (\n  |      ^\n"),
        ("a\nb = ccc\n", 6, 9, "2 | b = ccc\n  |     ^^^\n"),
        ("f(1,\n  2)\n", 0, 8, "1 | f(1,\n  | ^^^^\n"),
    ])
    func theCaretStandsUnderWhatIsMeant(text: String, start: UInt32, end: UInt32, shown: String) {
        let source = SourceText(text, name: "x.na")
        let excerpt = Excerpt(SyntaxRange(start: start, end: end), in: source)
        #expect(excerpt.lines(Self.plain, .red) == shown)
    }
}
