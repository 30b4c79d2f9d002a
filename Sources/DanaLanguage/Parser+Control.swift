// Statements that choose, repeat, catch and clean up.

extension Parser {
    mutating func ifStatement() -> NodeID {
        let from = start
        let mark = scratch.count
        var word = "'if' statement"
        repeat {
            let armStart = start
            advance()
            scratch.append(namedExpression())
            scratch.append(block(of: word, from: armStart))
            word = "'elif' statement"
        } while kind == .elif
        if let otherwise = elseBlock() { scratch.append(otherwise) }
        return make(.ifStatement, from: from, waitingFrom: mark)
    }

    /// The block of an `else`, if one stands here.
    private mutating func elseBlock() -> NodeID? {
        guard kind == .else else { return nil }
        let from = start
        advance()
        if kind == .if {
            note("invalid syntax", at: token.range, hint: "write 'elif' for 'else if'")
            advance()
            _ = namedExpression()
        }
        return block(of: "'else' statement", from: from)
    }

    mutating func whileStatement() -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        scratch.append(namedExpression())
        scratch.append(block(of: "'while' statement", from: from))
        scratch.append(elseBlock() ?? .none)
        return make(.whileStatement, from: from, waitingFrom: mark)
    }

    mutating func forStatement() -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        scratch.append(loopTarget())
        if !take(.in) { complainOfToken("expected 'in' after the target of 'for'") }
        scratch.append(isRecovering ? errorNode() : expressionList())
        scratch.append(block(of: "'for' statement", from: from))
        scratch.append(elseBlock() ?? .none)
        return make(.forStatement, from: from, waitingFrom: mark)
    }

    // MARK: try

    mutating func tryStatement() -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        scratch.append(block(of: "'try' statement", from: from))
        scratch.append(.none)
        scratch.append(.none)
        while kind == .except { scratch.append(exceptClause()) }
        checkCatchAllIsLast(from: mark + 3)
        if scratch.count > mark + 3, let otherwise = elseBlock() { scratch[mark + 1] = otherwise }
        let hasFinally = kind == .finally
        if hasFinally {
            let finallyStart = start
            advance()
            scratch[mark + 2] = block(of: "'finally' statement", from: finallyStart)
        }
        if scratch.count == mark + 3, !hasFinally {
            let isMisspelt = kind == .name && wordMeant(by: token.symbol) == "except"
            let place = SyntaxRange(start: start, end: token.end)
            note(
                "expected 'except' or 'finally' block", at: place,
                hint: isMisspelt ? "did you mean 'except'?" : "a 'try' needs one of them")
            // The rest of the line is no statement, and its block is read.
            if isMisspelt { isRecovering = true }
        }
        return make(.tryStatement, from: from, waitingFrom: mark)
    }

    private mutating func checkCatchAllIsLast(from mark: Int) {
        for clause in scratch[mark...].dropLast() where tree.child(clause, 0).isNone {
            note("default 'except:' must be last", at: rangeOf(clause))
        }
    }

    private mutating func exceptClause() -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        if kind == .star { complainOfToken("'except*' is not part of Dana", hint: "write: except Kind as e:") }
        let allowed = allowsStageNames
        allowsStageNames = false
        scratch.append(kind == .colon || isRecovering ? .none : exceptKinds())
        allowsStageNames = allowed
        scratch.append(exceptName())
        scratch.append(block(of: "'except' statement", from: from))
        return make(.exceptClause, from: from, waitingFrom: mark)
    }

    private mutating func exceptKinds() -> NodeID {
        let from = start
        // `except (T as e):` holds the name inside the parentheses.
        let kinds = kind == .leftParen && nextKind == .name && isNamedInParentheses ? namedKind() : expression()
        if kind == .comma, !isRecovering {
            complain(
                "multiple exception types must be parenthesized", at: SyntaxRange(start: from, end: token.end),
                hint: "write: except (A, B) as e:")
        }
        return kinds
    }

    private var isNamedInParentheses: Bool {
        var place = index + 1
        while place < tokens.count, tokens[place].kind == .name || tokens[place].kind == .dot { place += 1 }
        return place < tokens.count && tokens[place].kind == .as
    }

    /// `(T as e)`; the parser stands at `as` afterwards and `exceptName` reads the rest.
    private mutating func namedKind() -> NodeID {
        advance()
        return expression()
    }

    private mutating func exceptName() -> NodeID {
        guard take(.as) else { return .none }
        guard kind == .name else {
            complainOfToken("expected a name after 'as'")
            return .none
        }
        let name = nameLeaf()
        if kind == .rightParen { advance() }
        return name
    }

    // MARK: with

    mutating func withStatement() -> NodeID {
        let from = start
        let mark = scratch.count
        advance()
        scratch.append(.none)
        let isWrapped = kind == .leftParen && isFollowedByColon(bracketAt: index)
        if isWrapped, let bracket = open() {
            allowsStageNames = false
            repeat { scratch.append(withItem()) } while !isRecovering && take(.comma) && kind != .rightParen
            close(.rightParen, bracket)
            leave(bracket)
        } else {
            let allowed = allowsStageNames
            allowsStageNames = false
            repeat { scratch.append(withItem()) } while !isRecovering && take(.comma)
            allowsStageNames = allowed
        }
        scratch[mark] = block(of: "'with' statement", from: from)
        return make(.withStatement, from: from, waitingFrom: mark)
    }

    private mutating func withItem() -> NodeID {
        let from = start
        let context = kind == .yield ? yieldExpression() : namedExpression()
        guard take(.as) else { return make(.withItem, from: from, context, .none) }
        let target = binary(Precedence.bar)
        checkTarget(target, .with)
        return make(.withItem, from: from, context, target)
    }

    /// Whether `:` stands right after the bracket that closes the one at a place in the tokens.
    private func isFollowedByColon(bracketAt place: Int) -> Bool {
        guard let closing = closingBracket(of: place), closing + 1 < tokens.count else { return false }
        return tokens[closing + 1].kind == .colon
    }

    /// Where in the tokens the bracket closes that opens at a place, on the same line.
    func closingBracket(of place: Int) -> Int? {
        var open = 0
        var place = place
        while place < tokens.count {
            switch tokens[place].kind {
            case .leftParen, .leftBracket, .leftBrace: open += 1
            case .rightParen, .rightBracket, .rightBrace:
                open -= 1
                if open == 0 { return place }
            case .newline, .endOfFile: return nil
            default: break
            }
            place += 1
        }
        return nil
    }
}
