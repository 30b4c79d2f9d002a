/// Reads a program's tokens into a tree. After an error it goes on with the next line, so that several
/// errors are told at once.
///
/// Every way from a statement or an expression into another one counts a level, so that the stack it
/// needs is bounded; everything that repeats is a loop.
public struct Parser {
    var tree: SyntaxTreeBuilder
    var root = NodeID.none
    var diagnostics: [Diagnostic]
    let tokens: [Token]
    let text: [UInt8]
    let limits: ParserLimits

    // Functions that call each other in circles ask only for what is stored and call only what is
    // mutating: anything else copies the whole parser into their frames where nothing is optimised.

    /// The place in the tokens.
    private(set) var index = 0
    /// The kind of the token there, of the one after it, and where the token begins.
    private(set) var kind: TokenKind
    private(set) var nextKind: TokenKind
    private(set) var start: UInt32

    /// Children that wait for their node.
    var scratch: [NodeID] = []
    /// Operators that wait for their node.
    var operatorScratch: [SyntaxOperator] = []

    /// The innermost bracket that is open.
    var openBracket: SyntaxRange?
    /// The brackets that are never closed, so that what follows seems to stand in them.
    let unclosed: [Lexer.UnclosedBracket]

    /// Where the `$$` stand that no pipe has taken yet.
    var placeholders: [UInt32] = []

    /// Set by an error: nothing more is told until the next line.
    var isRecovering = false
    /// The block after the broken line belongs to a statement that was not understood, and is skipped.
    var losesBlock = false
    /// Whether anything was wrong, told or not.
    private(set) var hasErrors = false
    var depth = 0
    /// Whether `as` after a stage of a pipe names it; not where `as` means something else.
    var allowsStageNames = true

    /// Reads a whole program.
    public static func parse(_ source: SourceText, limits: ParserLimits = ParserLimits()) -> ParsedProgram {
        var lexer = Lexer(source, limits: limits)
        lexer.run()
        var parser = Parser(consume lexer)
        parser.parseModule()
        let diagnostics = parser.sortedDiagnostics()
        let isValid = !diagnostics.contains { $0.severity == .error }
        let tree = SyntaxTree(parser.tree, root: parser.root, isValid: isValid && !parser.hasErrors)
        return ParsedProgram(tree: tree, diagnostics: diagnostics)
    }

    init(_ lexer: consuming Lexer) {
        tokens = lexer.tokens
        text = lexer.text
        limits = lexer.limits
        diagnostics = lexer.diagnostics
        unclosed = lexer.unclosed
        kind = tokens[0].kind
        nextKind = tokens[min(1, tokens.count - 1)].kind
        start = tokens[0].start
        tree = SyntaxTreeBuilder(symbols: lexer.symbols, expecting: tokens.count)
    }

    private func sortedDiagnostics() -> [Diagnostic] {
        guard diagnostics.count > 1 else { return diagnostics }
        return diagnostics.enumerated().sorted {
            ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset)
        }
        .map(\.element)
    }

    // MARK: Tokens

    var token: Token { tokens[index] }

    /// Where the last token that was read ends.
    var lastEnd: UInt32 { index == 0 ? 0 : tokens[index - 1].end }

    mutating func advance() {
        let last = tokens.count - 1
        if index < last { index += 1 }
        kind = nextKind
        nextKind = tokens[index < last ? index + 1 : last].kind
        start = tokens[index].start
    }

    /// Moves past a token of the kind, if that is what stands there.
    mutating func take(_ wanted: TokenKind) -> Bool {
        guard kind == wanted else { return false }
        advance()
        return true
    }

    /// Reads the name that stands here.
    mutating func readSymbol() -> Symbol {
        let symbol = tokens[index].symbol
        advance()
        return symbol
    }

    mutating func range(from start: UInt32) -> SyntaxRange { SyntaxRange(start: start, end: max(start, lastEnd)) }

    /// The symbol of the name that stands here.
    var symbol: Symbol { tokens[index].symbol }

    // MARK: Nodes

    mutating func kindOf(_ node: NodeID) -> SyntaxKind { tree.nodes[Int(node.rawValue)].kind }

    mutating func rangeOf(_ node: NodeID) -> SyntaxRange { tree.nodes[Int(node.rawValue)].range }

    mutating func startOf(_ node: NodeID) -> UInt32 { tree.nodes[Int(node.rawValue)].range.start }

    mutating func nameLeaf() -> NodeID { leaf(.name, first: symbol.rawValue) }

    mutating func make(_ kind: SyntaxKind, from start: UInt32, _ child: NodeID, detail: UInt8 = 0, first: Int32 = 0)
        -> NodeID
    {
        let place = tree.links.count
        tree.addLink(child)
        return checked(tree.add(kind, range(from: start), linksFrom: place, detail: detail, first: first))
    }

    mutating func make(
        _ kind: SyntaxKind, from start: UInt32, _ one: NodeID, _ two: NodeID, detail: UInt8 = 0, first: Int32 = 0
    ) -> NodeID {
        let place = tree.links.count
        tree.addLink(one)
        tree.addLink(two)
        return checked(tree.add(kind, range(from: start), linksFrom: place, detail: detail, first: first))
    }

    /// Makes a node of the children that wait from a place on.
    mutating func make(
        _ kind: SyntaxKind, from start: UInt32, waitingFrom mark: Int, detail: UInt8 = 0, first: Int32 = 0
    ) -> NodeID {
        let place = tree.links.count
        tree.addLinks(scratch[mark...])
        scratch.cut(to: mark)
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
        operatorScratch.cut(to: operatorMark)
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
        guard Int(tree.nodes[Int(node.rawValue)].height) > limits.nesting else { return node }
        complainOfNesting(at: rangeOf(node))
        return tree.addLeaf(.error, rangeOf(node))
    }

    // MARK: Nesting

    /// Counts a level, to be left with `leave`; false when it is one too many.
    mutating func enter(levels: Int = 1) -> Bool {
        if depth + levels <= limits.nesting {
            depth += levels
            return true
        }
        complainOfNesting(at: token.range)
        return false
    }

    mutating func leave(levels: Int = 1) { depth -= levels }

    /// How many levels a block counts, and a formatted string: reading them takes more of the stack
    /// than reading a bracket.
    static let levelsOfBlock = 2
    static let levelsOfFormattedString = 4

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
        if let bracket = unclosedBracket(around: range) {
            tellOfUnclosed(bracket, "what stands here is read as part of it", at: range)
        } else {
            note(message, at: range, hint: hint, notes: notes)
        }
    }

    /// Tells an error that does not keep the parser from understanding what follows.
    mutating func note(_ message: String, at range: SyntaxRange, hint: String? = nil, notes: [Diagnostic.Note] = []) {
        tell(Diagnostic(.error, code: "syntax", message, at: range, hint: hint, notes: notes))
    }

    mutating func tell(_ finding: Diagnostic) {
        if finding.severity == .error { hasErrors = true }
        if diagnostics.count < limits.diagnostics { diagnostics.append(finding) }
    }

    /// Tells that the token here does not belong here. Quiet when the lexer has told of it already.
    mutating func complainOfToken(
        _ message: String = "invalid syntax", at range: SyntaxRange? = nil, hint: String? = nil
    ) {
        if kind == .invalid || (kind == .string && token.detail & Token.unterminated != 0) {
            isRecovering = true
            return
        }
        complain(message, at: range ?? token.range, hint: hint)
    }

    /// Skips the rest of the line after an error.
    mutating func recover() {
        while kind != .newline, kind != .endOfFile, kind != .dedent, kind != .indent { advance() }
        isRecovering = false
    }
}
