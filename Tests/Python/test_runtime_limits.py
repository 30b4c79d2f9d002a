"""Limits reached in hostile ways, and what tries to break out of a context."""

import collections
import itertools
import textwrap
import threading
import time
import traceback
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors

CATCHES_ALL = """while True:
    try:
        1 / 0
    except:
        pass"""

THERE_AND_BACK = """func f(x):
    return sorted([1], key=g)[0]
func g(x):
    return f(x)
f(0)"""

# A text of it, or a comparison, would take longer than anyone lives.
EACH_TWICE = "x, y = [1], [1]\nfor i in range(60):\n    x, y = [x, x], [y, y]\n"



class Lengthless:
    def __getitem__(self, index: int) -> int:
        return 1


# What uses up a limit, by the limit: none of it is a plain loop.
HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("ticks inside sorted", {"max_ticks": 50_000}, "sorted(range(1_000_000), key=lambda x: -x)"),
    ("ticks in a comprehension", {"max_ticks": 50_000}, "[x for x in range(10_000_000)]"),
    ("ticks in ==", {"max_ticks": 50_000}, "a = [[1] * 1000] * 1000\nb = [[1] * 1000 for _ in range(1000)]\na == b"),
    ("ticks in str", {"max_ticks": 50_000}, "x = [1] * 1_000_000\nlen(str(x))"),
    ("ticks in a big integer", {"max_ticks": 50_000}, "x = 7 ** 200_000\nx * x * x"),
    ("ticks in what catches all", {"max_ticks": 50_000}, CATCHES_ALL),
    ("time in a line of log", {"max_execution_time": "100ms"}, f"{EACH_TWICE}log(x)"),
    (
        "time in lines of log that catch all",
        {"max_execution_time": "100ms"},
        f"{EACH_TWICE}while True:\n    try:\n        log(x)\n    except:\n        pass",
    ),
    ("time in text", {"max_execution_time": "100ms"}, f"{EACH_TWICE}str(x)"),
    ("time in ==", {"max_execution_time": "100ms"}, f"{EACH_TWICE}x == y"),
    ("memory in a product", {"max_memory": "1MB"}, "[0] * 10_000_000"),
    ("memory in text", {"max_memory": "1MB"}, "'x' * 100_000_000"),
    ("memory in a shift", {"max_memory": "1MB"}, "1 << 100_000_000"),
    ("memory in join", {"max_memory": "1MB"}, "','.join(['x' * 1000] * 10_000)"),
    ("memory in a dict", {"max_memory": "1MB"}, "{x: x for x in range(1_000_000)}"),
    ("memory in deep data", {"max_memory": "1MB"}, "x = []\nwhile True:\n    x = [x]"),
    ("memory by doubling", {"max_memory": "1MB"}, "x = [1]\nwhile True:\n    x += x"),
    ("depth of calls", {"max_depth": 100}, "func f(x):\n    return f(x + 1)\nf(0)"),
    ("depth across functions", {"max_depth": 100}, THERE_AND_BACK),
    ("time", {"max_execution_time": 0.05}, "sorted(range(100_000_000), key=lambda x: -x)"),
    ("life", {"timeout": 0.05}, "while True:\n    pass"),
    ("life while waiting", {"timeout": 0.05, "allowed_capabilities": ["clock"]}, "sleep(3600)"),
    ("life of what takes no tick", {"timeout": 1e-9}, "1"),
    ("life while the host works", {"timeout": 0.05}, "linger()"),
    ("time of short callbacks", {"max_execution_time": 0.02}, "call_back_often(lambda: [x for x in range(1000)])"),
    ("time of callbacks without a tick", {"max_execution_time": 0.02}, "call_back_often(lambda: 1)"),
    ("time of a generator that the host drives", {"max_execution_time": 0.02}, "exhaust(x for x in range(10_000_000))"),
    ("time between calls of the host's", {"max_execution_time": 0.02}, "while True:\n    once()"),
    ("host calls", {"max_host_calls": 100}, "while True:\n    once()"),
    ("life of a function that does not end", {"timeout": "50ms"}, "spin()"),
    ("life of an iterator without an end", {"timeout": "50ms"}, "sum(endless())"),
    ("life of an object without an end", {"timeout": "50ms"}, "sum(lengthless())"),
    *[
        (f"time of {name} without an end", {"max_execution_time": "50ms"}, f"{name}(endless())")
        for name in ("sum", "min", "max", "all", "list", "set", "sorted")
    ],
    ("time of a search without an end", {"max_execution_time": "50ms"}, "-1 in endless()"),
    ("ticks of callbacks", {"max_ticks": 20_000}, "call_back(lambda: [x for x in range(1_000_000)])"),
]


@pytest.mark.parametrize(("options", "program"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_limit_ends_its_context_and_nothing_else(options: dict[str, Any], program: str) -> None:
    with DanaRuntime(shared=False) as runtime:
        runtime.function("once")(lambda: None)
        runtime.function("linger")(lambda: time.sleep(0.1))
        runtime.function("endless")(lambda: itertools.count(1))
        runtime.function("lengthless")(Lengthless)

        @runtime.function
        def spin() -> None:
            while True:
                pass

        @runtime.function
        def call_back(function: Any) -> object:
            return function()

        @runtime.function
        def call_back_often(function: Any) -> None:
            for _ in range(1_000_000):
                function()

        @runtime.function
        def exhaust(items: Any) -> None:
            collections.deque(items, maxlen=0)

        with runtime.create_context() as neighbour, runtime.create_context(**options) as context:
            neighbour.eval_dana("x = 42")
            with pytest.raises((errors.LimitExceeded, RecursionError, MemoryError, TimeoutError)):
                context.eval_dana("try:\n" + textwrap.indent(program, "    ") + "\nexcept Exception:\n    pass")
            assert context.closed
            with pytest.raises(errors.ContextClosedError):
                context.eval_dana("1")
            assert neighbour.eval_dana("x") == 42
        with runtime.create_context() as another:
            assert another.eval_dana("1 + 1") == 2


def test_emptying_a_dict_or_a_set_takes_as_many_steps_as_it_has_items() -> None:
    with DanaRuntime().create_context(max_ticks=2_000_000) as context:
        context.eval_dana("d = {i: i for i in range(100_000)}\nwhile d: d.popitem()")
        context.eval_dana("s = set(range(100_000))\nwhile s: s.pop()")
        context.eval_dana("d = {i: i for i in range(100_000)}\nfor i in range(50_000): del d[2 * i + 1]\nwhile d: d.popitem()")


def test_many_calls_side_by_side_are_made_when_their_turn_comes() -> None:
    with DanaRuntime().create_context(max_memory="15MB") as context:
        program = "found = parallel_map(lambda x: x + 1, [1] * 200_000)\n(len(found), sum(found))"
        assert context.eval_dana(program) == (200_000, 400_000)
        # What fails ends those that have not begun.
        program = "begun = []\nparallel_map(lambda x: begun.append(x) or 1 / x, [1, 0] * 5_000, limit=2)"
        with pytest.raises(ZeroDivisionError):
            context.eval_dana(program)
        assert context.eval_dana("begun") == [1, 0]
        # The functions are those that were there when they were called.
        program = "stages = [lambda x: stages.clear() or x] + [lambda x: x] * 1_500\n(sum(1 | stages), len(stages))"
        assert context.eval_dana(program) == (1501, 0)


def test_the_places_of_an_error_take_no_more_than_what_is_shown() -> None:
    with DanaRuntime().create_context() as context:
        with pytest.raises(ZeroDivisionError) as caught:
            context.eval_dana(f"func f(n): return f(n - 1) if n else 1 / 0  # {'x' * 3_000_000}\nf(500)")
        assert len(caught.value.stack) == 502
        assert all(len(place.text) <= 4096 for place in caught.value.stack)
        with pytest.raises(ZeroDivisionError) as caught:
            context.eval_dana(f"x = [{'1, ' * 2_000}1 / 0]")
        assert "line 1" in "".join(traceback.format_exception(caught.value))


def test_the_time_of_what_the_host_asks_for_is_limited() -> None:
    with DanaRuntime().create_context(max_execution_time="100ms") as context:
        program = f"{EACH_TWICE}struct Pair:\n    a: list\n[Pair(x), Pair(y)]"
        one, other = context.eval_dana(program)
        for deed in (lambda: repr(one), lambda: one == other):
            with pytest.raises(errors.DanaError, match="the limit of execution time is used up"):
                deed()
        assert context.eval_dana("1 + 1") == 2
        assert repr(context.eval_dana("Pair([2])")) == "Pair(a=[2])"


# What a program gets of the host that is more than it may hold, by the way in which it comes.
TOO_MUCH = ["give()", "guest.text", "for x in lend():\n    pass", "import too_much.py"]


@pytest.mark.parametrize("program", TOO_MUCH)
@pytest.mark.parametrize("is_caught", [False, True])
def test_no_program_catches_that_the_host_gave_it_too_much(program: str, is_caught: bool, tmp_path: Path) -> None:
    (tmp_path / "too_much.py").write_text("items = ['x'] * 1_000_000\n", encoding="utf-8")
    with DanaRuntime(shared=False) as runtime:
        runtime.function("give")(lambda: "x" * 10_000_000)
        runtime.function("lend")(lambda: iter(["x" * 10_000_000]))
        guest = SimpleNamespace(text="x" * 10_000_000)
        options: dict[str, Any] = {"search_path": [tmp_path], "allowed_capabilities": ["python_import"]}
        with runtime.create_context(max_memory="1MB", local={"guest": guest}, **options) as context:
            if is_caught:
                program = "try:\n" + textwrap.indent(program, "    ") + "\nexcept Exception:\n    'caught'"
            with pytest.raises(errors.MemoryLimitExceeded, match="max_memory"):
                context.eval_dana(program)
            assert context.closed


def test_a_limit_of_another_context_is_the_programs_to_catch() -> None:
    with DanaRuntime(shared=False) as runtime, runtime.create_context() as context:

        @runtime.function
        def work() -> object:
            with runtime.create_context(max_memory="1MB") as other:
                return other.eval_dana("[0] * 10_000_000")

        found = context.eval_dana("try:\n    work()\nexcept Exception as error:\n    found = str(error)\nfound")
        assert "the limit of memory is used up" in found
        assert not context.closed


def test_a_text_that_is_too_long_is_refused() -> None:
    with DanaRuntime(shared=False) as runtime, runtime.create_context(max_source_size=100) as context:
        with pytest.raises(errors.DanaError, match="has 201 bytes; this context takes texts of up to 100"):
            context.eval_dana("#" * 201)
        assert context.eval_dana("1") == 1


def test_nesting_between_dana_and_python_ends() -> None:
    with DanaRuntime(shared=False) as runtime, runtime.create_context() as context:
        depths = itertools.count()

        @runtime.function
        def deeper() -> object:
            next(depths)
            return context.eval_dana("deeper()")

        with pytest.raises(RecursionError, match="calls between the program and its host are nested too deeply"):
            context.eval_dana("deeper()")
        assert next(depths) == 64
        assert context.eval_dana("1 + 1") == 2


# What programs try, and what they try it on.
ESCAPES: list[tuple[str, str]] = [
    ("the class of a value", "().__class__"),
    ("the bases of a class", "(1).__class__.__bases__"),
    ("the subclasses of object", "[].__class__.__mro__[1].__subclasses__()"),
    ("the globals of a Python function", "guest.method.__globals__"),
    ("the code of a Python function", "guest.method.__code__"),
    ("the frame of a generator", "guest.generator.gi_frame"),
    ("the module of a Python object through getattr", "getattr(guest, '__class__')"),
    ("an attribute by format", "'{0.__class__}'.format(guest)"),
    ("an attribute by format_map", "'{x.__class__}'.format_map({'x': guest})"),
    ("an attribute in an f-string", "f'{guest.__class__}'"),
    ("a name of Python's", "open('/etc/passwd')"),
    ("an import of Python's", "import os"),
    ("an import of Python's with its ending", "import os.py"),
    ("the builtins", "__builtins__"),
    ("a dynamic import", "__import__('os')"),
    ("evaluation", "eval('1')"),
    ("execution", "exec('1')"),
    ("a file", "read_text('/etc/passwd')"),
    ("a folder", "list_dir('/')"),
    ("writing a file", "write_text('/tmp/dana-was-here', '')"),
    ("a variable of the process", "env('PATH')"),
    ("the clock", "now()"),
    ("waiting", "sleep(0)"),
    ("the module time", "import time"),
    ("system variables", "system:x = 1"),
    ("setting an attribute of a Python class", "setattr(guest, '__class__', int)"),
    ("a private attribute", "guest._secret"),
    ("a method resolution order", "guest.mro"),
]


class Guest:
    """An object that programs are given."""

    _secret = 1

    def __init__(self) -> None:
        self.generator = (x for x in [1])

    def method(self) -> None:
        """Does nothing."""


@pytest.mark.parametrize("program", [row[1] for row in ESCAPES], ids=[row[0] for row in ESCAPES])
def test_programs_do_not_break_out(program: str) -> None:
    with DanaRuntime(shared=False) as runtime, runtime.create_context() as context:
        context.public["guest"] = Guest()
        with pytest.raises((errors.DanaError, AttributeError, NameError, ImportError, SyntaxError, TypeError)):
            context.eval_dana(program.replace("guest", "public:guest"))


def test_contexts_see_nothing_of_each_other() -> None:
    with DanaRuntime(shared=False) as runtime, runtime.create_context() as one, runtime.create_context() as other:
        one.eval_dana("x = 1\nprivate:y = 2\npublic:z = 3\nfunc f():\n    return x\nstruct S:\n    a: int")
        for name in ("x", "private:y", "public:z", "f()", "S(1)"):
            with pytest.raises((NameError, errors.DanaError)):
                other.eval_dana(name)
        function, instance = one.function("f"), one.eval_dana("S(1)")
        for value in (function, instance, [function], {"k": instance}):
            with pytest.raises(errors.ContextIsolationError):
                other.call("len", value)


def test_a_link_does_not_lead_out_of_a_granted_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text("secret")
    (inside / "link").symlink_to(outside)
    (inside / "file").symlink_to(outside / "secret.txt")
    (inside / "open.txt").write_text("open")
    granted = [f"file_read:{inside}", f"file_write:{inside}"]
    with DanaRuntime(shared=False) as runtime, runtime.create_context(allowed_capabilities=granted) as context:
        assert context.eval_dana(f"read_text('{inside}/open.txt')") == "open"
        for path in ("link/secret.txt", "file", "../outside/secret.txt", f"{inside}/../outside/secret.txt"):
            with pytest.raises(errors.CapabilityError, match="leads out of its folder"):
                context.eval_dana(f"read_text('{path}')")
        # A slash with an accent behind it is one character, and still a slash.
        accents = ("../\u0301new.txt", "link/\u0301new.txt", "link/\u200dnew.txt", f"{inside}/../\u0301new.txt")
        for path in ("link/new.txt", "../outside/new.txt", "..", f"{outside}/new.txt", *accents):
            with pytest.raises((OSError, errors.DanaError)):
                context.eval_dana(f"write_text('{path}', 'x')")
        for program in ("list_dir('..')", "list_dir('link')"):
            with pytest.raises(errors.CapabilityError, match="leads out of its folder"):
                context.eval_dana(program)
    assert sorted(path.name for path in outside.iterdir()) == ["secret.txt"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside", "outside"]


def test_contexts_close_while_others_work() -> None:
    with DanaRuntime(shared=False) as runtime:
        results: list[int] = []

        def work(context: DanaContext) -> None:
            results.append(context.eval_dana("sum(x * x for x in range(20_000))"))

        def burn(context: DanaContext) -> None:
            with pytest.raises(errors.LimitExceeded):
                context.eval_dana("while True:\n    pass")

        contexts = [runtime.create_context() for _ in range(3)]
        workers = [threading.Thread(target=work, args=(context,)) for context in contexts]
        limited = [runtime.create_context(max_ticks=10_000) for _ in range(3)]
        burners = [threading.Thread(target=burn, args=(context,)) for context in limited]
        for thread in workers + burners:
            thread.start()
        for thread in workers + burners:
            thread.join()
        assert results == [sum(x * x for x in range(20_000))] * 3
        for context in contexts:
            context.close()
