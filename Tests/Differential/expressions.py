"""Expressions of a wanted type in the syntax that Python and Dana share, made from a seeded generator.

A type is "int", "float", "str", "bool", "bytes", ("list", T), ("tuple", T...), ("dict", K, V) or ("set", T).
An expression of a type is meant to have a value of it; now and then one is made that raises, or is of another type.
"""

from random import Random

Type = str | tuple

SCALARS = ("int", "float", "str", "bool")
KEYS = ("int", "str")
WORDS = ("", "a", "b", "ab", "abc", "hello", "World", "one two", "x,y,z", "tab\tnew\n", "it's", '"q"', "é", "naïve", "漢字", "😀!", "12", "-7", "3.5", " pad ", "AbC", "aaa", "ß", "zz top")
INTEGERS = (0, 1, 2, 3, 5, 7, 10, 16, 42, 100, 255, 1000, 65536, 2**31 - 1, 2**31, 2**62 - 1, 2**62, 2**63 - 1, 2**63, 2**64, 10**20, 3**50, 2**100)
FLOATS = ("0.0", "0.5", "1.0", "1.5", "2.25", "0.1", "3.14159", "100.0", "1e3", "1e16", "1e-5", "123456.789", "2.5", "1e22", "7.0")
INT_SPECS = ("", "d", "5", "<6", ">6", "^7", "05", "+", "x", "#x", "o", "b", "#b", ",", "_", "*^9", "+08,d", "e", ".2f", "X", " d")
FLOAT_SPECS = ("", ".2f", ".0f", "8.3f", "<9.1f", "+.1e", "g", ".3g", "%", ".1%", "010.2f", ",.2f", "^12.4f", "e", ".10g")
STR_SPECS = ("", "8", "<6", ">6", "^7", ".2", "*^9", "-<8.3")


def is_a(kind: Type, name: str) -> bool:
    return isinstance(kind, tuple) and kind[0] == name


def hashable(kind: Type) -> bool:
    return not isinstance(kind, tuple) or (kind[0] == "tuple" and all(map(hashable, kind[1:])))


class Expressions:
    """Makes expressions over the variables of the scopes around, the innermost last."""

    def __init__(self, random: Random):
        self.random = random
        self.scopes: list[dict[str, Type]] = [{}]
        self.functions: dict[str, tuple[list[Type], Type]] = {}
        self.fresh = 0
        self.faults = 0.02

    # Choices

    def pick(self, options):
        return options[int(self.random.random() * len(options))]

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def below(self, limit: int) -> int:
        return int(self.random.random() * limit)

    def name(self, prefix: str = "v") -> str:
        self.fresh += 1
        return f"{prefix}{self.fresh}"

    def type(self, depth: int = 2) -> Type:
        roll = self.random.random()
        if depth == 0 or roll < 0.55:
            return self.pick(SCALARS) if roll > 0.02 else "bytes"
        if roll < 0.75:
            return ("list", self.type(depth - 1))
        if roll < 0.86:
            return ("dict", self.pick(KEYS), self.type(depth - 1))
        if roll < 0.94:
            return ("tuple", *(self.type(depth - 1) for _ in range(1 + self.below(3))))
        return ("set", self.pick(KEYS))

    def variables(self, kind: Type) -> list[str]:
        return [name for scope in self.scopes for name, known in scope.items() if known == kind]

    def variable(self, matching) -> tuple[str, Type] | None:
        known = [(name, kind) for scope in self.scopes for name, kind in scope.items() if matching(kind)]
        return self.pick(known) if known else None

    # Expressions

    def expression(self, kind: Type, depth: int) -> str:
        """An expression of a type, nested at most so deep."""
        if self.faults and self.chance(self.faults):
            return self.fault(kind)
        if self.chance(0.35) or depth <= 0:
            if (known := self.variables(kind)) and self.chance(0.8):
                return self.pick(known)
            if depth <= 0:
                return self.literal(kind)
        if depth > 0:
            roll = self.random.random()
            if roll < 0.06:
                left, right = self.expression(kind, depth - 1), self.expression(kind, depth - 1)
                return f"({left} if {self.expression('bool', depth - 1)} else {right})"
            if roll < 0.10 and (fit := [n for n, (_, result) in self.functions.items() if result == kind]):
                return self.call(self.pick(fit), depth - 1)
            if roll < 0.17 and (found := self.subscript(kind, depth)):
                return found
            if roll < 0.19:
                return f"(lambda p: {self.inside('p', kind, lambda: self.expression(kind, depth - 1))})({self.expression(kind, depth - 1)})"
        if isinstance(kind, tuple):
            return getattr(self, f"{kind[0]}_")(kind, depth)
        return getattr(self, f"{kind}_")(depth)

    def inside(self, name: str, kind: Type, make):
        """What `make` gives while a name of a type is known."""
        self.scopes.append({name: kind})
        made = make()
        self.scopes.pop()
        return made

    def literal(self, kind: Type) -> str:
        if kind == "int":
            value = self.pick(INTEGERS) if self.chance(0.3) else self.below(20)
            return f"-{value}" if self.chance(0.2) else str(value)
        if kind == "float":
            return ("-" if self.chance(0.2) else "") + self.pick(FLOATS)
        if kind == "str":
            return repr(self.pick(WORDS))
        if kind == "bool":
            return self.pick(("True", "False"))
        if kind == "bytes":
            return self.pick(("b''", "b'a'", "b'hello'", "b'\\x00\\xff'", "b'one two'"))
        name, *parts = kind
        if name == "list":
            return "[" + ", ".join(self.literal(parts[0]) for _ in range(self.below(4))) + "]"
        if name == "tuple":
            return "(" + "".join(self.literal(part) + ", " for part in parts) + ")"
        if name == "dict":
            return "{" + ", ".join(f"{self.literal(parts[0])}: {self.literal(parts[1])}" for _ in range(self.below(4))) + "}"
        return "{" + ", ".join(self.literal(parts[0]) for _ in range(1 + self.below(3))) + "}"

    def fault(self, kind: Type) -> str:
        """Something that raises, or is of another type than it should be."""
        roll = self.below(10)
        if roll == 0:
            return f"({self.literal('int')} // (0))"
        if roll == 1:
            return f"[{self.literal('int')}][{3 + self.below(3)}]"
        if roll == 2:
            return f"{{}}[{self.literal('str')}]"
        if roll == 3:
            return f"int({self.pick(WORDS)!r})"
        if roll == 4:
            return f"({self.literal(self.type(1))} {self.pick(('+', '-', '*', '<', '%', '|'))} {self.literal(self.ordered(1))})"
        if roll == 5:
            return f"{self.literal('str')}.{self.pick(('nothing', 'index'))}({self.literal('str')})"
        if roll == 6:
            return "None"
        if roll == 7:
            return f"{self.literal(self.type(1))}[{self.literal('int')}]"
        if roll == 8:
            return f"{self.pick(('len', 'sum', 'sorted', 'abs', 'list', 'max', 'float'))}({self.literal(self.ordered(1))})"
        return self.literal(self.ordered(1))

    def call(self, name: str, depth: int) -> str:
        parameters, _ = self.functions[name]
        return f"{name}({', '.join(self.expression(kind, depth) for kind in parameters)})"

    def subscript(self, kind: Type, depth: int) -> str | None:
        """An item of a variable's container."""
        found = self.variable(lambda known: isinstance(known, tuple) and kind in known[1:])
        if not found:
            return None
        name, known = found
        if known[0] == "list":
            return f"{name}[{self.index(name, depth)}]" if self.chance(0.5) else f"({name} or [{self.expression(kind, depth - 1)}])[0]"
        if known[0] == "tuple":
            place = self.pick([at for at, part in enumerate(known[1:]) if part == kind])
            return f"{name}[{place if self.chance(0.7) else place - len(known) + 1}]"
        if known[0] == "dict" and known[2] == kind:
            key = self.expression(known[1], depth - 1)
            return f"{name}.get({key}, {self.expression(kind, depth - 1)})" if self.chance(0.8) else f"{name}[{key}]"
        return None

    def index(self, name: str, depth: int) -> str:
        return f"{self.expression('int', depth - 1)} % len({name})" if self.chance(0.8) else str(self.below(3) - 1)

    def sliced(self, depth: int) -> str:
        part = lambda: self.pick(("", str(self.below(5)), str(-self.below(5)), self.expression("int", 0) + " % 7"))
        step = self.pick(("", "", "", ":", ":2", ":-1", ":-2", ":3"))
        return f"[{part()}:{part()}{step}]"

    def int_(self, depth: int) -> str:
        e = lambda kind="int": self.expression(kind, depth - 1)
        roll = self.below(26)
        if roll < 7:
            return f"({e()} {self.pick('+-*')} {e()})"
        if roll < 9:
            divisor = self.pick((e() + " or 1", f"{1 + self.below(9)}", f"-{1 + self.below(9)}", str(2**64 + 13)))
            return f"({e()} {self.pick(('//', '%'))} ({divisor}))"
        if roll < 11:
            return f"({e()} {self.pick('&|^')} {e()})"
        if roll == 11:
            return f"({e()} {self.pick(('<<', '>>'))} {self.pick((0, 1, 3, 8, 40, 64, 70))})"
        if roll == 12:
            return f"({e()} % 50) ** {self.below(6)}"
        if roll == 13:
            return f"{self.pick(('-', '+', '~'))}({e()})"
        if roll == 14:
            return f"len({e(self.pick(('str', ('list', self.type(1)), ('dict', 'str', 'int'), ('set', 'int'))))})"
        if roll == 15:
            return f"sum({e(('list', 'int'))})"
        if roll == 16:
            return f"{self.pick(('max', 'min'))}({e()}, {e()})"
        if roll == 17:
            return f"{self.pick(('max', 'min'))}({e(('list', 'int'))}, default={e()})"
        if roll == 18:
            return f"abs({e()})"
        if roll == 19:
            return self.pick((f"int({e('float')} % 1000)", f"int({e('bool')})", f"int(str({e()}))", f"round({e('float')} % 997)"))
        if roll == 20:
            return f"{e('str')}.{self.pick(('count', 'find', 'rfind'))}({e('str')})"
        if roll == 21:
            return f"({e(('list', 'int'))}).count({e()})"
        if roll == 22:
            return f"divmod({e()}, {1 + self.below(9)})[{self.below(2)}]"
        if roll == 23:
            return f"sum({self.comprehension('int', depth)})"
        if roll == 24:
            return f"ord(({e('str')} or 'q')[0])"
        return self.pick((f"pow({e()} % 100, {self.below(20)}, {2 + self.below(90)})", f"({e()}).bit_length()", f"({e('bool')} + {e('bool')})", f"len({e(('list', 'str'))})"))

    def float_(self, depth: int) -> str:
        e = lambda kind="float": self.expression(kind, depth - 1)
        roll = self.below(12)
        if roll < 4:
            return f"({e()} {self.pick('+-*')} {e()})"
        if roll == 4:
            return f"({e()} {self.pick(('/', '//', '%'))} ({self.pick(FLOATS[1:])}))"
        if roll == 5:
            return f"({e('int')} % 10007 / {1 + self.below(9)})"
        if roll == 6:
            return f"({e()} {self.pick('+-*')} ({e('int')} % 10007))"
        if roll == 7:
            return f"round({e()}, {self.below(4)})"
        if roll == 8:
            return f"float({self.pick((e('int') + ' % 10007', e('bool')))})"
        if roll == 9:
            return f"{self.pick(('abs', '-', '+'))}({e()})"
        if roll == 10:
            return f"{self.pick(('max', 'min'))}({e()}, {e()})"
        return f"sum({e(('list', 'float'))}, 0.0)"

    def str_(self, depth: int) -> str:
        e = lambda kind="str": self.expression(kind, depth - 1)
        roll = self.below(24)
        if roll < 4:
            return f"({e()} + {e()})"
        if roll == 4:
            return f"({e()} * {self.below(4)})"
        if roll < 7:
            return f"{self.pick(('str', 'repr'))}({e(self.printable())})"
        if roll == 7:
            return f"({e()}){self.sliced(depth)}"
        if roll < 10:
            method = self.pick(("upper", "lower", "strip", "title", "capitalize", "swapcase", "lstrip", "rstrip", "casefold"))
            return f"({e()}).{method}()"
        if roll == 10:
            return f"({e()}).replace({e()}, {e()})[:40]"
        if roll == 11:
            return f"{e()}.join({e(('list', 'str'))})"
        if roll == 12:
            return f"({e()}).{self.pick(('ljust', 'rjust', 'center'))}({self.below(12)}, {self.pick(WORDS[1:3])!r})"
        if roll == 13:
            return f"({e()}).zfill({self.below(9)})"
        if roll < 18:
            return self.formatted()
        if roll == 18:
            return f"format({e('int')}, {self.pick(INT_SPECS)!r})"
        if roll == 19:
            return f"format({e('float')}, {self.pick(FLOAT_SPECS)!r})"
        if roll == 20:
            return f"'%s|%d|%5.1f|%r' % ({e()}, {e('int')}, {e('float')}, {e()})"
        if roll == 21:
            return f"'{{}}-{{:>5}}-{{!r}}'.format({e('int')}, {e()}, {e()})"
        if roll == 22:
            return f"chr(97 + {e('int')} % 26)"
        return self.pick((f"({e()}).removeprefix({e()})", f"''.join(sorted({e()}))", f"({e()} or {e()})", f"''.join(reversed({e()}))", f"({e()}).partition({self.pick(WORDS[1:])!r})[{self.below(3)}]", f"hex({e('int')})", f"max({e()}, {e()})"))

    def printable(self) -> Type:
        """A type whose text is the same everywhere."""
        return self.ordered(2)

    def ordered(self, depth: int) -> Type:
        """A type without sets, whose order is each engine's own."""
        while True:
            kind = self.type(depth)
            if "set" not in str(kind):
                return kind

    def formatted(self) -> str:
        """A formatted string over variables and numbers."""
        parts = []
        for _ in range(1 + self.below(3)):
            parts.append(self.pick(("", " ", "x=", "é: ", "{{}}", "|")))
            found = self.variable(lambda kind: "set" not in str(kind)) if self.chance(0.8) else None
            if found is None:
                parts.append(f"{{{self.below(99)} {self.pick('+-*')} {self.below(9)}}}")
                continue
            name, kind = found
            specs = {"int": INT_SPECS, "float": FLOAT_SPECS, "str": STR_SPECS}.get(kind, ("",))
            spec = self.pick(specs) if self.chance(0.6) else ""
            conversion = self.pick(("", "", "!r", "!s", "="))
            if conversion.startswith("!") and kind != "str":
                spec = ""
            parts.append("{" + name + conversion + (":" + spec if spec else "") + "}")
        return 'f"' + "".join(parts) + '"'

    def bool_(self, depth: int) -> str:
        e = lambda kind="bool": self.expression(kind, depth - 1)
        roll = self.below(13)
        if roll < 4:
            kind = self.pick(("int", "float", "str", ("list", "int"), ("tuple", "int", "str")))
            return f"({e(kind)} {self.pick(('<', '<=', '>', '>=', '==', '!='))} {e(kind)})"
        if roll == 4:
            return f"({e('int')} {self.pick(('<', '<=', '=='))} {e('int')} {self.pick(('<', '>', '!='))} {e('float')})"
        if roll < 7:
            return f"({e()} {self.pick(('and', 'or'))} {e()})"
        if roll == 7:
            return f"(not {e()})"
        if roll == 8:
            kind = self.pick(KEYS)
            return f"({e(kind)} {self.pick(('in', 'not in'))} {e(self.pick((('list', kind), ('dict', kind, 'int'), ('set', kind))))})"
        if roll == 9:
            return f"({e()[0:0] or e('str')} in {e('str')})"
        if roll == 10:
            return f"{self.pick(('all', 'any'))}({self.comprehension('bool', depth)})"
        if roll == 11:
            return f"({e('str')}).{self.pick(('isdigit', 'isalpha', 'isupper', 'islower', 'isspace', 'isalnum', 'istitle', 'isascii', 'isidentifier'))}()"
        return self.pick((f"bool({e(self.type())})", f"({e('str')}).startswith({e('str')})", f"({e('str')}).endswith({e('str')})", f"isinstance({e(self.type())}, {self.pick(('int', 'str', 'list', 'dict', '(int, float)', 'bool', 'tuple'))})", f"({e(('set', 'int'))} <= {e(('set', 'int'))})", f"({e(self.type())} is None)", f"({e(self.type())} == {e(self.type())})"))

    def bytes_(self, depth: int) -> str:
        e = lambda kind="bytes": self.expression(kind, depth - 1)
        return self.pick((f"({e()} + {e()})", f"{e('str')}.encode()", f"({e()}){self.sliced(depth)}", f"bytes([{e('int')} % 256, 65])", f"({e()} * 2)", f"({e()}).replace(b'a', {e()})"))

    def list_(self, kind: Type, depth: int) -> str:
        item = kind[1]
        e = lambda wanted=kind: self.expression(wanted, depth - 1)
        roll = self.below(14)
        if roll < 4:
            return "[" + ", ".join(("*" + e() if self.chance(0.1) else e(item)) for _ in range(self.below(5))) + "]"
        if roll < 6:
            return f"[{self.comprehension(item, depth)}]"
        if roll == 6:
            return f"({e()} + {e()})"
        if roll == 7:
            return f"({e()}){self.sliced(depth)}"
        if roll == 8:
            return f"({e()} * {self.below(3)})"
        if roll == 9 and item in ("int", "str", "float", "bool"):
            key = self.pick(("", ", reverse=True", f", key=lambda k: {self.inside('k', item, lambda: self.expression('int', 1))}"))
            return f"sorted({e()}{key})"
        if roll == 10:
            return f"list(reversed({e()}))"
        if roll == 11 and item == "str":
            return self.pick((f"({e('str')}).split()", f"({e('str')}).split({self.pick(WORDS[1:4])!r})", f"list({e('str')})", f"sorted({e(('set', 'str'))})", f"list({e(('dict', 'str', 'int'))})", f"({e('str')}).splitlines()"))
        if roll == 11 and item == "int":
            return self.pick((f"list(range({self.below(9)}))", f"list(range({self.below(9)}, {self.below(9)}, {self.pick((-2, -1, 1, 2))}))", f"sorted({e(('set', 'int'))})", f"list(map(len, {e(('list', 'str'))}))", f"list({e(('dict', 'str', 'int'))}.values())"))
        if roll == 12:
            return f"[x for x in {e()} if {self.inside('x', item, lambda: self.expression('bool', 1))}]"
        return f"list({self.pick(('filter(None, ', '('))}{e()}))"

    def tuple_(self, kind: Type, depth: int) -> str:
        return "(" + "".join(self.expression(part, depth - 1) + ", " for part in kind[1:]) + ")"

    def dict_(self, kind: Type, depth: int) -> str:
        _, key, value = kind
        e = lambda wanted=kind: self.expression(wanted, depth - 1)
        roll = self.below(8)
        if roll < 4:
            entries = (("**" + e() if self.chance(0.08) else f"{e(key)}: {e(value)}") for _ in range(self.below(4)))
            return "{" + ", ".join(entries) + "}"
        if roll == 4:
            name = self.name("i")
            body = self.inside(name, key, lambda: self.expression(value, depth - 1))
            return f"{{{name}: {body} for {name} in {e(('list', key))}}}"
        if roll == 5:
            return f"({e()} | {e()})"
        if roll == 6:
            return f"dict(zip({e(('list', key))}, {e(('list', value))}))"
        return f"dict({e()})" if key == "int" else f"dict(a={e(value)}, b={e(value)})"

    def set_(self, kind: Type, depth: int) -> str:
        item = kind[1]
        e = lambda wanted=kind: self.expression(wanted, depth - 1)
        roll = self.below(6)
        if roll < 2:
            return "{" + ", ".join(e(item) for _ in range(1 + self.below(4))) + "}"
        if roll < 4:
            return f"({e()} {self.pick('|&-^')} {e()})"
        if roll == 4:
            return f"set({e(('list', item))})"
        return f"{{{self.comprehension(item, depth)}}}"

    def comprehension(self, kind: Type, depth: int) -> str:
        """The inside of a comprehension or generator expression of items of a type."""
        name, source, item = self.loop(depth - 1)
        self.scopes.append({name: item})
        second = ""
        if self.chance(0.15):
            other, inner, inner_item = self.loop(0)
            second = f" for {other} in {inner}"
            self.scopes[-1][other] = inner_item
        condition = f" if {self.expression('bool', 1)}" if self.chance(0.35) else ""
        body = self.expression(kind, depth - 1)
        self.scopes.pop()
        return f"{body} for {name} in {source}{second}{condition}"

    def loop(self, depth: int) -> tuple[str, str, Type]:
        """A name, something short to go through, and the type of its items."""
        name = self.name("i")
        roll = self.below(6)
        if roll < 2:
            return name, f"range({self.below(6)})", "int"
        if roll == 2:
            return name, f"({self.expression('str', depth)})[:6]", "str"
        if roll == 3:
            kind = self.pick(KEYS)
            return name, self.expression(("dict", kind, "int"), depth), kind
        item = self.type(1)
        return name, f"({self.expression(('list', item), depth)})[:6]", item
