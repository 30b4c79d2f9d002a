import PythonBridge
import Testing

/// Strings made from short text are those that the standard library makes.
@Suite struct SmallTextTests {
    @Test(arguments: ["", "a", "é", "日", "🌍"])
    func shortTextIsTheSameString(of odd: String) throws {
        try TestInterpreter.hold { py in
            let letters = Array("abcdefghijklmnopqrst")
            for length in 0...letters.count {
                for position in 0...length {
                    let expected = String(letters[..<position]) + odd + String(letters[position..<length])
                    var text = try py.object(expected).value(as: String.self, py)
                    #expect(text == expected && text.hashValue == expected.hashValue)
                    #expect(Array(text.utf8) == Array(expected.utf8) && text.count == expected.count)
                    #expect(text.utf8Span.isKnownASCII == expected.utf8Span.isKnownASCII)
                    text.append("!")
                    #expect(text == expected + "!")
                }
            }
        }
    }
}
