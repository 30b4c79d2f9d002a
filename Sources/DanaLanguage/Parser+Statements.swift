// Lines and blocks.

extension Parser {
    mutating func parseModule() {
        let mark = scratch.count
        while kind != .endOfFile {
            readStatement()
            // Only a line that stands too deep leaves these behind here.
            if kind == .dedent { advance() }
        }
        let range = SyntaxRange(start: 0, end: token.end)
        let place = tree.links.count
        tree.addLinks(scratch[mark...])
        scratch.cut(to: mark)
        root = tree.add(.module, range, linksFrom: place)
    }

    /// Reads a compound statement or a line of simple ones, and leaves them waiting.
    mutating func readStatement() {
        switch kind {
        case .newline:
            advance()
        case .indent:
            readUnexpectedBlock()
        case .if: scratch.append(ifStatement())
        case .while: scratch.append(whileStatement())
        case .for: scratch.append(forStatement())
        case .try: scratch.append(tryStatement())
        case .with: scratch.append(withStatement())
        case .def, .at: scratch.append(definition())
        case .elif, .else, .except, .finally: readStrayArm()
        case .class, .async: scratch.append(refusedStatement())
        case .name where symbol.isContextualWord: readContextualStatement()
        default: readSimpleStatements()
        }
        if isRecovering { recoverStatement() }
    }

    /// Skips the rest of a broken line; a block after it is read for its errors.
    private mutating func recoverStatement() {
        recover()
        if kind == .newline { advance() }
        if kind == .indent {
            if losesBlock {
                advance()
                skipBlock()
            } else {
                scratch.append(statements())
            }
        }
        losesBlock = false
    }

    private mutating func readUnexpectedBlock() {
        note("unexpected indent", at: token.range, hint: "a deeper line belongs after one that ends with ':'")
        scratch.append(statements())
    }

    private mutating func readStrayArm() {
        let word = spelling(token.range)
        let hint: String
        switch kind {
        case .elif: hint = "'elif' follows the block of an 'if' at the same column"
        case .except, .finally: hint = "'\(word)' follows the block of a 'try' at the same column"
        default: hint = "'else' follows the block of an 'if', 'for', 'while' or 'try' at the same column"
        }
        complain("'\(word)' has nothing before it that it belongs to", at: token.range, hint: hint)
    }

    /// The statements of an indented block at whose indent the parser stands.
    mutating func statements() -> NodeID {
        let from = tokens[min(index + 1, tokens.count - 1)].start
        let mark = scratch.count
        advance()
        guard enter(levels: Parser.levelsOfBlock) else {
            skipBlock()
            return make(.block, from: from, waitingFrom: mark)
        }
        while kind != .dedent, kind != .endOfFile { readStatement() }
        leave(levels: Parser.levelsOfBlock)
        if kind == .dedent { advance() }
        return make(.block, from: from, waitingFrom: mark)
    }

    private mutating func skipBlock() {
        var open = 1
        while open > 0, kind != .endOfFile {
            if kind == .indent { open += 1 }
            if kind == .dedent { open -= 1 }
            advance()
        }
    }

    /// The block of a statement, after `:`; on the same line or indented below.
    mutating func block(of what: String, from: UInt32) -> NodeID {
        guard take(.colon) else { return blockWithoutColon() }
        if kind != .newline { return isBlockless ? emptyBlock(of: what, from: from) : simpleBlock() }
        advance()
        return kind == .indent ? statements() : emptyBlock(of: what, from: from)
    }

    private mutating func blockWithoutColon() -> NodeID {
        complainOfMissingColon()
        recover()
        if kind == .newline { advance() }
        return kind == .indent ? statements() : errorNode()
    }

    private var isBlockless: Bool { kind == .endOfFile || kind == .dedent || kind == .indent }

    private mutating func simpleBlock() -> NodeID {
        let from = start
        let mark = scratch.count
        readSimpleStatements()
        if isRecovering {
            recover()
            if kind == .newline { advance() }
        }
        return make(.block, from: from, waitingFrom: mark)
    }

    private mutating func emptyBlock(of what: String, from: UInt32) -> NodeID {
        let line = text[..<Int(from)].count { $0 == UInt8(ascii: "\n") } + 1
        note(
            "expected an indented block after \(what) on line \(line)", at: token.range,
            hint: "an empty block is written: pass")
        return errorNode()
    }

    private mutating func complainOfMissingColon() {
        if kind == .assign {
            complainOfToken("invalid syntax. Maybe you meant '==' or ':=' instead of '='?")
        } else if kind == .newline {
            complain("expected ':'", at: SyntaxRange(start: lastEnd, end: lastEnd))
        } else if kind.beginsExpression {
            complainOfToken("expected ':'", hint: "put ':' before what belongs to this line")
        } else {
            complainOfOperator(otherwise: "expected ':'")
        }
    }

    // MARK: Lines of simple statements

    /// Reads simple statements with `;` between them, and the end of the line.
    mutating func readSimpleStatements() {
        repeat {
            scratch.append(simpleStatement())
            if isRecovering { return }
        } while take(.semicolon) && kind != .newline
        switch kind {
        case .newline: advance()
        case .endOfFile, .dedent: break
        default: complainOfLineEnd()
        }
    }
}

extension Symbol {
    /// Whether the symbol is a word that may begin a statement of its own, where it is no name.
    var isContextualWord: Bool { rawValue >= Symbol.function.rawValue && rawValue <= Symbol.workflow.rawValue }
}
