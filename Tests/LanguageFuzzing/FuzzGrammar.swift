/// Programs that mostly make sense, chosen by a fuzzer's bytes: they reach the compiler and the machine.
struct FuzzGrammar {
    private var bytes: FuzzBytes
    private var text = ""
    private var depth = 0

    static func program(_ bytes: FuzzBytes) -> [UInt8] {
        var grammar = FuzzGrammar(bytes: bytes)
        grammar.text = "x = 1\ny = [1, \"a\"]\nz = {\"k\": 2}\nstruct P:\n    a: int\n    b: list = []\n"
        while !grammar.bytes.isEmpty, grammar.text.utf8.count < 4000 { grammar.statement() }
        return Array(grammar.text.utf8)
    }

    private init(bytes: FuzzBytes) {
        self.bytes = bytes
    }

    private mutating func line(_ words: String) {
        text += String(repeating: "    ", count: depth) + words + "\n"
    }

    private mutating func block(_ head: String) {
        line(head)
        depth += 1
        for _ in 0...bytes.below(2) {
            if depth > 4 { line("pass") } else { statement() }
        }
        depth -= 1
    }

    private mutating func statement() {
        switch bytes.below(24) {
        case 0: block("if \(expression(2)):")
        case 1: block("for \(name()) in \(expression(2)):")
        case 2:
            block("while \(expression(1)):")
            line("else: \(name()) = \(expression(1))")
        case 3: block("def f(\(name()), q=\(expression(1)), *r, **k):")
        case 4:
            block("try:")
            block("except \(bytes.pick(["ValueError", "Exception", "(KeyError, TypeError)"])) as e:")
            if bytes.below(2) == 0 { block("finally:") }
        case 5:
            block("func g(n):")
            depth += 1
            line("yield \(expression(1))")
            line("yield from \(expression(1))")
            depth -= 1
        case 6:
            line("match \(expression(1)):")
            depth += 1
            block("case \(pattern(2)):")
            block("case _:")
            depth -= 1
        case 7: block("with \(expression(1)) as \(name()):")
        case 8: line("\(name()) \(bytes.pick(["+=", "-=", "*=", "//=", "**=", "|=", "<<="])) \(expression(2))")
        case 9: line("\(name())[\(expression(1))] = \(expression(1))")
        case 10: line("\(name())[\(slice())] = \(expression(1))")
        case 11: line("del \(name())[\(slice())]")
        case 12: line("\(name()), *\(name()) = \(expression(2))")
        case 13: line("raise \(bytes.pick(["ValueError(x)", "x", "KeyError", "RuntimeError('r') from x"]))")
        case 14: line("return \(expression(1))")
        case 15: line(bytes.pick(["break", "continue", "pass", "global x", "nonlocal x", "del x"]))
        case 16: line("\(name()).\(attribute()) = \(expression(1))")
        case 17: line("private:s = \(expression(2))")
        case 18: line("func (p: P) m(v): return \(expression(2))")
        case 19: line("print(\(expression(2)), sep=\(expression(0)))")
        case 20: line("assert \(expression(2)), \(expression(1))")
        default: line("\(name()) = \(expression(3))")
        }
    }

    private mutating func name() -> String { bytes.pick(["x", "y", "z", "w", "f", "g"]) }

    private mutating func attribute() -> String {
        bytes.pick([
            "append", "pop", "sort", "join", "split", "format", "items", "update", "a", "b", "m", "replace", "encode",
            "insert", "extend", "keys", "add", "count", "index", "center", "close", "send", "copy", "clear",
        ])
    }

    private mutating func slice() -> String {
        "\(bytes.pick(["", "-1", "1", "5"])):\(bytes.pick(["", "-1", "2", "9"])):\(bytes.pick(["", "-1", "2", "0"]))"
    }

    private mutating func expression(_ left: Int) -> String {
        guard left > 0 else {
            return bytes.pick([
                "x", "y", "z", "0", "1", "-7", "2.5", "\"text\"", "null", "true", "[]", "{}", "()", "10 ** 20", "$$",
                "b'b'", "f", "range(5)", "P(1)", "P", "len", "1e308", "\"é漢\"", "private:s",
            ])
        }
        let one = expression(left - 1)
        switch bytes.below(26) {
        case 0...4:
            let operators = [
                "+", "-", "*", "/", "//", "%", "<<", ">>", "&", "|", "^", "**", "<", "==", "in", "is", "and", "or",
            ]
            return "(\(one) \(bytes.pick(operators)) \(expression(left - 1)))"
        case 5: return "(not \(one))"
        case 6: return "-\(one)"
        case 7: return "\(one)[\(expression(left - 1))]"
        case 8: return "\(one)[\(slice())]"
        case 9: return "\(one).\(attribute())(\(expression(left - 1)))"
        case 10: return "\(one).\(attribute())"
        case 11: return "[\(one), *\(expression(left - 1))]"
        case 12: return "{\(one): \(expression(left - 1)), **\(name())}"
        case 13: return "{\(one), \(expression(left - 1))}"
        case 14: return "[\(one) for \(name()) in \(expression(left - 1)) if \(name())]"
        case 15: return "(\(one) for \(name()) in \(expression(left - 1)))"
        case 16: return "(lambda x, *a: \(one))(\(expression(left - 1)))"
        case 17: return "(\(one) if \(expression(left - 1)) else x)"
        case 18: return "(\(one) | f | g)"
        case 19: return "(\(one) | [f, g, len])"
        case 20: return "f\"{\(name())!r:>{x}}{\(name())=}\""
        case 21: return "\(bytes.pick(FuzzGrammar.functions))(\(one))"
        case 22: return "\(bytes.pick(FuzzGrammar.functions))(\(one), \(expression(left - 1)))"
        case 23: return "\(name())(\(one), q=\(expression(left - 1)))"
        case 24: return "(x := \(one))"
        default: return "parallel_map(f, \(one), limit=\(expression(0)))"
        }
    }

    private mutating func pattern(_ left: Int) -> String {
        guard left > 0 else { return bytes.pick(["1", "\"a\"", "null", "_", "v", "-2.5", "int()", "str(s)"]) }
        switch bytes.below(5) {
        case 0: return "[\(pattern(left - 1)), *_]"
        case 1: return "{\"k\": \(pattern(left - 1)), **rest}"
        case 2: return "P(a=\(pattern(left - 1)))"
        case 3: return "(1 | 2) as v"
        default: return "(\(pattern(left - 1)), _)"
        }
    }

    private static let functions = [
        "len", "sum", "max", "min", "sorted", "list", "dict", "set", "tuple", "str", "repr", "int", "float", "bool",
        "abs", "round", "zip", "map", "filter", "enumerate", "reversed", "range", "any", "all", "divmod", "pow", "ord",
        "chr", "format", "bytes", "isinstance", "type", "print", "parallel", "frozenset", "hex", "hash", "eval",
    ]
}
