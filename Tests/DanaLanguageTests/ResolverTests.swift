import Testing

@testable import DanaLanguage

@Suite struct ResolverTests {
    private func resolve(_ text: String, names: ResolverNames? = nil) -> (SyntaxTree, Resolution) {
        let program = Parser.parse(SourceText(text, name: "test.na"))
        #expect(program.diagnostics.map(\.message) == [], "\(text)")
        return (program.tree, Resolver.resolve(program.tree, names: names))
    }

    /// Each function after the module: kind, registers, cells, free variables.
    private func functions(_ text: String) -> [String] {
        let (tree, resolution) = resolve(text)
        return resolution.functions.dropFirst().map { function in
            var parts = ["\(function.kind)"]
            parts.append("(" + function.localNames.map { $0.isNone ? "-" : tree.text($0) }.joined(separator: " ") + ")")
            if !function.cells.isEmpty {
                parts.append(
                    "cells "
                        + function.cells.map { cell in
                            tree.text(cell.symbol) + (cell.parameter.map { "=\($0)" } ?? "")
                        }.joined(separator: " "))
            }
            if !function.freeVariables.isEmpty {
                parts.append(
                    "free "
                        + function.freeVariables.map { free in
                            "\(tree.text(free.symbol))<-\(free.source.kind)\(free.source.index)"
                        }.joined(separator: " "))
            }
            if function.isGenerator { parts.append("generator") }
            return parts.joined(separator: " ")
        }
    }

    /// Where each use of a name lives, in the order of the text; `?` when it may be unset.
    private func uses(of name: String, in text: String) -> [String] {
        let (tree, resolution) = resolve(text)
        return (0..<tree.nodeCount).map { NodeID(rawValue: Int32($0)) }
            .filter { [.name, .parameter, .capturePattern, .scopedName].contains(tree.kind($0)) }
            .filter { tree.text(tree.symbol($0)) == name && resolution.binding($0).kind != .none }
            .sorted { tree.range($0).start < tree.range($1).start }
            .map { node in
                let binding = resolution.binding(node)
                return "\(binding.kind)" + (binding.mayBeUnset ? "?" : "")
            }
    }

    private func findings(_ text: String, names: ResolverNames? = nil) -> [String] {
        resolve(text, names: names).1.diagnostics.map { $0.message + ($0.hint.map { " -> \($0)" } ?? "") }
    }

    @Test func namesLiveInRegistersCellsAndTheModule() {
        #expect(functions("def f(a, b=1, *c):\n  d = a\n  return d") == ["function (a b c d)"])
        #expect(
            functions("def f(a):\n  b = 1\n  def g():\n    nonlocal b\n    b = a\n  return g") == [
                "function (a g) cells a=0 b", "function () free b<-cell1 a<-cell0",
            ])
        #expect(
            functions("def f(x):\n  return lambda: lambda: x") == [
                "function (x) cells x=0", "lambda () free x<-cell0", "lambda () free x<-free0",
            ])
        #expect(
            uses(of: "x", in: "x = 1\ndef f():\n  return x\ndef g():\n  global x\n  x = 2") == [
                "module", "module?", "module?", "module",
            ])
        #expect(uses(of: "print", in: "print(1)\ndef f(): print(2)") == ["global?", "global?"])
    }

    @Test func comprehensionsRunInTheirFunction() {
        #expect(functions("def f(a):\n  return [x + a for x in a if (y := x)]") == ["function (a x y)"])
        #expect(
            functions("def f(a):\n  return [lambda: x for x in a]") == [
                "function (a) cells x", "lambda () free x<-cell0",
            ])
        #expect(
            functions("def f(a, b):\n  return (x + b for x in a)") == [
                "function (a b) cells b=1", "generatorExpression (- x) free b<-cell0 generator",
            ])
        #expect(uses(of: "x", in: "x = 1\ny = [x for x in x]\nx") == ["module", "local", "local", "module", "module"])
    }

    @Test func readsKnowWhetherTheNameIsSet() {
        #expect(uses(of: "x", in: "def f(c):\n  if c: x = 1\n  else: x = 2\n  return x").last == "local")
        #expect(uses(of: "x", in: "def f(c):\n  if c: x = 1\n  return x").last == "local?")
        #expect(uses(of: "x", in: "def f(c):\n  if c: x = 1\n  else: return 0\n  return x").last == "local")
        #expect(uses(of: "x", in: "def f(c):\n  for x in c: pass\n  return x").last == "local?")
        #expect(uses(of: "x", in: "def f(c):\n  try: x = 1\n  except: x = 2\n  return x").last == "local")
        #expect(uses(of: "x", in: "def f(c):\n  try: x = 1\n  except: pass\n  return x").last == "local?")
        #expect(uses(of: "x", in: "def f(c):\n  try: x = 1\n  finally: c()\n  return x").last == "local")
        #expect(uses(of: "x", in: "def f(x):\n  del x\n  return x").last == "local?")
        #expect(uses(of: "x", in: "def f(c):\n  x = 1\n  return lambda: x").last == "free")
        #expect(uses(of: "x", in: "def f(c):\n  g = lambda: x\n  x = 1\n  return g")[0] == "free?")
        #expect(uses(of: "x", in: "def f(c):\n  return c and (x := 1) and x").last == "local")
        #expect(uses(of: "x", in: "def f(c):\n  c and (x := 1)\n  return x").last == "local?")
        #expect(
            uses(of: "x", in: "def f(c):\n  match c:\n    case [x]: pass\n    case _: x = 1\n  return x").last
                == "local")
    }

    @Test func pipesWithPlacesHaveTails() {
        #expect(functions("def f(x): return x | g | h") == ["function (x)"])
        #expect(
            functions("def f(x): return x | g($$, x)") == ["function (x) cells x=0", "pipeTail ($$) free x<-cell0"])
        #expect(functions("p = a as n | g(n) | h") == ["pipeTail ($$ n)"])
        #expect(functions("p = $$ + 1 | f") == ["pipeTail ($$)"])
        #expect(functions("p = x | [f, g($$)]") == ["stageItem ($$)"])
        let (tree, resolution) = resolve("p = a as n | g(n) | h | k($$)")
        let pipe = (0..<tree.nodeCount).map { NodeID(rawValue: Int32($0)) }.first { tree.kind($0) == .pipe }
        let stages = pipe.map { tree[tree.pipeline($0).stages].map(resolution.isPlaced) }
        #expect(stages == [false, true, false, true])
        #expect(resolution.functions[1].firstStage == 1)
    }

    @Test func declaredPipelinesCallTheirFirstStageOrEvaluateIt() {
        #expect(resolve("func f(x) = a | b").1.functions[1].callsFirstStage)
        #expect(!resolve("func f(x) = x | a | b").1.functions[1].callsFirstStage)
        #expect(resolve("func f(x) = a").1.functions[1].callsFirstStage)
        #expect(!resolve("func f(x) = x + 1").1.functions[1].callsFirstStage)
    }

    @Test func fieldDefaultsThatAreNoLiteralsAreFunctions() {
        #expect(functions("struct P:\n  x: int = 1\n  y: list = []") == ["fieldDefault ()"])
    }

    @Test(arguments: [
        ("return 1", "'return' outside function"),
        ("break", "'break' outside loop"),
        ("for x in y:\n  def f(): continue", "'continue' not properly in loop"),
        ("yield 1", "'yield' outside function"),
        ("def f(): return [(yield x) for x in y]", "'yield' inside a comprehension"),
        ("def f():\n  nonlocal x", "no binding for nonlocal 'x' found"),
        ("nonlocal x", "nonlocal declaration not allowed at module level"),
        ("def f(x):\n  global x", "name 'x' is parameter and global"),
        ("def f():\n  x = 1\n  global x", "name 'x' is assigned to before global declaration"),
        ("def f():\n  from a import *", "import * only allowed at module level"),
        ("match x:\n  case _: pass\n  case 1: pass", "wildcard makes remaining patterns unreachable"),
        ("match x:\n  case a | 1: pass", "name capture 'a' makes remaining patterns unreachable"),
        ("match x:\n  case [a, a]: pass", "multiple assignments to name 'a' in pattern"),
        ("match x:\n  case [a] | [b]: pass", "alternative patterns bind different names"),
        ("[x := 1 for x in y]", "assignment expression cannot rebind comprehension iteration variable 'x'"),
        ("x = $$", "'$$' is the value that flows through a pipe, and there is no pipe here"),
        ("x = private.y", "'private' is a scope, and its variables are written with a colon"),
        ("system.y = 1", "'system' is a scope, and its variables are written with a colon"),
    ]) func misplacedStatementsAreErrors(text: String, expected: String) {
        let (_, resolution) = resolve(text)
        #expect(resolution.diagnostics.first?.message == expected)
        #expect(resolution.diagnostics.first?.severity == .error)
    }

    @Test func scopeDotsNameTheRightSpelling() {
        #expect(findings("x = private.y").first?.hasSuffix("-> did you mean 'private:y'?") == true)
        #expect(findings("def f(public): return public.y") == [])
    }

    @Test func warnings() {
        let names = ResolverNames(known: ["print"], blocked: ["eval": "use json.loads"])
        #expect(findings("import a\nimport b\nb.c", names: names) == ["'a' is imported and never used"])
        #expect(
            findings("def f():\n  x = 1\n  _y = 2\n  for z in f: pass", names: names) == [
                "'x' is set and never read -> a name that begins with '_' may stay unread"
            ])
        #expect(findings("def f():\n  return 1\n  print(2)", names: names) == ["this is never reached"])
        #expect(
            findings("total = 1\nprint(totla)", names: names) == [
                "name 'totla' is not defined -> did you mean 'total'?"
            ])
        #expect(findings("from a import *\nprint(b)", names: names) == [])
        #expect(findings("eval('1')", names: names) == ["'eval' is not available in Dana -> use json.loads"])
        #expect(findings("def eval(x): return x\neval('1')", names: names) == [])
    }
}
