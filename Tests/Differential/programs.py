"""Programs in the syntax that Python and Dana share: statements around expressions, the same for the same seed."""

from random import Random

from expressions import Expressions, Type, is_a

KINDS = ("ValueError", "TypeError", "KeyError", "IndexError", "ZeroDivisionError", "LookupError", "ArithmeticError", "Exception", "(ValueError, TypeError)", "AttributeError", "RuntimeError")
RAISED = ("ValueError", "KeyError", "RuntimeError", "IndexError", "TypeError")


class Program(Expressions):
    """One program, grown statement by statement. Every loop is bounded, and what a loop adds to stays small."""

    def __init__(self, seed: int):
        super().__init__(Random(seed))
        self.lines: list[str] = []
        self.indent = 0
        self.loops = 0
        self.in_function = 0
        self.generators: dict[str, Type] = {}
        self.faults = 0.0 if self.chance(0.6) else 0.02

    def text(self) -> str:
        for _ in range(1 + self.below(3)):
            self.assign(self.type())
        if self.chance(0.5):
            self.function()
        if self.chance(0.2):
            self.generator()
        for _ in range(2 + self.below(4)):
            self.statement(2)
        for name, kind in list(self.scopes[0].items()):
            self.show(name, kind)
        return "\n".join(self.lines) + "\n"

    def line(self, text: str) -> None:
        self.lines.append("    " * self.indent + text)

    def block(self, head: str, depth: int, *body) -> None:
        """A head and its block: the given lines, or statements of its own. Names made inside stay inside."""
        self.line(head)
        self.indent += 1
        self.scopes.append({})
        for part in body:
            part() if callable(part) else self.line(part)
        if not body:
            for _ in range(1 + self.below(2)):
                self.statement(depth - 1)
        self.scopes.pop()
        self.indent -= 1

    def show(self, name: str, kind: Type) -> None:
        if is_a(kind, "set"):
            self.line(f"print(sorted({name}))")
        elif "set" not in str(kind):
            self.line(f"print({name})")

    def bounded(self, kind: Type, text: str) -> str:
        """An expression kept small where a loop would let it grow."""
        if not self.loops and not self.in_function:
            return text
        if kind == "int":
            return f"({text}) % 1000003"
        if kind == "float":
            return f"({text}) % 1e9"
        if kind in ("str", "bytes") or is_a(kind, "list"):
            return f"({text})[:12]"
        return text

    def mutable(self, matching) -> tuple[str, Type] | None:
        """A variable that may be assigned here: one of the module's at module level, one of its own in a function."""
        scopes = self.scopes[self.in_function :]
        known = [(name, kind) for scope in scopes for name, kind in scope.items() if matching(kind) and name[0] == "v"]
        return self.pick(known) if known else None

    # Statements

    def statement(self, depth: int) -> None:
        roll = self.below(100)
        if depth <= 0 or roll < 50:
            self.simple()
        elif roll < 58:
            self.conditional(depth)
        elif roll < 68:
            self.for_loop(depth)
        elif roll < 72:
            self.while_loop(depth)
        elif roll < 83:
            self.attempt(depth)
        elif roll < 89:
            self.match(depth)
        elif roll < 93 and not self.indent:
            self.function()
        elif roll < 95 and not self.indent:
            self.generator()
        else:
            self.closure()

    def simple(self) -> None:
        roll = self.below(100)
        if roll < 22:
            self.assign(self.type())
        elif roll < 34:
            self.reassign()
        elif roll < 50:
            self.augment()
        elif roll < 62:
            self.mutate()
        elif roll < 68:
            self.unpack()
        elif roll < 71 and self.loops:
            self.line(f"if {self.expression('bool', 1)}: {self.pick(('break', 'continue'))}")
        elif roll < 73:
            self.line(f"assert {self.expression('bool', 1) if self.faults else 'True'}, {self.expression('str', 0)}")
        elif roll < 75:
            name = self.name()
            kind = self.pick(("int", "str", "bool", ("list", "int")))
            self.line(f"print(({name} := {self.expression(kind, 2)}), {name})")
            self.scopes[-1][name] = kind
        elif roll < 78 and self.generators:
            name = self.pick(list(self.generators))
            form = self.pick(("print(list({}))", "print([x for x in {}])", "print(sorted({}, key=str))", "print(*{}, sep=',')"))
            self.line(form.format(f"{name}({self.expression('int', 1)} % 6)"))
        else:
            kinds = [self.printable() for _ in range(1 + self.below(3))]
            shown = ", ".join(self.expression(kind, 3) for kind in kinds)
            self.line(f"print({shown}{self.pick(('', '', '', ', sep=chr(45)'))})")

    def assign(self, kind: Type) -> None:
        name = self.name()
        text = self.expression(kind, 3)
        self.line(f"{name} = {text}")
        self.scopes[-1][name] = kind

    def reassign(self) -> None:
        found = self.mutable(lambda kind: True)
        if not found:
            return self.assign(self.type())
        name, kind = found
        self.line(f"{name} = {self.bounded(kind, self.expression(kind, 3))}")

    def augment(self) -> None:
        found = self.mutable(lambda kind: kind in ("int", "float", "str") or isinstance(kind, tuple) and kind[0] != "tuple")
        if not found:
            return self.assign(self.type())
        name, kind = found
        grows = bool(self.loops or self.in_function)
        if kind == "int":
            operator = self.pick(("+=", "-=", "%=", "//=", "&=", "|=", "^=", ">>=") + (() if grows else ("*=", "<<=", "**=")))
            value = {"%=": "7", "//=": "3", "<<=": "5", ">>=": "2", "**=": "2"}.get(operator) or self.bounded(kind, self.expression(kind, 2))
        elif kind == "float":
            operator = self.pick(("+=", "-=", "/=", "//="))
            value = "4.0" if "/" in operator else self.expression(kind, 1)
        elif kind == "str":
            operator, value = "+=", self.bounded(kind, self.expression(kind, 2))
        elif kind[0] == "list":
            operator, value = "+=", self.bounded(kind, self.expression(kind, 1))
        else:
            operator = "|=" if kind[0] == "dict" else self.pick(("|=", "&=", "-=", "^="))
            value = self.expression(kind, 1)
        self.line(f"{name} {operator} {value}")

    def mutate(self) -> None:
        found = self.mutable(lambda kind: isinstance(kind, tuple) and kind[0] != "tuple")
        if not found:
            return self.simple()
        name, kind = found
        if kind[0] == "list":
            item = self.expression(kind[1], 2)
            forms = [f"{name}.append({item})", f"{name}.insert({self.below(5) - 1}, {item})", f"{name}.reverse()", f"{name}[{self.below(3)}:{self.below(4)}] = {self.expression(kind, 1)}", f"del {name}[{self.below(2)}:{1 + self.below(3)}]", f"{name}.extend({self.expression(kind, 1)})"]
            if kind[1] in ("int", "float", "str", "bool"):
                forms += [f"{name}.sort()", f"{name}.sort(reverse=True, key=lambda k: {self.inside('k', kind[1], lambda: self.expression('int', 1))})"]
            form = f"if {name}: {self.pick((f'{name}.pop()', f'{name}[-1] = {item}', f'del {name}[0]', f'print({name}.pop(0))' if 'set' not in str(kind) else f'{name}.pop(0)'))}" if self.chance(0.4) else self.pick(forms)
            self.line(form if not self.loops else f"if len({name}) < 20: {form}" if not form.startswith("if") else form)
        elif kind[0] == "dict":
            key = self.expression(kind[1], 1)
            value = self.expression(kind[2], 2)
            self.line(self.pick((f"{name}[{key}] = {value}", f"{name}.update({{{key}: {value}}})", f"{name}.pop({key}, None)", f"{name}.setdefault({key}, {value})", f"if {key} in {name}: del {name}[{key}]", f"{name} = dict(sorted({name}.items(), key=lambda p: p[0]))")))
        else:
            self.line(f"{name}.{self.pick(('add', 'discard'))}({self.expression(kind[1], 2)})")

    def unpack(self) -> None:
        kinds = [self.type(1) for _ in range(2 + self.below(2))]
        names = [self.name() for _ in kinds]
        if self.chance(0.3):
            item = self.pick(("int", "str"))
            self.line(f"{names[0]}, *{names[1]} = {self.literal(item)}, *{self.expression(('list', item), 2)}")
            self.scopes[-1].update({names[0]: item, names[1]: ("list", item)})
            return
        self.line(f"{', '.join(names)} = {', '.join(self.expression(kind, 2) for kind in kinds)}")
        self.scopes[-1].update(zip(names, kinds))

    def conditional(self, depth: int) -> None:
        self.block(f"if {self.expression('bool', 2)}:", depth)
        if self.chance(0.3):
            self.block(f"elif {self.expression('bool', 2)}:", depth)
        if self.chance(0.5):
            self.block("else:", depth)

    def for_loop(self, depth: int) -> None:
        name, source, item = self.loop(1)
        known = {name: item}
        head = f"for {name} in {source}:"
        if self.chance(0.25):
            place = self.name("i")
            head, known = f"for {place}, {name} in enumerate({source}):", {place: "int", name: item}
        elif self.chance(0.15):
            value = self.name("i")
            kind = ("dict", self.pick(("int", "str")), self.type(1))
            head = f"for {name}, {value} in ({self.expression(kind, 1)}).items():"
            known = {name: kind[1], value: kind[2]}
        self.scopes.append(known)
        self.loops += 1
        self.block(head, depth)
        self.loops -= 1
        self.scopes.pop()
        if self.chance(0.2):
            self.block("else:", depth)

    def while_loop(self, depth: int) -> None:
        counter = self.name("n")
        self.line(f"{counter} = {1 + self.below(5)}")
        self.loops += 1
        self.block(f"while {counter} > 0{self.pick(('', ' and ' + self.expression('bool', 1)))}:", depth, f"{counter} -= 1", lambda: self.statement(depth - 1), lambda: self.statement(depth - 1))
        self.loops -= 1
        if self.chance(0.3):
            self.block("else:", depth)

    def attempt(self, depth: int) -> None:
        faults, self.faults = self.faults, 0.25 if self.chance(0.6) else self.faults
        body = [lambda: self.statement(depth - 1)]
        if self.chance(0.4):
            body.append(lambda: self.line(f"if {self.expression('bool', 1)}: raise {self.pick(RAISED)}({self.literal('str')})"))
        body.append(lambda: self.simple())
        self.block("try:", depth, *body)
        self.faults = faults
        kinds = [self.pick(KINDS)] if self.chance(0.7) else []
        catches_all = self.chance(0.8)
        for kind in kinds:
            self.block(f"except {kind}:", 0, f"print({kind!r})")
        if catches_all:
            again = ["raise"] if self.chance(0.05) else []
            self.block("except Exception as e:", 0, "print('other', isinstance(e, (LookupError, ValueError)))", *again)
        if (kinds or catches_all) and self.chance(0.2):
            self.block("else:", depth)
        if not (kinds or catches_all) or self.chance(0.3):
            self.block("finally:", 0, f"print({self.literal('str')}, {self.expression('int', 1)})")

    def match(self, depth: int) -> None:
        kind = self.pick(("int", "str", ("list", "int"), ("tuple", "int", "str"), ("dict", "str", "int")))
        self.line(f"match {self.expression(kind, 2)}:")
        self.indent += 1
        for _ in range(1 + self.below(3)):
            pattern, known = self.pattern(kind)
            self.scopes.append(known)
            guard = f" if {self.expression('bool', 1)}" if self.chance(0.25) else ""
            self.block(f"case {pattern}{guard}:", depth, lambda: self.line(f"print({', '.join(['1', *known])})"), lambda: self.statement(0))
            self.scopes.pop()
        if self.chance(0.6):
            self.block("case _:", 0, "print('none of them')")
        self.indent -= 1

    def pattern(self, kind: Type) -> tuple[str, dict[str, Type]]:
        a, b = self.name("m"), self.name("m")
        if kind in ("int", "str"):
            literals = " | ".join(self.literal(kind) for _ in range(1 + self.below(2)))
            return self.pick(((literals, {}), (f"{kind}() as {a}", {a: kind}), (f"{kind}({a})", {a: kind}), (literals, {})))
        if kind[0] == "list":
            return self.pick((("[]", {}), (f"[{a}]", {a: "int"}), (f"[{a}, *{b}]", {a: "int", b: ("list", "int")}), (f"[{a}, {b}]", {a: "int", b: "int"}), (f"[*_, {a}]", {a: "int"}), (f"[{self.literal('int')}, *_]", {})))
        if kind[0] == "tuple":
            return self.pick(((f"({a}, {b})", {a: "int", b: "str"}), (f"(int({a}), 'a' | 'b' as {b})", {a: "int", b: "str"}), (f"({self.literal('int')}, _)", {})))
        key = repr(self.pick(("a", "b", "ab")))
        return self.pick((("{}", {}), (f"{{{key}: {a}}}", {a: "int"}), (f"{{{key}: {a}, **{b}}}", {a: "int", b: ("dict", "str", "int")})))

    def parameters(self, count: int) -> tuple[str, dict[str, Type]]:
        kinds = [self.type(1) for _ in range(count)]
        names = [self.name("p") for _ in kinds]
        texts = list(names)
        if count and self.chance(0.3):
            texts[-1] += f"={self.literal(kinds[-1])}"
        return ", ".join(texts), dict(zip(names, kinds))

    def body(self, depth: int, known: dict[str, Type], ending) -> None:
        """A function's block, in which the names around can be read but not assigned."""
        outer, self.in_function = self.in_function, len(self.scopes)
        loops, self.loops = self.loops, 0
        self.scopes.append(known)
        self.indent += 1
        for _ in range(self.below(3)):
            self.statement(depth)
        ending()
        self.indent -= 1
        self.scopes.pop()
        self.loops, self.in_function = loops, outer

    def function(self) -> None:
        name = self.name("f")
        text, known = self.parameters(self.below(4))
        result = self.type(1)
        self.line(f"def {name}({text}):")
        self.body(1, dict(known), lambda: self.line(f"return {self.expression(result, 3)}"))
        self.functions[name] = (list(known.values()), result)
        if self.chance(0.4) and known:
            keywords = ", ".join(f"{parameter}={self.literal(kind)}" for parameter, kind in known.items())
            call = f"{name}({keywords})"
            self.line(f"print({call})" if "set" not in str(result) else call)

    def generator(self) -> None:
        name, kind = self.name("g"), self.printable()
        parameter, place = self.name("p"), self.name("i")
        self.line(f"def {name}({parameter}):")

        def ending() -> None:
            self.scopes[-1][place] = "int"
            stops = [lambda: self.line(f"if {self.expression('bool', 1)}: return")] if self.chance(0.3) else []
            self.block(f"for {place} in range({parameter}):", 0, lambda: self.line(f"yield {self.expression(kind, 2)}"), *stops)
            del self.scopes[-1][place]
            if self.chance(0.3):
                self.line(f"yield from {self.expression(('list', kind), 1)}")

        self.body(0, {parameter: "int"}, ending)
        self.generators[name] = kind

    def closure(self) -> None:
        """A function that keeps a count of its own, called a few times."""
        make, inner, state = self.name("c"), self.name("c"), self.name("s")
        self.line(f"def {make}({state}):")
        self.indent += 1
        self.line(f"def {inner}(d=1):")
        self.indent += 1
        self.line(f"nonlocal {state}")
        self.line(f"{state} = ({state} {self.pick('+-*')} d) % 1009")
        self.line(f"return {state}")
        self.indent -= 1
        self.line(f"return {inner}")
        self.indent -= 1
        self.line(f"{inner} = {make}({self.expression('int', 1)})")
        self.line(f"print({inner}(), {inner}({self.expression('int', 0)}), [{inner}(j) for j in range(3)])")
