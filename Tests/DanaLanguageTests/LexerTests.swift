import Testing

@testable import DanaLanguage

@Suite struct LexerTests {
    private func kinds(_ text: String) -> [TokenKind] {
        var lexer = Lexer(SourceText(text, name: "test.na"), limits: ParserLimits())
        lexer.run()
        #expect(lexer.diagnostics == [])
        return lexer.tokens.map(\.kind)
    }

    private func messages(_ text: String) -> [String] {
        Parser.parse(SourceText(text, name: "test.na")).diagnostics.map(\.message)
    }

    @Test func indentationBecomesTokens() {
        #expect(
            kinds("a\n  b\n\n  # c\n    d\ne\n") == [
                .name, .newline, .indent, .name, .newline, .indent, .name, .newline, .dedent, .dedent, .name, .newline,
                .endOfFile,
            ])
    }

    @Test func linesInBracketsAreOne() {
        #expect(kinds("(\n  a\n)\n") == [.leftParen, .name, .rightParen, .newline, .endOfFile])
    }

    @Test func wordsAndOperators() {
        #expect(
            kinds("a := b // c ** d != e -> f ... $$ private:g <<= |=") == [
                .name, .walrus, .name, .doubleSlash, .name, .doubleStar, .name, .notEqual, .name, .arrow, .name,
                .ellipsis, .placeholder, .scopedName, .leftShiftAssign, .barAssign, .newline, .endOfFile,
            ])
        #expect(kinds("True none func") == [.trueWord, .nullWord, .name, .newline, .endOfFile])
    }

    @Test func scopedNamesStandTogether() {
        #expect(kinds("private: x") == [.name, .colon, .name, .newline, .endOfFile])
        #expect(
            kinds("a[local::2]") == [
                .name, .leftBracket, .name, .colon, .colon, .integer, .rightBracket, .newline, .endOfFile,
            ])
    }

    @Test func wordsOfTheLanguageHaveTheirSymbols() {
        let table = SymbolTable.ofWords
        let expected: [(Symbol, String)] = [
            (.capitalTrue, "True"), (.capitalFalse, "False"), (.capitalNone, "None"), (.smallNone, "none"),
            (.function, "func"), (.structure, "struct"), (.enumeration, "enum"), (.interface, "interface"),
            (.export, "export"), (.match, "match"), (.matchCase, "case"), (.agent, "agent"),
            (.resource, "resource"), (.workflow, "workflow"), (.local, "local"), (.private, "private"),
            (.public, "public"), (.system, "system"), (.underscore, "_"), (.danaEnding, "na"),
            (.pythonEnding, "py"), (.printWord, "print"), (.placeholder, "$$"),
        ]
        for (symbol, word) in expected { #expect(table.text(symbol) == word) }
        #expect(LanguageWord.reserved.count == LanguageWord.reservedCount)
        for (place, word) in LanguageWord.reserved.enumerated().prefix(35) {
            let kind = LanguageWord.tokenKind(Symbol(rawValue: Int32(place)))
            #expect(kind.map { "\($0)".hasPrefix(word.description) } == true, "\(word)")
        }
    }

    @Test func namesAreNormalised() {
        let program = Parser.parse(SourceText("ﬁle = 1\ne\u{301} = 2\nＡ = ㌀1\n한 = 한", name: "test.na"))
        let names = Set(
            (0..<program.tree.nodeCount).map { NodeID(rawValue: Int32($0)) }
                .filter { program.tree.kind($0) == .name }.map {
                    Array(program.tree.text(program.tree.symbol($0)).unicodeScalars)
                })
        #expect(names.contains(Array("file".unicodeScalars)))
        #expect(names.contains(["\u{E9}"]))
        #expect(names.contains(["A"]))
        #expect(names.contains(["\u{D55C}"]))
    }

    @Test(arguments: ["рrivate = 1", "ｐrivate:x", "lоcal:y = 1", "ѕуѕtem", "ｉｆ = 1"])
    func namesThatLookLikeScopesAreRefused(text: String) {
        #expect(messages(text).first?.contains("looks like") == true)
    }

    @Test func unreadableTextIsRefusedWithItsPlace() {
        func first(_ bytes: [UInt8]) -> (String, UInt32)? {
            Parser.parse(SourceText(bytes: bytes, name: "test.na")).diagnostics.first.map {
                ($0.message, $0.range.start)
            }
        }
        #expect(first([0x78, 0x0A, 0xFF])! == ("the text is not UTF-8: byte 0xff at offset 2", 2))
        #expect(first([0x78, 0xC3])! == ("the text is not UTF-8: byte 0xc3 at offset 1", 1))
        #expect(first([0xED, 0xA0, 0x80])! == ("the text is not UTF-8: byte 0xed at offset 0", 0))
        #expect(first([0x78, 0])! == ("source code cannot contain null bytes", 1))
        let small = Parser.parse(SourceText("x = 1", name: "test.na"), limits: ParserLimits(bytes: 3))
        #expect(small.diagnostics.map(\.message) == ["the program has 5 bytes; at most 3 are allowed"])
    }

    @Test func tabsAndSpacesMayNotMix() {
        #expect(messages("if a:\n        b\n\tc\n") == ["inconsistent use of tabs and spaces in indentation"])
        #expect(messages("if a:\n\tb\n\tc\n") == [])
    }
}
