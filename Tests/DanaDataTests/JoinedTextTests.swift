import DanaData
import Testing

/// Texts that are cut: in the middle of characters, and short.
@Suite struct JoinedTextTests {
    private func joined(_ pieces: [String]) throws -> [String] {
        var text = JoinedText()
        return try pieces.map { text.add(try JSONReader.read("\"\($0)\"").root) } + [text.rest()]
    }

    @Test(arguments: [
        ([#"a\ud83d"#, #"\ude00b"#], ["a", "😀b", ""]), ([#"Hello \ud83d"#], ["Hello ", "\u{fffd}"]),
        ([#"\ud83d"#, "b"], ["", "\u{fffd}b", ""]), ([#"\ude00b"#], ["\u{fffd}b", ""]),
        ([#"\ud83d"#, "", #"\ude00"#], ["", "", "😀", ""]),
        ([#"\ud83d\ud83d"#, #"\ude00\ude00"#], ["\u{fffd}", "😀\u{fffd}", ""]),
        ([#"\ud83dé\ude00"#], ["\u{fffd}é\u{fffd}", ""]), ([#"\ud83d\ude00"#, "b"], ["😀", "b", ""]),
    ])
    func halvesFindEachOther(pieces: [String], expected: [String]) throws {
        #expect(try joined(pieces) == expected)
    }

    @Test func aValueHasItsText() throws {
        #expect(try JSONReader.read(#""Hello \ud83d""#).root.text == "Hello \u{fffd}")
        #expect(try JSONReader.read(#""Hello""#).root.text == "Hello")
        #expect(try JSONReader.read("1").root.text == nil)
    }

    @Test(arguments: [
        ("abc", 3, "abc"), ("abcd", 3, "abc..."), ("äää", 5, "ää..."), ("äää", 6, "äää"), ("😀", 3, "..."), ("", 0, ""),
        ("abc", -1, "..."),
    ])
    func textsAreShortenedBetweenCharacters(text: String, limit: Int, expected: String) {
        #expect(text.shortened(toBytes: limit) == expected)
    }
}
