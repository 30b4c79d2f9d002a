// Statements that begin with a word which is a name elsewhere, and words that Dana does not have.

extension Parser {
    /// What a line is that begins with a contextual word.
    private enum ContextualStatement {
        case function, structure, enumeration, interface, export, match, reserved, simple
    }

    mutating func readContextualStatement() {
        switch contextualStatement {
        case .function: scratch.append(functionDefinition(from: start, decoratorsFrom: scratch.count))
        case .structure: scratch.append(structDefinition())
        case .enumeration: scratch.append(enumDefinition())
        case .interface: scratch.append(interfaceDefinition())
        case .export: readExport()
        case .match: scratch.append(matchStatement())
        case .reserved: refuseReservedBlock()
        case .simple: readSimpleStatements()
        }
    }

    private var contextualStatement: ContextualStatement {
        switch symbol {
        case .function: return beginsFunction(at: index) ? .function : .simple
        case .match: return beginsMatch ? .match : .simple
        case .export: return nextKind == .name || nextKind == .def ? .export : .simple
        default: break
        }
        guard nextKind == .name else { return .simple }
        switch symbol {
        case .structure: return .structure
        case .enumeration: return .enumeration
        case .interface: return .interface
        case .agent, .resource, .workflow: return .reserved
        default: return .simple
        }
    }

    /// Whether `func` at a place in the tokens begins a definition: a name follows, or a receiver and
    /// a name.
    private func beginsFunction(at place: Int) -> Bool {
        guard place + 1 < tokens.count else { return false }
        switch tokens[place + 1].kind {
        case .name: return true
        case .leftParen:
            guard let closing = closingBracket(of: place + 1), closing + 1 < tokens.count else { return false }
            return tokens[closing + 1].kind == .name
        default: return false
        }
    }

    /// Whether `match` here begins a statement: the line ends with `:`, and the next begins with `case`.
    private var beginsMatch: Bool {
        switch nextKind {
        case .name, .integer, .string, .formattedStart, .trueWord, .falseWord, .nullWord, .scopedName: return true
        case .assign, .dot, .comma, .newline, .colon, .rightParen, .semicolon: return false
        default: break
        }
        guard index == 0 || tokens[index - 1].kind != .semicolon else { return false }
        var place = index
        while tokens[place].kind != .newline, tokens[place].kind != .endOfFile { place += 1 }
        return tokens[place - 1].kind == .colon && place + 2 < tokens.count && tokens[place + 1].kind == .indent
            && tokens[place + 2].kind == .name && tokens[place + 2].symbol == .matchCase
    }

    /// `export` before a definition, an assignment or names.
    private mutating func readExport() {
        let from = start
        let mark = scratch.count
        advance()
        if kind == .def || (kind == .name && symbol.isContextualWord) {
            readStatement()
        } else if nextKind == .comma || nextKind == .newline || nextKind == .endOfFile || nextKind == .semicolon {
            readNames()
            endLine()
        } else {
            readSimpleStatements()
            checkExported(from: mark)
        }
        scratch.append(make(.exportStatement, from: from, waitingFrom: mark))
    }

    private mutating func checkExported(from mark: Int) {
        guard !isRecovering else { return }
        for statement in scratch[mark...] {
            switch kindOf(statement) {
            case .assignment, .typedAssignment: continue
            default: note("only names, definitions and assignments can be exported", at: rangeOf(statement))
            }
        }
    }

    private mutating func endLine() {
        guard !isRecovering else { return }
        if kind == .newline || kind == .semicolon {
            advance()
        } else if kind != .endOfFile {
            complainOfLineEnd()
        }
    }

    // MARK: What Dana does not have

    private mutating func refuseReservedBlock() {
        let word = tree.symbols.text(symbol)
        note(
            "'\(word)' blocks are reserved and not yet part of Dana", at: token.range,
            hint: "write functions and structs; '\(word)' alone is an ordinary name")
        skipHeader()
    }

    /// `class` and `async`.
    mutating func refusedStatement() -> NodeID {
        if kind == .class {
            note(
                "'class' is not part of Dana", at: token.range,
                hint: "write: struct Name: with fields, and methods outside: func (self: Name) method():")
            skipHeader()
            return errorNode()
        }
        note("'async' is not part of Dana", at: token.range, hint: "every call waits by itself; leave 'async' out")
        advance()
        switch kind {
        case .def: return definition()
        case .for: return forStatement()
        case .with: return withStatement()
        default:
            if kind == .name, beginsFunction(at: index), symbol == .function { return definition() }
            complainOfToken()
            return errorNode()
        }
    }

    /// Skips a line that cannot be read, and the block after it.
    private mutating func skipHeader() {
        recover()
        if kind == .newline { advance() }
        guard kind == .indent else { return }
        var open = 0
        repeat {
            if kind == .indent { open += 1 }
            if kind == .dedent { open -= 1 }
            advance()
        } while open > 0 && kind != .endOfFile
    }
}
