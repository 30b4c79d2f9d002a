// Names, words of the language, names with a scope.

extension Lexer {
    mutating func readWord() {
        let start = index
        let (end, hash) = text.withUnsafeBufferPointer { text in
            var hasher = NameHasher()
            var end = start
            while end < text.count {
                let byte = text[end]
                guard (byte | 0x20) &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "_") else { break }
                hasher.combine(byte)
                end &+= 1
            }
            return (end, hasher.value)
        }
        index = end
        let byte = text[index]
        if byte >= 0x80 {
            index = start
            return readNonASCII()
        }
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'"), index - start <= 2,
            readPrefixedString(from: start)
        {
            return
        }
        emitWord(symbols.intern(text, start, index, hash), from: start)
        // Most words have a space behind them.
        if text[index] == UInt8(ascii: " ") { index += 1 }
    }

    mutating func emitWord(_ symbol: Symbol, from start: Int) {
        if let kind = LanguageWord.tokenKind(symbol) {
            if isFirstInLine, !brackets.isEmpty, kind.beginsStatement { leaveBrackets(before: start) }
            emit(kind, from: start)
        } else if let scope = LanguageWord.scope(symbol), text[index] == UInt8(ascii: ":"),
            text[index + 1] != UInt8(ascii: ":"), Lexer.isNameByte(text[index + 1]), !Lexer.isDigit(text[index + 1])
        {
            readScopedName(scope, from: start)
        } else {
            if isFirstInLine, !brackets.isEmpty, symbol == .function, isFollowedByName() {
                leaveBrackets(before: start)
            }
            emit(.name, from: start, symbol: symbol)
        }
    }

    /// Reads the name after `private:` and makes one token of both.
    private mutating func readScopedName(_ scope: VariableScope, from start: Int) {
        index += 1
        let nameStart = index
        while Lexer.isNameByte(text[index]) { index += 1 }
        let symbol = internName(from: nameStart, to: index)
        if LanguageWord.tokenKind(symbol) != nil {
            complain("'\(symbols.text(symbol))' is a word of the language, not a name", from: nameStart, to: index)
        }
        emit(.scopedName, from: start, detail: scope.rawValue, symbol: symbol)
    }

    private func isFollowedByName() -> Bool {
        var ahead = index
        while text[ahead] == UInt8(ascii: " ") { ahead += 1 }
        return ahead > index && Lexer.isNameByte(text[ahead])
    }

    /// A statement begins in the middle of a bracket: the bracket was forgotten, and the line stands
    /// for itself.
    private mutating func leaveBrackets(before start: Int) {
        guard modes.isEmpty else { return }
        abandonBrackets(at: start)
        let resume = index
        index = tokens.last.map { Int($0.end) } ?? lineStart
        emit(.newline, from: index)
        index = lineStart
        readIndentation()
        index = max(resume, start)
    }
}

extension TokenKind {
    /// Whether the word stands at the beginning of a statement and nowhere in an expression.
    fileprivate var beginsStatement: Bool {
        switch self {
        case .assert, .break, .continue, .def, .del, .elif, .except, .finally, .global, .import, .nonlocal, .pass,
            .raise, .return, .try, .while, .with, .class:
            true
        default:
            false
        }
    }
}
