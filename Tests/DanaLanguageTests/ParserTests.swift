import Testing

@testable import DanaLanguage

@Suite struct ParserTests {
    /// The tree of a text that must have no errors.
    private func tree(_ text: String) -> String {
        let program = Parser.parse(SourceText(text, name: "test.na"))
        #expect(program.diagnostics.filter { $0.severity == .error }.map(\.message) == [], "\(text)")
        return SyntaxDump.text(of: program.tree)
    }

    /// The tree of an expression.
    private func expression(_ text: String) -> String {
        let statement = tree(text)
        return String(statement.dropFirst("(expressionStatement ".utf8.count).dropLast())
    }

    // MARK: Expressions

    @Test(arguments: [
        ("1 + 2 * 3 - 4", "(+,- 1 (* 2 3) 4)"),
        ("(1 + 2) + 3", "(+ (+ 1 2) 3)"),
        ("-a ** -b ** c", "(- (power a (- (power b c))))"),
        ("2 ** 3 ** 4", "(power 2 3 4)"),
        ("a << 1 & b ^ c", "(^ (& (<< a 1) b) c)"),
        ("not a == b and c or not d", "(or (and (not (== a b)) c) (not d))"),
        ("a < b <= c != d", "(<,<=,!= a b c d)"),
        ("a in b not in c is d is not e", "(in,not in,is,is not a b c d e)"),
        ("~a // b % c", "(//,% (~ a) b c)"),
        ("a if b else c if d else e", "(conditional b a d c e)"),
        ("lambda: 0", "(lambda (parameters) 0)"),
        ("lambda x, *y, z=1: x", "(lambda (parameters (parameter x _ _) (variadic y _ _) (keywordOnly z _ 1)) x)"),
        ("lambda x :: x + 1", "(lambda (parameters (parameter x _ _)) (+ x 1))"),
        ("(x := 5)", "(walrus x 5)"),
        ("private:x + public:y", "(+ private:x public:y)"),
        ("system:a[local:i]", "(chain system:a (item local:i))"),
    ]) func operatorsGroupAsInPython(text: String, expected: String) {
        #expect(expression(text) == expected)
    }

    @Test(arguments: [
        (
            "a.b[0](1, *c, k=2, **d).e",
            "(chain a (attribute b) (item 0) (call 1 (starred c) (keywordArgument k 2) (doubleStarred d)) (attribute e))"
        ),
        ("a[1:2]", "(chain a (item (slice 1 2 _)))"),
        ("a[:, ::2, ...]", "(chain a (item (tuple (slice _ _ _) (slice _ _ 2) ...)))"),
        ("a[*b]", "(chain a (item (tuple (starred b))))"),
        ("f(x for x in y)", "(chain f (call (generatorExpression x (forClause x y))))"),
    ]) func chainsAreFlat(text: String, expected: String) {
        #expect(expression(text) == expected)
    }

    @Test(arguments: [
        ("()", "(tuple)"), ("(1,)", "(tuple 1)"), ("1, 2", "(tuple 1 2)"), ("[]", "(list)"),
        ("[1, *a]", "(list 1 (starred a))"), ("{1, 2}", "(set 1 2)"), ("{}", "(dictionary)"),
        ("{1: 2, **a}", "(dictionary 1 2 _ a)"),
        (
            "[x for x, *y in z if x if y for a in b]",
            "(listComprehension x (forClause (tuple x (starred y)) z) (ifClause x) (ifClause y) (forClause a b))"
        ),
        ("{x for x in y}", "(setComprehension x (forClause x y))"),
        ("{k: v for k, v in y}", "(dictionaryComprehension k v (forClause (tuple k v) y))"),
        ("(x for x in y)", "(generatorExpression x (forClause x y))"),
        ("[x for x in y if (z := x)]", "(listComprehension x (forClause x y) (ifClause (walrus z x)))"),
    ]) func displays(text: String, expected: String) {
        #expect(expression(text) == expected)
    }

    @Test(arguments: [
        ("5 | f | g", "(pipe 5 f g)"),
        ("x | f($$, 2)", "(pipe x (chain f (call $$ 2)))"),
        ("x | f as y | g(y)", "(pipe x (namedStage f y) (chain g (call y)))"),
        ("x as y | g(y)", "(pipe (namedStage x y) (chain g (call y)))"),
        ("x | [f, g($$)] | h", "(pipe x (list f (stageItem (chain g (call $$)))) h)"),
        ("a | b == c", "(== (pipe a b) c)"),
    ]) func pipes(text: String, expected: String) {
        #expect(expression(text) == expected)
    }

    @Test(arguments: [
        ("0x_ff + 0o17 + 0b101", "(+,+ 255 15 5)"),
        ("1_000_000", "1000000"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("0xFFFFFFFFFFFFFFFFF", "295147905179352825855"),
        ("9223372036854775807", "9223372036854775807"),
        ("1e3 + .5 + 1. + 1_0.2_5e-1", "(+,+,+ 1000.0 0.5 1.0 1.025)"),
        ("true, True, false, False, none, None, null", "(tuple true true false false null null null)"),
        ("'a' \"b\" '''c\nd'''", "\"abc\\nd\""),
        (#"'\n\t\\\'\x41\u00e9\101'"#, #""\n\x09\\'A\xc3\xa9A""#),
        (#"r'\d' b'\xff\n'"#.replacing(" b", with: "\nb"), "\"\\\\d\")\n(expressionStatement b\"\\xff\\n\""),
        ("'a\\\nb'", "\"ab\""),
        (
            "f'a{x!r:>{w}}b{{c}}' 'd'",
            "(formattedString \"a\" (interpolation representation x (formatSpecification \">\" (interpolation w _))) \"b{c}d\")"
        ),
        ("f'{x = }'", "(formattedString \"x = \" (interpolation representation x _))"),
        ("f'{x=:d}'", "(formattedString \"x=\" (interpolation x (formatSpecification \"d\")))"),
        ("f'{a != b}{a == b}'", "(formattedString (interpolation (!= a b) _) (interpolation (== a b) _))"),
        (
            "f'{(lambda: 1)()}{ {1: 2}[1] }'",
            "(formattedString (interpolation (chain (lambda (parameters) 1) (call)) _) (interpolation (chain (dictionary 1 2) (item 1)) _))"
        ),
        ("f'{f\"{x}\"}'", "(formattedString (interpolation (formattedString (interpolation x _)) _))"),
        ("f'{private:x}'", "(formattedString (interpolation private:x _))"),
        ("rf'\\d{x}'", "(formattedString \"\\\\d\" (interpolation x _))"),
    ]) func literals(text: String, expected: String) {
        #expect(expression(text) == expected)
    }

    // MARK: Statements

    @Test(arguments: [
        ("a = b = c", "(assignment c a b)"),
        ("a, *b = c", "(assignment c (tuple a (starred b)))"),
        ("a.b, c[0] = d", "(assignment d (tuple (chain a (attribute b)) (chain c (item 0))))"),
        ("private:x = 5", "(assignment 5 private:x)"),
        ("x: list[int] | None = None", "(typedAssignment x (annotation (pipe (chain list (item int)) null)) null)"),
        ("x: 'Node'", "(typedAssignment x (annotation \"Node\") _)"),
        ("x **= 2", "(**= x 2)"),
        ("a[0] //= b, c", "(//= (chain a (item 0)) (tuple b c))"),
        ("del a, b.c", "(deleteStatement a (chain b (attribute c)))"),
        ("assert x, 'm'", "(assertStatement x \"m\")"),
        ("raise A from b", "(raiseStatement A b)"),
        ("raise", "(raiseStatement _ _)"),
        ("global a, b", "(globalStatement a b)"),
        ("a; b", "(expressionStatement a)\n(expressionStatement b)"),
        (
            "import a.b, c as d",
            "(importStatement (importClause (modulePath any a b) a) (importClause (modulePath any c) d))"
        ),
        ("import a.b.na as c", "(importStatement (importClause (modulePath dana a b) c))"),
        ("import a.py", "(importStatement (importClause (modulePath python a) _))"),
        ("from ..a import b as c, d", "(fromImport (modulePath ..any a) (importItem b c) (importItem d d))"),
        ("from . import (a, b,)", "(fromImport (modulePath .any) (importItem a a) (importItem b b))"),
        ("from a import *", "(fromImport * (modulePath any a))"),
        ("export a, b", "(exportStatement a b)"),
        ("export x = 5", "(exportStatement (assignment 5 x))"),
    ]) func simpleStatements(text: String, expected: String) {
        #expect(tree(text) == expected)
    }

    @Test(arguments: [
        (
            "if a: b\nelif c: d\nelse: e",
            "(ifStatement a (block (expressionStatement b)) c (block (expressionStatement d)) (block (expressionStatement e)))"
        ),
        ("while a:\n\tbreak\nelse:\n\tpass", "(whileStatement a (block (breakStatement)) (block (passStatement)))"),
        ("for a, b in c, d: continue", "(forStatement (tuple a b) (tuple c d) (block (continueStatement)) _)"),
        (
            "try: a\nexcept (A, B) as e: b\nexcept: c\nelse: d\nfinally: e",
            "(tryStatement (block (expressionStatement a)) (block (expressionStatement d)) (block (expressionStatement e)) (exceptClause (tuple A B) e (block (expressionStatement b))) (exceptClause _ _ (block (expressionStatement c))))"
        ),
        (
            "try: a\nexcept (A as e): b",
            "(tryStatement (block (expressionStatement a)) _ _ (exceptClause A e (block (expressionStatement b))))"
        ),
        ("with a as b, c: pass", "(withStatement (block (passStatement)) (withItem a b) (withItem c _))"),
        ("with (a as b, c): pass", "(withStatement (block (passStatement)) (withItem a b) (withItem c _))"),
        ("with (a), b: pass", "(withStatement (block (passStatement)) (withItem a _) (withItem b _))"),
        (
            "func f(a, /, b: int = 2, *, c, **d) -> str:\n  return a",
            "(functionDefinition f (parameters (positionalOnly a _ _) (parameter b (annotation int) 2) (keywordOnly c _ _) (keywords d _ _)) (annotation str) (block (returnStatement a)) _)"
        ),
        (
            "@a.b\n@c(1)\ndef f(): yield",
            "(functionDefinition f (parameters) _ (block (expressionStatement (yield _))) _ (chain a (attribute b)) (chain c (call 1)))"
        ),
        (
            "func (p: Point) area() -> float: return 1",
            "(functionDefinition area (parameters) (annotation float) (block (returnStatement 1)) (parameter p (annotation Point) _))"
        ),
        ("func f(x) = a | b", "(pipelineDefinition f (parameters (parameter x _ _)) _ (pipe a b))"),
        ("export func f(): pass", "(exportStatement (functionDefinition f (parameters) _ (block (passStatement)) _))"),
        (
            "struct P:\n  \"doc\"\n  x: int\n  y: int = 0",
            "(structDefinition P \"doc\" (field x (annotation int) _) (field y (annotation int) 0))"
        ),
        ("struct E: pass", "(structDefinition E _)"),
        ("enum C:\n  A\n  B = 2", "(enumDefinition C _ (enumMember A _) (enumMember B 2))"),
        (
            "interface S:\n  name: str\n  func area(self) -> float\n  func b(): ...",
            "(interfaceDefinition S _ (field name (annotation str) _) (methodSignature area (parameters (parameter self _ _)) (annotation float)) (methodSignature b (parameters) _))"
        ),
    ]) func compoundStatements(text: String, expected: String) {
        #expect(tree(text) == expected)
    }

    @Test(arguments: [
        ("1 | -2.5", "(orPattern (literalPattern 1) (literalPattern (- 2.5)))"),
        ("[a, *_, b]", "(sequencePattern (capturePattern a) (starPattern (wildcardPattern)) (capturePattern b))"),
        ("a, b", "(sequencePattern (capturePattern a) (capturePattern b))"),
        (
            "{'k': v, 2: _, **r}",
            "(mappingPattern (capturePattern r) (literalPattern \"k\") (capturePattern v) (literalPattern 2) (wildcardPattern))"
        ),
        (
            "P(1, x=a) as p",
            "(asPattern (classPattern P (literalPattern 1) (keywordPattern x (capturePattern a))) (capturePattern p))"
        ),
        ("a.b.C", "(valuePattern (chain a (attribute b) (attribute C)))"),
        ("private:x", "(valuePattern private:x)"),
        ("(None)", "(literalPattern null)"),
        ("(a,)", "(sequencePattern (capturePattern a))"),
    ]) func patterns(text: String, expected: String) {
        #expect(
            tree("match v:\n  case \(text): pass")
                == "(matchStatement v (matchCase \(expected) _ (block (passStatement))))")
    }

    @Test func contextualWordsAreNamesElsewhere() {
        let text = """
            match = func = struct = enum = 1
            match.x(func)
            match(1)
            func(2)
            private = public = 1
            case = export = agent = 2
            def match(match, func=struct): return case
            print(system="s", local=1)
            """
        _ = tree(text)
    }

    @Test func linesEndAndJoinAsInPython() {
        #expect(
            tree("x = (1 +\n  2)\ny = 1 + \\\n  2\r\nz\r# c\n") == """
                (assignment (+ 1 2) x)
                (assignment (+ 1 2) y)
                (expressionStatement z)
                """)
        #expect(tree("") == "")
        #expect(tree("\u{FEFF}x") == "(expressionStatement x)")
        #expect(tree("# only a comment") == "")
    }
}
