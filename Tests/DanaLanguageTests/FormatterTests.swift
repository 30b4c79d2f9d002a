import Testing

@testable import DanaLanguage

@Suite struct FormatterTests {
    private func format(_ text: String) -> String? {
        Formatter.format(SourceText(text, name: "test.na"))
    }

    /// Checks what a text becomes, that it stays so, and that it still means the same.
    private func expect(_ text: String, becomes expected: String) {
        let formatted = format(text)
        #expect(formatted == expected)
        #expect(formatted.flatMap(format) == formatted)
        let before = Parser.parse(SourceText(text, name: "a.na")).tree
        let after = Parser.parse(SourceText(formatted ?? "", name: "b.na")).tree
        #expect(SyntaxDump.text(of: before) == SyntaxDump.text(of: after))
    }

    @Test(arguments: [
        ("x=1+2*-y**3", "x = 1 + 2 * -y ** 3\n"),
        ("f( a , b=1,*c, ** d )[ 1:2 ]", "f(a, b=1, *c, **d)[1:2]\n"),
        ("x : int=5", "x: int = 5\n"),
        ("{ 'a':1 ,**b }", "{\"a\": 1, **b}\n"),
        ("a=lambda x,y=1 : x", "a = lambda x, y=1: x\n"),
        ("a=lambda x:: x", "a = lambda x :: x\n"),
        ("a[1:2,::3]", "a[1:2, ::3]\n"),
        ("b[::2,:,1:]", "b[::2, :, 1:]\n"),
        ("private:x=a[ - 1 ]", "private:x = a[-1]\n"),
        ("print (x) ; y", "print(x)\ny\n"),
        ("if(x):pass", "if (x):\n    pass\n"),
        ("if x: a;b\nelse : c", "if x:\n    a\n    b\nelse:\n    c\n"),
        ("from . import a\nfrom ..b import( c)", "from . import a\nfrom ..b import (c)\n"),
        ("from m import*", "from m import *\n"),
        ("x = not(a)and b", "x = not (a) and b\n"),
        ("x=5|f as y|g( $$,y )", "x = 5 | f as y | g($$, y)\n"),
        ("6 .bit_length()", "6 .bit_length()\n"),
        ("(a:=1)", "(a := 1)\n"),
        ("x = 'it''s' '\"' '\\''", "x = \"it\" \"s\" '\"' '\\''\n"),
        ("x = F'{a}' 0 if 0XfF else 1E5".replacing(" 0 if", with: " if"), "x = f\"{a}\" if 0xFF else 1e5\n"),
        ("f'{a[\"b\"]}'", "f'{a[\"b\"]}'\n"),
        ("#!x\n#a\n#: b\nx #c", "#!x\n# a\n#: b\nx  # c\n"),
        ("", ""),
        ("x\r\ny\r", "x\ny\n"),
        (
            "x = \"\"\"a\r\nb\r\n\rc\"\"\"\r\ny = f\"\"\"{x}\r\nd\"\"\"\r\n",
            "x = \"\"\"a\nb\n\nc\"\"\"\ny = f\"\"\"{x}\nd\"\"\"\n"
        ),
    ]) func lines(text: String, expected: String) {
        expect(text, becomes: expected)
    }

    @Test func definitionsStandApart() {
        expect(
            """
            import a
            def f(a:int=1,/,*,b)->str: return a
            # about g
            @d( 1 )
            func g():
              "doc"
              def h(): pass
              x=1
              # the end of g
            # after
            struct P:
              x:int

              y:int=0
            func (p:P) area(): return p.x
            x = 1
            """,
            becomes: """
                import a


                def f(a: int = 1, /, *, b) -> str:
                    return a


                # about g
                @d(1)
                func g():
                    "doc"

                    def h():
                        pass

                    x = 1
                    # the end of g


                # after
                struct P:
                    x: int

                    y: int = 0


                func (p: P) area():
                    return p.x


                x = 1

                """)
    }

    @Test func breaksInBracketsStay() {
        expect(
            """
            x = f(a,
                  b, # why
               # because
                  [
              1,
                2,
              ])
            y = 1 + \\
              2
            match x :
             case [ 1,*_ ] : pass
            """,
            becomes: """
                x = f(a,
                    b,  # why
                    # because
                    [
                        1,
                        2,
                    ])
                y = 1 + \\
                    2
                match x:
                    case [1, *_]:
                        pass

                """)
    }

    @Test func blankLinesAreBounded() {
        expect("\n\n\nx\n\n\n\n\ny\nif a:\n\n  b\n\n\n\n  c\n\n\n", becomes: "x\n\n\ny\nif a:\n    b\n\n    c\n")
    }

    @Test func programsWithErrorsAreLeftAlone() {
        #expect(format("x = (1") == nil)
    }
}
