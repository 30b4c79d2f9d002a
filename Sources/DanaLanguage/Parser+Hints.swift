import DanaData

// What is said of a token that does not belong where it stands.

extension Parser {
    /// After a whole statement, where its line should end.
    mutating func complainOfLineEnd() {
        if kind.beginsExpression || kind == .colon {
            complainAfterStatement()
        } else {
            complainOfOperator()
        }
    }

    private mutating func complainAfterStatement() {
        switch kind {
        case .colon: complainOfToken("invalid syntax", hint: "nothing that takes a block begins this line")
        case _ where index > 0 && spelling(tokens[index - 1].range) == "new":
            complain(
                "invalid syntax", at: tokens[index - 1].range, hint: "a value is made by a call alone: Point(1, 2)")
        default: complainOfToken("invalid syntax", hint: "statements on one line stand with ';' between them")
        }
    }

    /// After an expression that begins a line.
    mutating func complainAfterExpression(_ first: NodeID) {
        if kindOf(first) == .name, kind.beginsExpression || kind == .colon {
            let symbol = tree.symbol(first)
            if symbol == .printWord {
                complain("Missing parentheses in call to 'print'. Did you mean print(...)?", at: rangeOf(first))
                return
            }
            if let word = kind == .name && holdsImport() ? "from" : wordMeant(by: symbol) {
                // What is right in the block of a function or a match would be wrong without it.
                losesBlock = word == "func" || word == "match"
                complain("invalid syntax", at: rangeOf(first), hint: "did you mean '\(word)'?")
                return
            }
        }
        if kind == .walrus {
            complainOfToken("invalid syntax", hint: "a statement assigns with '='")
        } else if kind == .atAssign {
            complainOfToken("matrix multiplication is not part of Dana", hint: "call a function that multiplies")
        } else {
            complainOfLineEnd()
        }
    }

    /// Whether the line goes on with the `import` of names.
    private mutating func holdsImport() -> Bool {
        var place = index
        while tokens[place].kind == .name || tokens[place].kind == .dot { place += 1 }
        return tokens[place].kind == .import
    }

    /// After an expression and a colon that is no annotation.
    mutating func complainOfColon(after target: NodeID) {
        if let word = wordAtLineStart(of: target) {
            complain("invalid syntax", at: rangeOf(target), hint: "did you mean '\(word)'?")
        } else {
            complainOfToken("illegal target for annotation", hint: "a type follows a plain name: x: int = 5")
        }
    }

    /// The word that a call at the beginning of a line was meant to be, as in `whiel(x):`.
    private mutating func wordAtLineStart(of target: NodeID) -> String? {
        guard kindOf(target) == .chain else { return nil }
        let base = tree.child(target, 0)
        return kindOf(base) == .name ? wordMeant(by: tree.symbol(base)) : nil
    }

    /// Where an operator, a comma or an end was expected and something else stands.
    mutating func complainOfOperator(otherwise message: String = "invalid syntax") {
        switch kind {
        case .assign:
            complainOfToken("invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
        case .rightParen, .rightBracket, .rightBrace:
            complainOfToken("unmatched '\(spelling(token.range))'")
        case .ampersand where nextKind == .ampersand, .bar where nextKind == .bar:
            complainOfDoubledOperator()
        case .arrow:
            complainOfToken(message, hint: "'->' stands only before the type that a function returns")
        default:
            complainOfToken(message)
        }
    }

    private mutating func complainOfDoubledOperator() {
        let word = kind == .ampersand ? "and" : "or"
        complainOfToken(
            "invalid syntax", hint: "write '\(word)' for '\(spelling(token.range))\(spelling(token.range))'")
    }

    /// In a bracket, where one element ends and the next begins without a comma.
    mutating func complainOfMissingComma() {
        if index > 0, tokens[index - 1].kind == .name, let word = wordMeant(by: tokens[index - 1].symbol) {
            complain("invalid syntax", at: tokens[index - 1].range, hint: "did you mean '\(word)'?")
        } else {
            complainOfToken("invalid syntax. Perhaps you forgot a comma?")
        }
    }

    /// Where an operand was expected.
    mutating func complainOfAtom() {
        switch kind {
        case .class, .async:
            complainOfToken("'\(spelling(token.range))' is not part of Dana")
        case .rightParen, .rightBracket, .rightBrace:
            complainOfClosing()
        case .newline, .endOfFile, .dedent:
            complainOfLineWithoutValue()
        case .ampersand, .bar:
            if index > 0, tokens[index - 1].kind == kind {
                complainOfDoubledOperator()
            } else {
                complainOfToken()
            }
        case .greater where index > 0 && tokens[index - 1].kind == .assign && tokens[index - 1].end == start:
            complainOfToken("invalid syntax", hint: Parser.lambdaHint)
        case .assign:
            complainOfToken(
                "invalid syntax", hint: index > 0 && tokens[index - 1].kind == .equal ? "write '==' for '==='" : nil)
        case .at:
            complainOfToken("invalid syntax", hint: "'@' stands only before a decorator")
        case .def:
            complainOfToken("invalid syntax", hint: Parser.lambdaHint)
        case .lambda:
            complainOfToken("invalid syntax", hint: "put the lambda in parentheses: (lambda x: x + 1)")
        case _ where kind.rawValue >= TokenKind.and.rawValue && complainOfMisspeltWord(): break
        case _ where kind.rawValue >= TokenKind.and.rawValue:
            complainOfToken("invalid syntax", hint: "'\(spelling(token.range))' is a word of the language")
        default:
            complainOfToken()
        }
    }

    /// Of a line such as `esle: pass`, which its first word makes an annotation.
    private mutating func complainOfMisspeltWord() -> Bool {
        guard index >= 2, tokens[index - 1].kind == .colon, tokens[index - 2].kind == .name,
            index == 2 || [.newline, .indent, .dedent, .semicolon].contains(tokens[index - 3].kind),
            let word = wordMeant(by: tokens[index - 2].symbol)
        else { return false }
        complain("invalid syntax", at: tokens[index - 2].range, hint: "did you mean '\(word)'?")
        return true
    }

    private static let lambdaHint = "a function without a name is written: lambda x: x + 1"

    private mutating func complainOfLineWithoutValue() {
        if let openBracket {
            complainOfOpen(openBracket)
        } else if index > 1, tokens[index - 1].kind.sign != nil, tokens[index - 2].kind == tokens[index - 1].kind {
            complainOfToken("invalid syntax", hint: "write x += 1 or x -= 1")
        } else {
            complainOfToken("invalid syntax", hint: "the line ends where a value is expected")
        }
    }

    private mutating func complainOfClosing() {
        if depth == 0 {
            complainOfToken("unmatched '\(spelling(token.range))'")
        } else {
            complainOfToken("invalid syntax", hint: "a value is missing before '\(spelling(token.range))'")
        }
    }

    // MARK: Did you mean

    /// The word of the language that a name was meant to be, if it looks like one or is one elsewhere.
    mutating func wordMeant(by symbol: Symbol) -> String? {
        let name = tree.symbols.text(symbol)
        switch name {
        case "function", "fn", "fun", "sub", "proc": return "func"
        case "elseif", "elsif", "elf": return "elif"
        case "switch": return "match"
        case "catch": return "except"
        case "throw": return "raise"
        case "foreach": return "for"
        case "require", "include", "using": return "import"
        case "let", "var", "const", "val": return "name = value"
        case "until", "unless": return "while not"
        case "delete": return "del"
        case "type", "record", "object", "data": return "struct"
        default: break
        }
        let words = [
            "and", "assert", "break", "continue", "def", "del", "elif", "else", "except", "export", "finally", "for",
            "from", "func", "global", "if", "import", "in", "lambda", "match", "nonlocal", "not", "pass", "raise",
            "return", "struct", "try", "while", "with", "yield",
        ]
        return Spelling.nearest(to: name, among: words)
    }
}
