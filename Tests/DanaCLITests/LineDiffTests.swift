import Testing

@testable import DanaCLI

/// Differences between two texts as people read them.
@Suite struct LineDiffTests {
    @Test func equalTextsDifferInNothing() {
        #expect(LineDiff(from: "a\nb\n", to: "a\nb\n").unified(name: "x.na") == "")
        #expect(LineDiff(from: "", to: "").unified(name: "x.na") == "")
    }

    @Test func aChangedLineHasItsNeighbours() {
        let old = (1...9).map { "line \($0)\n" }.joined()
        let new = old.replacing("line 5", with: "other")
        #expect(
            LineDiff(from: old, to: new).unified(name: "x.na") == """
                --- x.na
                +++ x.na
                @@ -2,7 +2,7 @@
                 line 2
                 line 3
                 line 4
                -line 5
                +other
                 line 6
                 line 7
                 line 8

                """)
    }

    @Test func farChangesHaveHunksOfTheirOwn() {
        let old = (1...20).map { "\($0)\n" }.joined()
        let text = LineDiff(from: old, to: "0\n" + old + "21\n").unified(name: "x.na")
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("@@") } == ["@@ -1,3 +1,4 @@", "@@ -18,3 +19,4 @@"])
    }
}
