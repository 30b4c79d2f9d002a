/// What a node of a `SyntaxTree` is. Each line gives the node's children in order: `?` marks one that
/// may be absent (`NodeID.none`), `...` a run of any length, and what the node itself carries follows
/// after "carries". Everything that repeats is a run, so a long program never makes a deep tree.
public enum SyntaxKind: UInt8, Sendable, CaseIterable {
    // MARK: Groups

    /// statements...
    case module
    /// statements...; always the body of something
    case block
    /// whatever could be read, ...; stands where the text makes no sense, only in a tree with errors
    case error

    // MARK: Simple statements

    /// expression
    case expressionStatement
    /// value, targets...; the targets stand as written, so `a = b = 1` has `a` first
    case assignment
    /// target, annotation, value?
    case typedAssignment
    /// target, value; carries the operator
    case augmentedAssignment
    /// targets...
    case deleteStatement
    /// value?
    case returnStatement
    /// exception?, cause?
    case raiseStatement
    /// test, message?
    case assertStatement
    case passStatement
    case breakStatement
    case continueStatement
    /// names...
    case globalStatement
    /// names...
    case nonlocalStatement
    /// one definition or assignment, or names...
    case exportStatement

    // MARK: Imports

    /// import clauses...
    case importStatement
    /// module path, bound name?; the name is absent when the module's functions become global names
    /// (`import x.na`). `import a.b` binds `a`, and the name has the place of `a` then.
    case importClause
    /// module path, import items...; no items and `isStar` for `from m import *`
    case fromImport
    /// bound name; carries the symbol of what is imported
    case importItem
    /// path parts (names)...; carries the form (`ModuleForm`) and the number of leading dots
    case modulePath

    // MARK: Compound statements

    /// condition, block, condition, block, ..., else block?; an odd count means that there is an else
    case ifStatement
    /// condition, block, else block?
    case whileStatement
    /// target, iterable, block, else block?
    case forStatement
    /// block, else block?, finally block?, except clauses...
    case tryStatement
    /// kind expression?, name?, block
    case exceptClause
    /// block, with items...
    case withStatement
    /// context expression, target?
    case withItem
    /// subject, cases...
    case matchStatement
    /// pattern, guard?, block
    case matchCase

    // MARK: Definitions

    /// name, parameters, return annotation?, block, receiver parameter?, decorators (expressions)...
    case functionDefinition
    /// name, parameters, return annotation?, expression (a pipe as a rule), decorators...;
    /// `func f(x) = a | b`
    case pipelineDefinition
    /// parameters...
    case parameters
    /// annotation?, default?; carries the symbol and how it takes its argument (`ParameterKind`)
    case parameter
    /// name, documentation?, fields...
    case structDefinition
    /// annotation, default?; carries the symbol
    case field
    /// name, documentation?, enum members...
    case enumDefinition
    /// value?; carries the symbol
    case enumMember
    /// name, documentation?, fields and method signatures...
    case interfaceDefinition
    /// parameters, return annotation?; carries the symbol
    case methodSignature
    /// type expression: names, `a.b`, `list[int]`, `int | None` (a pipe), strings, null
    case annotation

    // MARK: Names and literals

    /// carries the symbol
    case name
    /// carries the symbol and the scope
    case scopedName
    /// `$$`, the value that flows through a pipe
    case placeholder
    case nullLiteral
    case trueLiteral
    case falseLiteral
    case ellipsis
    /// carries the value (`SyntaxTree.integer`)
    case integer
    /// carries the value (`SyntaxTree.float`)
    case float
    /// carries the text after escapes (`SyntaxTree.text`); adjacent strings are one
    case string
    /// carries the bytes (`SyntaxTree.text`)
    case bytes
    /// strings and interpolations...
    case formattedString
    /// expression, format specification?; carries the conversion (`FormatConversion`). The text of
    /// `{x=}` stands as a string before it.
    case interpolation
    /// strings and interpolations...
    case formatSpecification

    // MARK: Displays

    /// elements...; an element may be starred
    case tuple
    /// elements...
    case list
    /// elements...
    case set
    /// key, value, key, value, ...; the key is absent for `**value`
    case dictionary
    /// element, clauses...
    case listComprehension
    /// element, clauses...
    case setComprehension
    /// element, clauses...
    case generatorExpression
    /// key, value, clauses...
    case dictionaryComprehension
    /// target, iterable
    case forClause
    /// condition
    case ifClause
    /// expression; `*x` in a display, a call or a target
    case starred
    /// expression; `**x` in a call
    case doubleStarred

    // MARK: Operations

    /// operand; carries the operator (`plus`, `minus`, `invert`, `not`)
    case unary
    /// operands...; a run of operators of one precedence, grouped from the left, with
    /// `SyntaxTree.operators` between them
    case binary
    /// operands...; `a ** b ** c`, grouped from the right
    case power
    /// operands...; with `SyntaxTree.operators` between them
    case comparison
    /// operands...
    case and
    /// operands...
    case or
    /// stages...; `|` between integers, sets and dicts too: the operands decide at run time. Carries
    /// which stages hold `$$` (`SyntaxTree.pipeline`)
    case pipe
    /// expression; an item that holds `$$` in a list that is a stage of a pipe
    case stageItem
    /// expression, name; a stage of a pipe with a name, `f as x`
    case namedStage
    /// condition, value, condition, value, ..., value; `value if condition else value`, condition first
    case conditional
    /// name, value; `x := value`
    case walrus
    /// parameters, expression
    case lambda
    /// value?
    case yield
    /// iterable
    case yieldFrom

    // MARK: Chains of attributes, items and calls

    /// base expression, suffixes...; a suffix is an `attribute`, an `item` or a `call` and applies
    /// to all that stands before it. As a target the last suffix says what is set.
    case chain
    /// carries the symbol
    case attribute
    /// index: a slice, a tuple of indexes and slices, or any expression
    case item
    /// lower?, upper?, step?
    case slice
    /// arguments...; an argument is an expression, starred, doubleStarred or a keyword argument
    case call
    /// value; carries the symbol
    case keywordArgument

    // MARK: Patterns

    /// literal (a number with its sign, a string, bytes, true, false, null)
    case literalPattern
    /// chain of a name and attributes, or a scoped name
    case valuePattern
    /// carries the symbol
    case capturePattern
    case wildcardPattern
    /// alternatives...
    case orPattern
    /// patterns...; at most one is a star pattern
    case sequencePattern
    /// capture or wildcard
    case starPattern
    /// capture of the rest?, key (literal or value pattern), pattern, key, pattern, ...
    case mappingPattern
    /// class (name or chain), patterns...; keyword patterns come last
    case classPattern
    /// pattern; carries the symbol
    case keywordPattern
    /// pattern, capture
    case asPattern
}
