/// What is typed at the prompt, line by line, until it is a whole: brackets and long strings are closed, and a block is
/// ended by an empty line.
struct ReplInput {
    private(set) var text = ""

    var isEmpty: Bool { text.isEmpty }

    /// Takes a line; true when what has been typed can be run.
    mutating func add(_ line: String) -> Bool {
        text += line + "\n"
        let scan = Scan(text)
        if scan.isOpen { return false }
        let isBlock = scan.opensBlock || text.hasPrefix("@")
        return !isBlock || line.allSatisfy(\.isWhitespace)
    }

    mutating func clear() { text = "" }

    /// A look over the text that sees only strings, comments, brackets and the ends of lines.
    private struct Scan {
        private var brackets = 0
        private var quote: [Character] = []
        private var isJoined = false
        /// Whether a line ended with a colon.
        private(set) var opensBlock = false

        var isOpen: Bool { brackets > 0 || quote.count == 3 || isJoined }

        init(_ text: String) {
            let characters = Array(text)
            var last: Character = " "
            var place = 0
            while place < characters.count {
                let character = characters[place]
                place += 1
                if !quote.isEmpty {
                    if character == "\\" {
                        place += 1
                    } else if characters[(place - 1)...].starts(with: quote) {
                        place += quote.count - 1
                        quote = []
                    } else if character.isNewline, quote.count == 1 {
                        quote = []
                    }
                    continue
                }
                isJoined = character == "\\" && place < characters.count && characters[place].isNewline
                switch character {
                case "#":
                    while place < characters.count, !characters[place].isNewline { place += 1 }
                case "\"", "'":
                    let isLong = characters[place...].starts(with: [character, character])
                    quote = Array(repeating: character, count: isLong ? 3 : 1)
                    place += quote.count - 1
                    last = character
                case "(", "[", "{": brackets += 1
                case ")", "]", "}": brackets = max(0, brackets - 1)
                case _ where character.isNewline:
                    if last == ":", brackets == 0 { opensBlock = true }
                    last = " "
                case _ where character.isWhitespace: break
                default: last = character
                }
                if "()[]{}".contains(character) { last = character }
                if isJoined {
                    place += 1
                    isJoined = place >= characters.count
                }
            }
        }
    }
}
