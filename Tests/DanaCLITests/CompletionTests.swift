import Testing

@testable import DanaCLI

/// What the line editor offers for a beginning.
@Suite struct CompletionTests {
    @Test func aBeginningFindsItsWords() {
        let words = ["print", "private:x", "property", "sum"]
        #expect(LineEditor.matches(of: "pr", among: words) == ["print", "private:x", "property"])
        #expect(LineEditor.matches(of: "", among: words) == [])
        #expect(LineEditor.matches(of: "z", among: words) == [])
        #expect(["print", "private:x"].reduce("print") { LineEditor.commonBeginning($0, $1) } == "pri")
    }
}
