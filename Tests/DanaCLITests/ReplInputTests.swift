import Testing

@testable import DanaCLI

/// When what was typed at the prompt is a whole.
@Suite struct ReplInputTests {
    @Test(arguments: [
        (["x = 1"], [true]),
        (["f(1,", "  2)"], [false, true]),
        (["if x:", "    y = 1", ""], [false, false, true]),
        (["if x: y = 1  # one line"], [true]),
        (["def f():  # note", "    return 1", ""], [false, false, true]),
        (["@trace", "def f(): pass", ""], [false, false, true]),
        (["t = \"\"\"long", "text\"\"\""], [false, true]),
        (["x = 1 + \\", "2"], [false, true]),
        (["s = \"a:\""], [true]),
        (["s = '#'; d = {1:", "2}"], [false, true]),
        (["x = [1, # (", "]"], [false, true]),
        (["s = \"it's\\\"\""], [true]),
        (["lambda: 1"], [true]),
        (["x = )"], [true]),
        ([""], [true]),
    ])
    func aWholeIsKnown(lines: [String], answers: [Bool]) {
        var input = ReplInput()
        #expect(lines.map { input.add($0) } == answers)
    }
}
