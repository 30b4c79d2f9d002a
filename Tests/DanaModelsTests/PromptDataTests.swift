import DanaData
import Testing

@testable import DanaModels

/// Data as a model is told of it.
@Suite struct PromptDataTests {
    private func shown(_ text: String, total: Int? = nil, summary: String? = nil, limit: Int = 6000) throws
        -> PromptData
    {
        PromptData(try Conversation.tape(text).root, total: total, summary: summary, limit: limit)
    }

    @Test func whatIsShortIsShownWhole() throws {
        let list = try shown(#"[{"a": 1}, "text", 2.5]"#)
        #expect(list.text == "Data:\n{\"a\":1}\ntext\n2.5" && list.note == nil)
        #expect(try shown(#"{"a": [1, 2], "b": "x"}"#).text == "Data:\na: [1,2]\nb: x")
        #expect(try shown("7").text == "Data:\n7")
        #expect(try shown("[]").text == "Data:\n" && shown("[]").note == nil)
    }

    @Test func ofWhatIsLongTheBeginningIsShownAndTheRestSaid() throws {
        let cut = try shown("[111, 222, 333]", limit: 9)
        #expect(cut.text == "Data (the first 2 of 3 items):\n111\n222")
        #expect(cut.note == "2 of 3 items shown to the model")
        let table = try shown("[1, 2]", total: 1000, summary: "from 1 to 9")
        #expect(table.text == "Data (the first 2 of 1000 items):\n1\n2\nAll 1000 items, summarised:\nfrom 1 to 9")
    }

    @Test func oneLongItemIsCutWhereACharacterEnds() throws {
        let text = String(repeating: "ä", count: 1000)
        let cut = try shown("[\"\(text)\"]", limit: 301)
        #expect(cut.text.hasSuffix("ä...") && cut.text.utf8.count < 400 && cut.note != nil)
    }

    @Test func whatIsLeftOutOfOneItemIsSaid() throws {
        let long = String(repeating: "x", count: 1000)
        let one = try shown("\"\(long)\"", limit: 300)
        #expect(one.note == "300 of 1000 bytes shown to the model")
        #expect(one.text.hasPrefix("Data (the first 300 of 1000 bytes):\nxxx"))
        let first = try shown("[\"\(long)\", 1]", limit: 300)
        #expect(first.note == "1 of 2 items, of that 300 of 1000 bytes shown to the model")
    }
}
