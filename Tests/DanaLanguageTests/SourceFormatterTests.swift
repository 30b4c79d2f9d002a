import Foundation
import TestPrograms
import Testing

@testable import DanaLanguage

/// Text laid out the one way.
@Suite struct SourceFormatterTests {
    private static func format(_ text: String) -> String? {
        SourceFormatter.format(SourceText(text, name: "x.na"))
    }

    @Test(arguments: [
        ("x=-1+y  *2\n", "x = -1 + y * 2\n"),
        ("f( a,b = 1 , *c,**d )\n", "f(a, b=1, *c, **d)\n"),
        ("def f(a:int=1,*,b=2,/)->int:return 1\n", nil),
        ("def f(a:int=1,*,b=2)->int:return 1\n", "def f(a: int = 1, *, b=2) -> int: return 1\n"),
        ("x [1 : 2] [: :2][- 1]\n", "x[1:2][::2][-1]\n"),
        ("{1:2,'a':[1 ]}\n", "{1: 2, 'a': [1]}\n"),
        ("f=lambda x,y=1:x+y\n", "f = lambda x, y=1: x + y\n"),
        ("f=lambda x::x\n", "f = lambda x :: x\n"),
        ("[lambda x=1:x,(lambda:0)]\n", "[lambda x=1: x, (lambda: 0)]\n"),
        (
            "from  .  import a\nfrom ..b import  (c)\nfrom ... import d\n",
            "from . import a\nfrom ..b import (c)\nfrom ... import d\n"
        ),
        ("match(x):\n  case(1,2):pass\n  case-1:pass\n", "match (x):\n    case (1, 2): pass\n    case -1: pass\n"),
        ("match=1\nmatch (x)\n", "match = 1\nmatch(x)\n"),
        ("func(p:P)m(a):pass\nfunc (1)\n", "func (p: P) m(a): pass\nfunc(1)\n"),
        ("5|f|g( $$ )\nprivate:x=f\"{a  + b!r:>{w}}\"\n", "5 | f | g($$)\nprivate:x = f\"{a  + b!r:>{w}}\"\n"),
        ("1 .bit_length()\n1.5.hex()\n", "1 .bit_length()\n1.5.hex()\n"),
        ("not(a)and-b in(c)\n", "not (a) and -b in (c)\n"),
        ("@ f\n@g (1)\ndef h():pass\n", "@f\n@g(1)\ndef h(): pass\n"),
        ("x:int=5;y = 6 ;\n", "x: int = 5; y = 6;\n"),
        ("if x:\n\ty=1\n\tif z:\n\t\tw=2\n", "if x:\n    y = 1\n    if z:\n        w = 2\n"),
        ("x=(1,\n2,\n      [3,\n  4])\n", "x = (1,\n    2,\n    [3,\n        4])\n"),
        ("f(\na\n  )\n", "f(\n    a\n)\n"),
        ("x=1+\\\n2\n", "x = 1 + \\\n    2\n"),
        ("\u{FEFF}x=1\r\ny=2\r\n", "x = 1\ny = 2\n"),
        ("x\n\n\n\n\ny\nif a:\n\n\n  b\n\n\n\n  c\n\n\n", "x\n\n\ny\nif a:\n    b\n\n    c\n"),
        ("", ""), ("\n\n", ""), ("x=1", "x = 1\n"),
    ])
    func aTextHasOneForm(text: String, expected: String?) {
        #expect(Self.format(text) == expected)
    }

    @Test(arguments: [
        ("#a\nx=1#b\n#  c \n", "# a\nx = 1  # b\n#  c\n"),
        ("#!/usr/bin/env dana\n##\n#:x\n#\n", "#!/usr/bin/env dana\n##\n#:x\n#\n"),
        ("if x:\n# in\n  y\n  # last\n# out\nz\n", "if x:\n    # in\n    y\n    # last\n# out\nz\n"),
        ("if x:\n    y\n    # before else\nelse:\n    z\n", "if x:\n    y\n    # before else\nelse:\n    z\n"),
        ("f(a, # one\n # two\n  b)\n", "f(a,  # one\n    # two\n    b)\n"),
        ("def f():\n  if x:\n    y\n   # odd\n  z\n", "def f():\n    if x:\n        y\n    # odd\n    z\n"),
    ])
    func commentsStayWhereTheyBelong(text: String, expected: String) {
        #expect(Self.format(text) == expected)
    }

    @Test func aTextWithErrorsHasNoForm() {
        #expect(Self.format("x = (1\n") == nil)
    }

    @Test(arguments: TestProgram.files(in: "."))
    func formattingAgainChangesNothingAndNoTokenIsLost(file: URL) throws {
        for program in try TestProgram.all(in: file) {
            guard let once = Self.format(program.text) else { continue }
            #expect(Self.format(once) == once, "\(program)")
            #expect(Self.words(once) == Self.words(program.text), "\(program)")
        }
    }

    /// The texts of all tokens and comments, blanks at the ends of comments left out.
    private static func words(_ text: String) -> [String] {
        let source = SourceText(text, name: "x.na")
        var lexer = Lexer(source, limits: ParserLimits(), keepsComments: true)
        lexer.run()
        func word(_ range: SyntaxRange) -> String {
            String(decoding: source.bytes[Int(range.start)..<Int(range.end)], as: UTF8.self)
        }
        let tokens = lexer.tokens.filter { ![.newline, .indent, .dedent].contains($0.kind) }.map { word($0.range) }
        return tokens + lexer.comments.map { word($0).filter { !$0.isWhitespace } }
    }
}
