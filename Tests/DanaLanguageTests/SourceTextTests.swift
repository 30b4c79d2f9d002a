import DanaLanguage
import Testing

@Suite struct SourceTextTests {
    @Test func placesCountLinesAndScalars() {
        let text = SourceText("a\r\nbé = c\rd\n", name: "a.na")
        #expect(text.place(at: 0) == SourcePlace(line: 1, column: 1))
        #expect(text.place(at: 3) == SourcePlace(line: 2, column: 1))
        #expect(text.place(at: 6) == SourcePlace(line: 2, column: 3))
        #expect(text.place(at: 11) == SourcePlace(line: 3, column: 1))
        #expect(text.place(at: 999) == SourcePlace(line: 4, column: 1))
        #expect(text.place(at: -1) == SourcePlace(line: 1, column: 1))
    }

    @Test func linesComeWithoutTheirEnds() {
        let text = SourceText("a\r\nbé = c\rd", name: "a.na")
        #expect((0...4).map(text.line) == ["", "a", "bé = c", "d", ""])
    }
}
