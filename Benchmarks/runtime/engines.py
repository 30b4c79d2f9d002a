"""The engines: what each does for one case, written as plainly as its users would."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from harness.rows import OURS
from runtime.our_package import use_ours

FRESH = "fresh context that has answered 1 + 2"
UNSEEN = "fresh context, a text not seen before"
CALL = "Python calls a trivial function"
HOST = "the program calls a trivial Python function"
LIST = "list of 10,000 ints, in and out"
CASES = (FRESH, UNSEEN, CALL, HOST, LIST)
HOST_CALLS = 1000
NUMBERS = list(range(10_000))
HELD = 10**9  # host calls and the like that a long-held context may make


@dataclass
class Deed:
    """One case of one engine: what is done, what it must give, and how many of the case it does at once."""

    do: Callable[[], object]
    expected: object
    times: int = 1


@dataclass
class Texts:
    """Texts that differ, each of which comes to 3."""

    made: int = field(default=0)

    def next(self, end: str = "") -> str:
        self.made += 1
        return f"{self.made} - {self.made} + 3{end}"


Deeds = dict[str, Deed]


def looped(do: Callable[[], object]) -> Deed:
    return Deed(do, sum(range(HOST_CALLS)), HOST_CALLS)


def identity(value: object) -> object:
    return value


@contextmanager
def ours() -> Iterator[Deeds]:
    use_ours()
    from opendxa.dana import DanaRuntime

    runtime, texts = DanaRuntime(), Texts()

    def fresh(text: str) -> object:
        with runtime.create_context() as context:
            return context.eval_dana(text)

    with runtime.create_context(max_host_calls=HELD) as context:
        context.eval_dana(
            "func add(a, b):\n    return a + b\n"
            "func identity(x):\n    return x\n"
            "func many(host, n):\n    total = 0\n    for i in range(n):\n        total += host(i)\n    return total\n"
        )
        add, same, many = (context.function(name) for name in ("add", "identity", "many"))
        yield {
            FRESH: Deed(lambda: fresh("1 + 2"), 3),
            UNSEEN: Deed(lambda: fresh(texts.next()), 3),
            CALL: Deed(lambda: add(1, 2), 3),
            HOST: looped(lambda: many(identity, HOST_CALLS)),
            LIST: Deed(lambda: same(NUMBERS), NUMBERS),
        }


@contextmanager
def starlark() -> Iterator[Deeds]:
    import starlark as engine

    dialect, names, texts = engine.Dialect.extended(), engine.Globals.standard(), Texts()
    module = engine.Module()
    module.add_callable("host", identity)
    program = (
        "def add(a, b):\n    return a + b\n"
        "def same(x):\n    return x\n"
        "def many(n):\n    total = 0\n    for i in range(n):\n        total += host(i)\n    return total\n"
    )
    engine.eval(module, engine.parse("m", program, dialect), names)
    frozen = module.freeze()

    def fresh(text: str) -> object:
        return engine.eval(engine.Module(), engine.parse("m", text, dialect), names)

    yield {
        FRESH: Deed(lambda: fresh("1 + 2"), 3),
        UNSEEN: Deed(lambda: fresh(texts.next()), 3),
        CALL: Deed(lambda: frozen.call("add", 1, 2), 3),
        HOST: looped(lambda: frozen.call("many", HOST_CALLS)),
        LIST: Deed(lambda: frozen.call("same", NUMBERS), NUMBERS),
    }


@contextmanager
def monty() -> Iterator[Deeds]:
    from pydantic_monty import Monty

    texts = Texts()
    with Monty(max_processes=1) as pool:

        def fresh(text: str) -> object:
            with pool.checkout() as session:
                return session.feed_run(text)

        # A session is the one process of its pool: fresh ones need a pool of their own.
        with Monty(max_processes=1) as held, held.checkout(limits={"max_suspensions": HELD}) as session:
            session.feed_run(
                "def add(a, b):\n    return a + b\n"
                "def many(n):\n    total = 0\n    for i in range(n):\n        total += host(i)\n    return total\n"
            )
            host = {"host": identity}
            yield {
                FRESH: Deed(lambda: fresh("1 + 2"), 3),
                UNSEEN: Deed(lambda: fresh(texts.next()), 3),
                CALL: Deed(lambda: session.feed_run("add(1, 2)"), 3),
                HOST: looped(lambda: session.feed_run(f"many({HOST_CALLS})", external_lookup=host)),
                LIST: Deed(lambda: session.feed_run("x", inputs={"x": NUMBERS}), NUMBERS),
            }


@contextmanager
def quickjs() -> Iterator[Deeds]:
    import quickjs as engine

    context, texts = engine.Context(), Texts()
    context.add_callable("host", identity)
    context.eval(
        "function add(a, b) { return a + b }"
        "function many(n) { var total = 0; for (var i = 0; i < n; i++) total += host(i); return total }"
    )
    add, many = context.get("add"), context.get("many")
    yield {
        FRESH: Deed(lambda: engine.Context().eval("1 + 2"), 3),
        UNSEEN: Deed(lambda: engine.Context().eval(texts.next()), 3),
        CALL: Deed(lambda: add(1, 2), 3),
        HOST: looped(lambda: many(HOST_CALLS)),
    }


@contextmanager
def lupa() -> Iterator[Deeds]:
    from lupa.lua54 import LuaRuntime

    texts = Texts()

    def fresh(text: str) -> object:
        return LuaRuntime(register_eval=False, register_builtins=False).execute(f"return {text}")

    runtime = LuaRuntime()
    add = runtime.eval("function(a, b) return a + b end")
    many = runtime.eval(
        "function(host, n) local total = 0 for i = 0, n - 1 do total = total + host(i) end return total end"
    )
    yield {
        FRESH: Deed(lambda: fresh("1 + 2"), 3),
        UNSEEN: Deed(lambda: fresh(texts.next()), 3),
        CALL: Deed(lambda: add(1, 2), 3),
        HOST: looped(lambda: many(identity, HOST_CALLS)),
    }


ENGINES = {OURS: ours, "lupa": lupa, "quickjs": quickjs, "starlark": starlark, "monty": monty}
