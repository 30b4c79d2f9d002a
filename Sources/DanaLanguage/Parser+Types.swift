// Structs, enums and interfaces.

extension Parser {
    mutating func structDefinition() -> NodeID {
        typeDefinition(.structDefinition, of: "struct definition") { $0.readField() }
    }

    mutating func enumDefinition() -> NodeID {
        typeDefinition(.enumDefinition, of: "enum definition") { $0.readEnumMember() }
    }

    mutating func interfaceDefinition() -> NodeID {
        typeDefinition(.interfaceDefinition, of: "interface definition") { $0.readRequirement() }
    }

    private mutating func typeDefinition(
        _ wanted: SyntaxKind, of what: String, readMember: (inout Parser) -> Void
    ) -> NodeID {
        let from = start
        let mark = scratch.count
        guard enter(levels: Parser.levelsOfBlock) else { return errorNode() }
        defer { leave(levels: Parser.levelsOfBlock) }
        advance()
        let symbolPlace = token.range
        scratch.append(nameLeaf())
        scratch.append(.none)
        if kind == .leftParen {
            complainOfToken(
                "'\(spelling(symbolPlace))' cannot inherit", hint: "put a value of the other type into a field")
        }
        if !isRecovering, !take(.colon) { complain("expected ':'", at: SyntaxRange(start: lastEnd, end: lastEnd)) }
        readMembers(of: what, from: from, mark, readMember)
        refuseRepeatedMembers(from: mark + 2)
        return make(wanted, from: from, waitingFrom: mark)
    }

    private mutating func readMembers(
        of what: String, from: UInt32, _ mark: Int, _ readMember: (inout Parser) -> Void
    ) {
        if isRecovering { recover() }
        if kind != .newline {
            readMemberLine(mark, readMember)
            return
        }
        advance()
        guard kind == .indent else {
            let line = text[..<Int(from)].count { $0 == UInt8(ascii: "\n") } + 1
            note(
                "expected an indented block after \(what) on line \(line)", at: token.range,
                hint: "an empty block is written: pass")
            return
        }
        advance()
        while kind != .dedent, kind != .endOfFile { readMemberLine(mark, readMember) }
        if kind == .dedent { advance() }
    }

    /// Reads what stands on one line of the type's block: documentation, `pass` or members.
    private mutating func readMemberLine(_ mark: Int, _ readMember: (inout Parser) -> Void) {
        if kind == .string, scratch.count == mark + 2, scratch[mark + 1].isNone {
            scratch[mark + 1] = strings()
        } else if kind == .pass || kind == .ellipsis {
            advance()
        } else if kind == .indent {
            complainOfToken("unexpected indent")
            advance()
        } else {
            readMember(&self)
        }
        if !isRecovering, kind == .newline || kind == .semicolon {
            advance()
        } else if isRecovering || (kind != .dedent && kind != .endOfFile && !endsBlock) {
            if !isRecovering { complainOfLineEnd() }
            recover()
            if kind == .newline { advance() }
            if kind == .indent { _ = statements() }
        }
    }

    /// Whether what was read last ended its line itself.
    private var endsBlock: Bool {
        index > 0 && (tokens[index - 1].kind == .dedent || tokens[index - 1].kind == .newline)
    }

    private mutating func readField() {
        let from = start
        if isFunctionWord {
            note(
                "a method stands outside of its struct", at: token.range,
                hint: "write below the struct: func (self: Name) method():")
            _ = functionDefinition(from: from, decoratorsFrom: scratch.count)
            return
        }
        guard kind == .name else {
            complainOfToken("expected a field", hint: "a field is written: name: type, or name: type = value")
            return
        }
        let symbol = symbol
        advance()
        guard take(.colon) else {
            complainOfToken(
                "expected ':' and a type after the field's name", hint: "a field is written: name: type = value")
            return
        }
        let type = annotation()
        let value = take(.assign) ? expression() : .none
        scratch.append(make(.field, from: from, type, value, first: symbol.rawValue))
    }

    private var isFunctionWord: Bool {
        kind == .def || (kind == .name && symbol == .function && nextKind != .colon)
    }

    private mutating func readEnumMember() {
        let from = start
        guard kind == .name else {
            complainOfToken("expected a member", hint: "a member is written: NAME, or NAME = value")
            return
        }
        let symbol = symbol
        advance()
        scratch.append(
            make(.enumMember, from: from, take(.assign) ? expression() : .none, first: symbol.rawValue))
    }

    /// A field or a method of an interface.
    private mutating func readRequirement() {
        guard isFunctionWord else {
            readField()
            return
        }
        let from = start
        advance()
        guard kind == .name else {
            complainOfToken("expected the name of the method")
            return
        }
        let symbol = symbol
        advance()
        guard kind == .leftParen else {
            complainOfToken("expected '('")
            return
        }
        let parameters = parenthesizedParameters()
        let returns = take(.arrow) ? annotation() : .none
        scratch.append(make(.methodSignature, from: from, parameters, returns, first: symbol.rawValue))
        if !isRecovering, take(.colon) { skipSignatureBlock() }
    }

    /// `pass`, `...` or documentation after a signature, on its line or below it.
    private mutating func skipSignatureBlock() {
        let isIndented = kind == .newline && nextKind == .indent
        if isIndented {
            advance()
            advance()
        }
        while true {
            switch kind {
            case .pass, .ellipsis: advance()
            case .string: _ = strings()
            default:
                complainOfToken("a method of an interface has no block of its own", hint: "leave the colon out")
                return
            }
            guard isIndented else { return }
            _ = take(.newline)
            if take(.dedent) { return }
        }
    }

    private mutating func refuseRepeatedMembers(from mark: Int) {
        var seen: Set<Symbol> = []
        for member in scratch[mark...] where kindOf(member) != .error {
            let symbol = tree.symbol(member)
            if !seen.insert(symbol).inserted {
                note("'\(tree.symbols.text(symbol))' stands here twice", at: rangeOf(member))
            }
        }
    }
}
