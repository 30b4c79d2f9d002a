/// Reads a program's tokens into a tree. After an error it goes on with the next line, so that several
/// errors are told at once.
///
/// Every way from a statement or an expression into another one counts a level, so that the stack it
/// needs is bounded; everything that repeats is a loop.
public struct Parser {
    var tree = SyntaxTree()
    var diagnostics: [Diagnostic]
    let tokens: [Token]
    let text: [UInt8]
    let limits: ParserLimits

    /// The place in the tokens, and the kind of the token there.
    private(set) var index = 0
    private(set) var kind: TokenKind

    /// Children that wait for their node.
    var scratch: [NodeID] = []
    /// Operators that wait for their node.
    var operatorScratch: [SyntaxOperator] = []

    /// Where the `$$` stand that no pipe has taken yet.
    var placeholders: [UInt32] = []

    /// Set by an error: nothing more is told until the next line.
    var isRecovering = false
    var depth = 0
    /// Whether `as` after a stage of a pipe names it; not where `as` means something else.
    var allowsStageNames = true

    /// Reads a whole program.
    public static func parse(_ source: SourceText, limits: ParserLimits = ParserLimits()) -> ParsedProgram {
        var lexer = Lexer(source, limits: limits)
        lexer.run()
        var parser = Parser(lexer)
        parser.parseModule()
        return ParsedProgram(tree: parser.tree, diagnostics: parser.sortedDiagnostics())
    }

    init(_ lexer: consuming Lexer) {
        tokens = lexer.tokens
        text = lexer.text
        limits = lexer.limits
        diagnostics = lexer.diagnostics
        kind = tokens[0].kind
        tree.symbols = lexer.symbols
        tree.nodes.reserveCapacity(tokens.count)
        tree.links.reserveCapacity(tokens.count)
    }

    private func sortedDiagnostics() -> [Diagnostic] {
        diagnostics.enumerated().sorted { ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset) }
            .map(\.element)
    }

    // MARK: Tokens

    @inline(__always)
    var token: Token { tokens[index] }

    @inline(__always)
    var start: UInt32 { tokens[index].start }

    /// Where the last token that was read ends.
    @inline(__always)
    var lastEnd: UInt32 { index == 0 ? 0 : tokens[index - 1].end }

    /// The kind of the token after this one.
    @inline(__always)
    var nextKind: TokenKind { index + 1 < tokens.count ? tokens[index + 1].kind : .endOfFile }

    @inline(__always)
    mutating func advance() {
        if index + 1 < tokens.count { index += 1 }
        kind = tokens[index].kind
    }

    /// Moves past a token of the kind, if that is what stands there.
    @inline(__always)
    mutating func take(_ wanted: TokenKind) -> Bool {
        guard kind == wanted else { return false }
        advance()
        return true
    }

    @inline(__always)
    func range(from start: UInt32) -> SyntaxRange { SyntaxRange(start: start, end: max(start, lastEnd)) }

    // MARK: Nodes

    mutating func make(_ kind: SyntaxKind, from start: UInt32, _ child: NodeID, detail: UInt8 = 0, first: Int32 = 0)
        -> NodeID
    {
        let place = tree.links.count
        tree.links.append(child)
        return checked(tree.add(kind, range(from: start), linksFrom: place, detail: detail, first: first))
    }

    mutating func make(
        _ kind: SyntaxKind, from start: UInt32, _ one: NodeID, _ two: NodeID, detail: UInt8 = 0, first: Int32 = 0
    ) -> NodeID {
        let place = tree.links.count
        tree.links.append(one)
        tree.links.append(two)
        return checked(tree.add(kind, range(from: start), linksFrom: place, detail: detail, first: first))
    }

    /// Makes a node of the children that wait from a place on.
    mutating func make(
        _ kind: SyntaxKind, from start: UInt32, waitingFrom mark: Int, detail: UInt8 = 0, first: Int32 = 0
    ) -> NodeID {
        let place = tree.links.count
        tree.links.append(contentsOf: scratch[mark...])
        scratch.removeSubrange(mark...)
        return checked(tree.add(kind, range(from: start), linksFrom: place, detail: detail, first: first))
    }

    /// Makes a node of the operands and the operators that wait.
    mutating func makeRun(
        _ kind: SyntaxKind, from start: UInt32, waitingFrom mark: Int, operatorsFrom operatorMark: Int
    )
        -> NodeID
    {
        let first = Int32(truncatingIfNeeded: tree.operatorRuns.count)
        tree.operatorRuns.append(contentsOf: operatorScratch[operatorMark...])
        operatorScratch.removeSubrange(operatorMark...)
        return make(kind, from: start, waitingFrom: mark, first: first)
    }

    /// A leaf for the token that stands here, which is read.
    mutating func leaf(_ kind: SyntaxKind, detail: UInt8 = 0, first: Int32 = 0) -> NodeID {
        let node = tree.addLeaf(kind, token.range, detail: detail, first: first)
        advance()
        return node
    }

    mutating func errorNode() -> NodeID {
        tree.addLeaf(.error, SyntaxRange(start: start, end: start))
    }

    /// Gives the node back unless it is too high.
    private mutating func checked(_ node: NodeID) -> NodeID {
        guard Int(tree[node].height) > limits.nesting else { return node }
        complainOfNesting(at: tree.range(node))
        return tree.addLeaf(.error, tree.range(node))
    }

    // MARK: Nesting

    /// Counts a level, to be left with `leave`; false when it is one too many.
    @inline(__always)
    mutating func enter() -> Bool {
        if depth < limits.nesting {
            depth += 1
            return true
        }
        complainOfNesting(at: token.range)
        return false
    }

    @inline(__always)
    mutating func leave() { depth -= 1 }

    private mutating func complainOfNesting(at range: SyntaxRange) {
        complain(
            "too deeply nested: more than \(limits.nesting) levels", at: range,
            hint: "give inner parts a name of their own")
    }

    // MARK: Errors

    /// Tells an error and reads on without telling more until the next line.
    mutating func complain(
        _ message: String, at range: SyntaxRange, hint: String? = nil, notes: [Diagnostic.Note] = []
    ) {
        guard !isRecovering else { return }
        isRecovering = true
        note(message, at: range, hint: hint, notes: notes)
    }

    /// Tells an error that does not keep the parser from understanding what follows.
    mutating func note(_ message: String, at range: SyntaxRange, hint: String? = nil, notes: [Diagnostic.Note] = []) {
        tree.isValid = false
        guard diagnostics.count < limits.diagnostics else { return }
        diagnostics.append(Diagnostic(.error, code: "syntax", message, at: range, hint: hint, notes: notes))
    }

    /// Tells that the token here does not belong here. Quiet when the lexer has told of it already.
    mutating func complainOfToken(_ message: String = "invalid syntax", hint: String? = nil) {
        if kind == .invalid || (kind == .string && token.detail & Token.unterminated != 0) {
            isRecovering = true
            return
        }
        complain(message, at: token.range, hint: hint)
    }

    /// Skips the rest of the line after an error.
    mutating func recover() {
        while kind != .newline, kind != .endOfFile, kind != .dedent, kind != .indent { advance() }
        isRecovering = false
    }
}
