/// Texts made of the language's tokens in any order, so that a fuzzer gets past the lexer.
enum FuzzTokens {
    static func text(_ bytes: inout FuzzBytes) -> [UInt8] {
        var text = ""
        var depth = 0
        while !bytes.isEmpty, text.utf8.count < 4000 {
            let choice = bytes.below(words.count + 3)
            switch choice {
            case words.count:
                text += "\n" + String(repeating: "    ", count: depth)
            case words.count + 1:
                depth = min(depth + 1, 120)
                text += ":\n" + String(repeating: "    ", count: depth)
            case words.count + 2:
                depth = max(depth - 1, 0)
                text += "\n" + String(repeating: "    ", count: depth)
            default:
                text += words[choice] + " "
            }
        }
        return Array(text.utf8)
    }

    private static let words = [
        "and", "as", "assert", "break", "continue", "def", "func", "del", "elif", "else", "except", "finally", "for",
        "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
        "try", "while", "with", "yield", "true", "false", "null", "class", "async", "await", "match", "case", "struct",
        "enum", "interface", "export", "agent", "private:x", "public:y", "local:z", "system:w", "x", "y", "f", "_",
        "print", "len", "range", "0", "1", "2.5", "0x1F", "1e400", "99999999999999999999", "''", "\"a\"", "f\"{x}\"",
        "f'{x!r:>{y}}'", "b'a'", "r'\\'", "\"\"\"\n\"\"\"", "(", ")", "[", "]", "{", "}", ",", ":", ";", ".", "...",
        "->", "=", ":=", "+", "-", "*", "**", "/", "//", "%", "@", "<<", ">>", "&", "|", "^", "~", "==", "!=", "<",
        "<=", ">", ">=", "+=", "-=", "*=", "|=", "$$", "::", "# note\n", "\\\n", "\t", "é", "漢", "\u{0}", "!", "?",
    ]
}
