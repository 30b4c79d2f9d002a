import Testing

@testable import DanaLanguage

@Suite struct DiagnosticTests {
    /// What is said of a text: line, column and message, and the hint after an arrow.
    private func findings(_ text: String) -> [String] {
        let source = SourceText(text, name: "test.na")
        return Parser.parse(source).diagnostics.map { finding in
            let place = source.place(at: Int(finding.range.start))
            return "\(place.line):\(place.column) \(finding.message)" + (finding.hint.map { " -> \($0)" } ?? "")
        }
    }

    @Test(arguments: [
        ("if x = 3:\n  pass", "1:6 invalid syntax. Maybe you meant '==' or ':=' instead of '='?"),
        ("if x\n  pass", "1:5 expected ':'"),
        ("f() = 1", "1:1 cannot assign to function call here. Maybe you meant '==' instead of '='?"),
        ("1 = x", "1:1 cannot assign to literal here. Maybe you meant '==' instead of '='?"),
        ("None = 1", "1:1 cannot assign to None"),
        ("a + b += 1", "1:1 'expression' is an illegal expression for augmented assignment"),
        ("del f()", "1:5 cannot delete function call"),
        ("for 1 in x: pass", "1:5 cannot assign to literal"),
        ("*a = b", "1:1 starred assignment target must be in a list or tuple"),
        ("*a, *b = c", "1:5 multiple starred expressions in assignment"),
        ("x = (1, 2", "1:5 '(' was never closed"),
        ("x = (1, 2]", "1:10 closing parenthesis ']' does not match opening parenthesis '('"),
        ("x = 1)", "1:6 unmatched ')'"),
        ("[1 2]", "1:4 invalid syntax. Perhaps you forgot a comma?"),
        ("f(a=1, 2)", "1:8 positional argument follows keyword argument"),
        ("f(a=1, a=2)", "1:8 keyword argument repeated: a"),
        ("f(x for x in y, 1)", "1:3 Generator expression must be parenthesized"),
        ("def f(a, a): pass", "1:10 duplicate argument 'a' in function definition"),
        ("def f(*): pass", "1:7 named arguments must follow bare *"),
        ("x = 'abc", "1:5 unterminated string literal (detected at line 1)"),
        ("x = '''abc\n\n", "1:5 unterminated triple-quoted string literal (detected at line 3)"),
        ("x = f'{a'", "1:5 f-string: expecting '}'"),
        ("x = 0b12", "1:5 invalid digit '2' in binary literal"),
        ("x = 1__0", "1:5 invalid decimal literal"),
        ("x = 1abc", "1:5 invalid decimal literal"),
        ("try: pass", "1:10 expected 'except' or 'finally' block"),
        ("b'é'", "1:3 bytes can only contain ASCII literal characters"),
        ("a if b", "1:1 expected 'else' after 'if' expression"),
        ("{1: 2, 3}", "1:9 ':' expected after dictionary key"),
        ("[x, y for x in z]", "1:2 did you forget parentheses around the comprehension target?"),
        ("from a import b,", "1:16 trailing comma not allowed without surrounding parentheses"),
        ("(a.b := 1)", "1:2 cannot use assignment expressions with attribute"),
        ("match x:\n  case [*a, *b]: pass", "2:13 multiple starred expressions in sequence pattern"),
    ]) func messagesArePythons(text: String, expected: String) {
        #expect(findings(text).first?.hasPrefix(expected) == true, "\(findings(text))")
    }

    @Test(arguments: [
        ("fucn f(): pass", "did you mean 'func'?"),
        ("retrun x", "did you mean 'return'?"),
        ("whiel x:\n  pass", "did you mean 'while'?"),
        ("function f(): pass", "did you mean 'func'?"),
        ("if a && b: pass", "write 'and' for '&&'"),
        ("if !a: pass", "the opposite of x is: not x"),
        ("if a:\n  b\nelse if c:\n  d", "write 'elif' for 'else if'"),
        ("class A:\n  pass", "write: struct Name: with fields, and methods outside: func (self: Name) method():"),
        ("async def f(): pass", "every call waits by itself; leave 'async' out"),
        ("x = await f()", "every call waits by itself; leave 'await' out"),
        ("x = 3j", "keep the real and the imaginary part in a tuple or a struct"),
        ("x = a @ b", "call a function that multiplies"),
        ("agent A:\n  x = 1", "write functions and structs; 'agent' alone is an ordinary name"),
        ("struct A:\n  func f(self): pass", "write below the struct: func (self: Name) method():"),
        ("x = “a”", "strings stand in \" or '"),
        ("x = f as y", "write: value as name | stage"),
        ("if a <> b: pass", "write != for 'not equal'"),
        ("x = new Foo()", "a value is made by a call alone: Point(1, 2)"),
        ("f = x => x + 1", "a function without a name is written: lambda x: x + 1"),
        ("f = lambda x => x", "a function without a name is written: lambda x: x + 1"),
        ("x = '\\ud800'", "write the character itself, or \\U and eight digits"),
    ]) func hintsSayWhatToWrite(text: String, hint: String) {
        #expect(Parser.parse(SourceText(text, name: "test.na")).diagnostics.first?.hint == hint, "\(findings(text))")
    }

    @Test(arguments: [
        ("function f(x):\n  return x\n", "1:1 invalid syntax -> did you mean 'func'?"),
        ("fn f(x):\n  return x\n", "1:1 invalid syntax -> did you mean 'func'?"),
        ("switch x:\n  case 1: pass\n", "1:1 invalid syntax -> did you mean 'match'?"),
        (
            "try:\n  pass\ncatch e:\n  pass\n",
            "3:1 expected 'except' or 'finally' block -> did you mean 'except'?"
        ),
        ("print(f\"{x\")", "1:7 f-string: expecting '}'"),
    ]) func oneMistakeIsToldOnce(text: String, expected: String) throws {
        let source = SourceText(text, name: "test.na")
        let failure = #expect(throws: Compiler.Failure.self) { try Compiler.compile(source) }
        #expect(failure?.diagnostics.filter { $0.severity == .error }.count == 1)
        #expect(findings(text) == [expected])
    }

    @Test func printWithoutParenthesesIsUnderstood() {
        #expect(findings("print 'x'") == ["1:1 Missing parentheses in call to 'print'. Did you mean print(...)?"])
    }

    @Test func severalErrorsAreToldAtOnce() {
        let text = """
            x = (1 + 2
            def f(a, a):
                return a +
            y = 5
            for i in range(3)
                print i
            if y = 5:
                z = [1, 2
            w = 'open
            """
        #expect(
            findings(text).map { String($0.prefix { $0 != ":" }) } == ["1", "2", "3", "5", "6", "7", "8", "9"],
            "\(findings(text))")
    }

    @Test func anUnclosedBracketIsShownWhereItOpens() {
        let finding = Parser.parse(SourceText("x = [1,\n  2\ndef f(): pass\n", name: "test.na")).diagnostics.first
        #expect(finding?.message == "'[' was never closed")
        #expect(finding?.range == SyntaxRange(start: 4, end: 5))
        #expect(finding?.notes.map(\.message) == ["the line ends here"])
    }

    @Test func aForgottenBracketEndsWithItsStatement() {
        #expect(
            findings("func f(x:\n  return x\ny = (1 +\n  2\nz = 3") == [
                "1:7 '(' was never closed", "3:5 '(' was never closed",
            ])
        #expect(findings("while true { x }") == ["1:12 expected ':' -> put ':' before what belongs to this line"])
        #expect(findings("x++") == ["1:4 invalid syntax -> write x += 1 or x -= 1"])
    }

    @Test func unknownEscapesAreWarnings() {
        let program = Parser.parse(SourceText("x = '\\d'", name: "test.na"))
        #expect(program.diagnostics.map(\.severity) == [.warning])
        #expect(!program.hasErrors)
        #expect(program.tree.isValid)
    }

    @Test func findingsAreBounded() {
        let program = Parser.parse(
            SourceText(String(repeating: "1 = 2\n", count: 500), name: "test.na"), limits: ParserLimits(diagnostics: 7))
        #expect(program.diagnostics.count == 7)
    }
}
