"""Errors of Dana as Python sees them: their classes, their words, and tracebacks with Dana's lines in them."""

import asyncio
import io
import linecache
import pdb
import pickle
import re
import sys
import textwrap
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anyio
import numpy
import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors

PROGRAM = """\
func divide(a, b):
    return a / b

func nested(a, b):
    return 1 + divide(a, b)
"""


@pytest.fixture
def context() -> Iterator[DanaContext]:
    with DanaRuntime().create_context() as context:
        yield context


def printed(error: BaseException) -> str:
    """What Python's printer makes of an error, without the frames of Python's files."""
    text = "".join(traceback.format_exception(error))
    return re.sub(r'  File "[^"]+\.py", line .*\n(    .*\n)*', "", text)


@pytest.mark.parametrize(
    ("statement", "expected", "base"),
    [
        ("1 / 0", "division by zero", ZeroDivisionError),
        ("[1][5]", "list index out of range", IndexError),
        ("{}['k']", "'k'", KeyError),
        ("int('x')", "invalid literal for int() with base 10: 'x'", ValueError),
        ("1 + 'a'", "unsupported operand type(s) for +: 'int' and 'str'", TypeError),
        ("no_such_name", "name 'no_such_name' is not defined", NameError),
        ("'a'.no_such", "'str' object has no attribute 'no_such'", AttributeError),
        ("assert false, 'must hold'", "must hold", AssertionError),
        ("raise RuntimeError('own')", "own", RuntimeError),
        ("raise NotImplementedError('later')", "later", NotImplementedError),
        ("raise OSError('disk')", "disk", OSError),
        ("raise FileNotFoundError('where')", "where", FileNotFoundError),
        ("raise TimeoutError('late')", "late", TimeoutError),
        ("raise BrokenPipeError('gone')", "gone", BrokenPipeError),
        ("raise ConnectionAbortedError('gone')", "gone", ConnectionAbortedError),
        ("raise ConnectionRefusedError('gone')", "gone", ConnectionRefusedError),
        ("raise ConnectionResetError('gone')", "gone", ConnectionResetError),
        ("raise BlockingIOError('later')", "later", BlockingIOError),
        ("raise ChildProcessError('child')", "child", ChildProcessError),
        ("raise InterruptedError('again')", "again", InterruptedError),
        ("raise IsADirectoryError('folder')", "folder", IsADirectoryError),
        ("raise NotADirectoryError('file')", "file", NotADirectoryError),
        ("raise ProcessLookupError('none')", "none", ProcessLookupError),
        ("raise OSError(2, 'no', 'f')", "[Errno 2] no: 'f'", FileNotFoundError),
        (
            "b'\\xff'.decode()", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
            UnicodeDecodeError,
        ),
        (
            "'aéé'.encode('ascii')", "'ascii' codec can't encode characters in position 1-2: ordinal not in range(128)",
            UnicodeEncodeError,
        ),
    ],
)
def test_each_error_is_of_pythons_class_too(
    context: DanaContext, statement: str, expected: str, base: type[Exception]
) -> None:
    with pytest.raises(base) as caught:
        context.eval_dana(statement)
    error = caught.value
    assert isinstance(error, errors.DanaError)
    assert str(error) == expected
    assert type(error).__module__ == "opendxa.dana.errors"
    assert error.stack[-1].line == 1


def test_the_traceback_shows_the_lines_of_dana(context: DanaContext) -> None:
    context.eval_dana(PROGRAM, name="rules of today")
    with pytest.raises(ZeroDivisionError) as caught:
        context.call("nested", 1, 0)
    shown = printed(caught.value)
    assert shown == textwrap.dedent(
        """\
        Traceback (most recent call last):
          File "rules of today", line 5, in nested
            return 1 + divide(a, b)
                       ^^^^^^^^^^^^
          File "rules of today", line 2, in divide
            return a / b
                   ~~^~~
        opendxa.dana.errors.DanaZeroDivisionError: division by zero
        """
    ).replace("^^^^^^^^^^^^\n", "^^^^^^^^^^^^\n" if sys.version_info < (3, 13) else "~~~~~~^^^^^^\n")


def test_the_traceback_shows_the_lines_of_a_file(context: DanaContext, tmp_path: Path) -> None:
    file = tmp_path / "rules.na"
    file.write_text("text = 'ärger' + str(1 // 0)\n", encoding="utf-8")
    with pytest.raises(ZeroDivisionError) as caught:
        context.run_file(file)
    (place,) = caught.value.stack  # type: ignore[attr-defined]
    assert (place.source, place.function, place.line, place.column) == (str(file), "<module>", 1, 22)
    assert printed(caught.value).splitlines()[1:4] == [
        f'  File "{file}", line 1, in <module>',
        "    text = 'ärger' + str(1 // 0)",
        "                         ~~^^~~",
    ]


def test_a_text_keeps_its_lines_whatever_the_cache_forgets(context: DanaContext) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        context.eval_dana("x = 1\nx // 0")
    linecache.checkcache()
    assert "    x // 0\n" in printed(caught.value)


def test_the_cache_of_lines_does_not_grow_for_ever(context: DanaContext) -> None:
    def fail(number: int) -> BaseException:
        with pytest.raises(ZeroDivisionError) as caught:
            context.eval_dana(f"{number} // 0")
        return caught.value

    for number in range(300):
        fail(number)
    size = len(linecache.cache)
    for number in range(300, 400):
        assert f"    {number} // 0\n" in printed(fail(number))
    assert len(linecache.cache) <= size + 1  # printing looks at this file


def test_two_texts_do_not_share_their_lines(context: DanaContext) -> None:
    shown = []
    for statement in ("1 // 0  # one", "2 // 0  # two"):
        with pytest.raises(ZeroDivisionError) as caught:
            context.eval_dana(statement)
        shown.append(caught.value)
    assert "1 // 0" in printed(shown[0])
    assert "2 // 0" in printed(shown[1])


def test_a_syntax_error_shows_its_place(context: DanaContext) -> None:
    with pytest.raises(SyntaxError) as caught:
        context.eval_dana("x = 1\ny = = 2\nz = )\n", name="wrong")
    error = caught.value
    assert isinstance(error, errors.DanaSyntaxError)
    assert (error.filename, error.lineno, error.offset, error.text) == ("wrong", 2, 5, "y = = 2")
    assert str(error) == "invalid syntax (wrong, line 2)"
    assert [(finding.line, finding.message) for finding in error.findings] == [
        (2, "invalid syntax"),
        (3, "unmatched ')'"),
    ]
    assert printed(error) == (
        "Traceback (most recent call last):\n"
        '  File "wrong", line 2\n'
        "    y = = 2\n"
        "        ^\n"
        "opendxa.dana.errors.DanaSyntaxError: invalid syntax\n"
        "wrong:3:5: unmatched ')'\n"
    )


def test_a_syntax_error_has_hints(context: DanaContext) -> None:
    with pytest.raises(SyntaxError) as caught:
        context.eval_dana("class Point: pass")
    (note,) = caught.value.__notes__
    assert note.startswith("hint: ")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("value = 1\nprint(valeu)", "did you mean 'value'?"),
        ("'a'.uper()", "did you mean 'upper'?"),
        ("from math import squrt", "did you mean 'sqrt'?"),
    ],
)
def test_what_was_probably_meant_is_a_note(context: DanaContext, text: str, hint: str) -> None:
    with pytest.raises((NameError, AttributeError, ImportError)) as caught:
        context.eval_dana(text)
    assert caught.value.__notes__ == [hint]
    assert hint not in str(caught.value)


def test_an_error_of_pythons_is_the_cause_and_is_caught_by_its_class(context: DanaContext) -> None:
    class OrderError(Exception):
        def __init__(self, number: int) -> None:
            super().__init__(f"order {number} is late")
            self.number = number

    original = OrderError(7)

    def fails(value: int) -> None:
        raise original

    context.eval_dana("func apply(f, value):\n    return f(value)")
    with pytest.raises(OrderError) as caught:
        context.call("apply", fails, 1)
    error = caught.value
    assert isinstance(error, errors.DanaError)
    assert error.__cause__ is original
    assert (str(error), error.number) == ("order 7 is late", 7)
    shown = printed(error)
    assert "The above exception was the direct cause of the following exception:" in shown
    assert "    return f(value)\n" in shown


def test_dana_catches_errors_of_pythons(context: DanaContext) -> None:
    def fails() -> None:
        raise KeyError("gone")

    context.eval_dana("func safe(f):\n    try: return f()\n    except KeyError as e: return 'caught ' + str(e)")
    assert context.call("safe", fails) == "caught 'gone'"


def test_what_is_no_exception_goes_through_as_it_is(context: DanaContext) -> None:
    stop = SystemExit(3)

    def ends() -> None:
        raise stop

    context.eval_dana("func apply(f): return f()")
    with pytest.raises(SystemExit) as caught:
        context.call("apply", ends)
    assert caught.value is stop


def test_pdb_opens_the_frames_of_dana(context: DanaContext) -> None:
    context.eval_dana(PROGRAM, name="rules for pdb")
    with pytest.raises(ZeroDivisionError) as caught:
        context.call("nested", 1, 0)
    said = io.StringIO()
    debugger = pdb.Pdb(stdin=io.StringIO("where\nup\nlist 1,5\nquit\n"), stdout=said)
    debugger.reset()
    debugger.interaction(None, caught.value.__traceback__)
    text = said.getvalue()
    assert "rules for pdb(2)divide()" in text
    assert "-> return a / b" in text
    assert "-> return 1 + divide(a, b)" in text
    context.close()


def test_errors_can_be_pickled(context: DanaContext) -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        context.eval_dana("1 / 0")
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value)
    assert str(again) == "division by zero"
    assert isinstance(caught.value, errors.DanaError)
    assert isinstance(again, errors.DanaError)
    assert [repr(place) for place in again.stack] == [repr(place) for place in caught.value.stack]


LIMITS: list[tuple[dict[str, object], str, type[Exception], str]] = [
    ({"max_ticks": 1000}, "while true: pass", RuntimeError, "the limit of ticks (calls and loop turns) is used up"),
    ({"max_memory": "1MB"}, "x = []\nwhile true: x.append('a' * 1000)", MemoryError, "the limit of memory is used up"),
    ({"max_execution_time": "20ms"}, "while true: pass", TimeoutError, "the limit of execution time is used up"),
    ({"timeout": "20ms"}, "while true: pass", TimeoutError, "the deadline has passed"),
    ({"max_depth": 50}, "func f(): return f()\nf()", RecursionError, "the limit of nested calls is used up"),
]


@pytest.mark.parametrize(("options", "program", "base", "message"), LIMITS)
def test_a_limit_closes_the_context(
    options: dict[str, object], program: str, base: type[Exception], message: str
) -> None:
    context = DanaRuntime().create_context(**options)  # type: ignore[arg-type]
    with pytest.raises(errors.LimitExceeded) as caught:
        context.eval_dana(program)
    assert isinstance(caught.value, base)
    assert str(caught.value) == f"{message}: create_context({next(iter(options))}=...) allows more"
    assert context.closed
    with pytest.raises(errors.ContextClosedError) as closed:
        context.eval_dana("1")
    assert str(closed.value) == (
        f"the context is closed since {message}: create another with runtime.create_context()"
    )


def test_a_text_that_is_too_large_is_refused() -> None:
    with DanaRuntime().create_context(max_source_size=100) as context:
        with pytest.raises(errors.LimitExceeded) as caught:
            context.eval_dana("x = 1" + " " * 200, name="large")
        assert str(caught.value) == (
            "large has 205 bytes; this context takes texts of up to 100: "
            "create_context(max_source_size=...) allows more"
        )
        assert caught.value.limit == "sourceSize"
        assert context.eval_dana("1 + 1") == 2


def raised(context: DanaContext, error: BaseException) -> Any:
    """What comes out when a function of Python's raises an error in Dana."""

    def fails() -> None:
        raise error

    context.eval_dana("func apply(f): return f()")
    with pytest.raises(Exception) as caught:
        context.call("apply", fails)
    assert caught.value is not error
    assert caught.value.__cause__ is error
    return caught.value


class OrderError(Exception):
    """An error of a user's, whose attributes have names that Dana has, too."""

    def __init__(self, number: int, *, kind: str) -> None:
        super().__init__(number, "late")
        self.number = number
        self.kind = kind


@pytest.mark.parametrize(
    ("original", "fields"),
    [
        (FileNotFoundError(2, "No such file", "/x"), ("errno", "strerror", "filename")),
        (ConnectionResetError(104, "reset"), ("errno", "strerror", "filename")),
        (NotADirectoryError(20, "no folder"), ("errno", "strerror", "filename")),
        (KeyError("k"), ()),
        (KeyError(), ()),
        (ValueError(1, 2), ()),
        (EOFError("end"), ()),
        (ImportError("m", name="n", path="/p"), ("name", "path")),
        (NameError("n", name="n"), ("name",)),
        (AttributeError("a", name="a", obj=1), ("name", "obj")),
        (SyntaxError("bad", ("f.py", 3, 4, "x")), ("lineno", "filename", "offset", "text", "msg")),
        (UnicodeDecodeError("utf8", b"x", 0, 1, "bad"), ("encoding", "object", "start", "end", "reason")),
        (StopIteration(3), ("value",)),
        (OrderError(7, kind="urgent"), ("number", "kind")),
        (ExceptionGroup("several", [ValueError(1), KeyError("k")]), ("message", "exceptions")),
        (errors.DanaValueError("inner"), ()),
        (errors.ResourceError("gone"), ()),
        (errors.AnswerError("odd"), ("code", "body")),
        (errors.ContextClosedError("closed"), ()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_except_clauses_read_of_an_error_of_pythons_is_there(
    context: DanaContext, original: Exception, fields: tuple[str, ...]
) -> None:
    error = raised(context, original)
    assert isinstance(error, errors.DanaError)
    assert isinstance(error, type(original))
    assert error.args == original.args
    assert str(error) == str(original)
    assert [getattr(error, name) for name in fields] == [getattr(original, name) for name in fields]
    if not isinstance(original, ExceptionGroup):
        again = pickle.loads(pickle.dumps(error))
        assert isinstance(again, type(original))
        assert (str(again), again.args) == (str(error), error.args)


@pytest.mark.parametrize(
    ("statement", "arguments", "fields"),
    [
        ("{}['k']", ("k",), {}),
        ("{}[(1, 2)]", ((1, 2),), {}),
        ("raise ValueError(1, 'a')", (1, "a"), {}),
        ("raise ValueError((1, 2))", ((1, 2),), {}),
        ("raise ValueError()", (), {}),
        ("raise ValueError('(1, 2)')", ("(1, 2)",), {}),
        ("raise ValueError([].append)", None, {}),
        ("raise OSError(2, 'gone')", (2, "gone"), {"errno": 2, "strerror": "gone"}),
        ("read_text('/nonexistent')", None, {"errno": 2, "filename": "/nonexistent"}),
        ("no_such_name", None, {"name": "no_such_name"}),
        ("'a'.no_such", None, {"name": "no_such"}),
        ("import no_such.thing", None, {"name": "no_such"}),
        ("from math import no_such", None, {"name": "math"}),
    ],
)
def test_an_error_of_danas_has_its_arguments_and_what_python_has_of_it(
    statement: str, arguments: tuple[object, ...] | None, fields: dict[str, object]
) -> None:
    with DanaRuntime().create_context(allowed_capabilities=["file_read"]) as context:
        with pytest.raises(errors.DanaError) as caught:
            context.eval_dana(statement)
    error = caught.value
    assert error.args == ((str(error),) if arguments is None else arguments)
    assert {name: getattr(error, name) for name in fields} == fields


class Unsettable(Exception):
    """An error of which something cannot be set."""

    @property
    def number(self) -> int:
        return 1


class Textless(Exception):
    """An error that fails to tell what it is."""

    def __str__(self) -> str:
        raise AttributeError("no text")


def test_an_error_that_only_its_own_class_of_c_makes_is_told(context: DanaContext) -> None:
    with pytest.raises(MemoryError, match="Unable to allocate .* for an array") as caught:
        context.eval_dana("lambda array: array.repeat(10 ** 15)")(numpy.arange(3))
    assert isinstance(caught.value, errors.DanaMemoryError)
    kinds = [MemoryError, OSError, UnicodeDecodeError, StopIteration, ImportError, SyntaxError, AttributeError]
    for kind in kinds:
        made: type[Exception] = type("Own", (kind,), {})
        original = made("utf8", b"x", 0, 1, "bad") if kind is UnicodeDecodeError else made("own")
        error = raised(context, original)
        assert isinstance(error, made) and isinstance(error, errors.DanaError)
        assert error.args == original.args
    hidden = Unsettable("odd")
    hidden.__dict__["number"] = 2
    assert str(raised(context, hidden)) == "odd"
    assert isinstance(raised(context, Textless()), Textless)


def test_a_group_of_errors_is_found_by_except_with_a_star(context: DanaContext) -> None:
    def fails() -> None:
        raise ExceptionGroup("several", [ValueError(1), KeyError("k")])

    context.eval_dana("func apply(f): return f()")
    found: list[str] = []
    try:
        context.call("apply", fails)
    except* KeyError as group:
        found += [repr(error) for error in group.exceptions]
    except* ValueError as group:
        found += [repr(error) for error in group.exceptions]
    assert found == ["KeyError('k')", "ValueError(1)"]


def test_nested_errors_say_once_what_they_are(context: DanaContext) -> None:
    with DanaRuntime().create_context() as inner:
        context.eval_dana("func said(f):\n    try: f()\n    except ValueError as error: return str(error)")
        assert context.call("said", lambda: inner.eval_dana("int('x')")).startswith("invalid literal")


CHAINED = """\
func first(f): f()

func caused(f):
    try:
        first(f)
    except Exception as error:
        raise ValueError("second") from error

func handled(f):
    try:
        first(f)
    except Exception:
        raise ValueError("second")

func hidden(f):
    try:
        first(f)
    except Exception:
        raise ValueError("second") from None
"""


NOTED = """\
try:
    try: raise ValueError("first")
    except ValueError as e:
        e.add_note("of the first")
        raise KeyError("second") from e
except KeyError as e:
    e.add_note("one")
    e.add_note("two")
    raise
"""


def test_the_notes_of_a_program_are_those_of_the_error(context: DanaContext) -> None:
    with pytest.raises(KeyError) as caught:
        context.eval_dana(NOTED)
    assert caught.value.__notes__ == ["one", "two"]
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__.__notes__ == ["of the first"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        ("json.dumps(thing)", "Object of type object is not JSON serializable"),
        ("text.search('a', thing)", "text.search() expects a str at argument 'string'"),
        ("text.compile(thing)", "a pattern is a str, or what compile() gives"),
    ],
)
def test_messages_name_the_function_that_a_program_called(context: DanaContext, call: str, message: str) -> None:
    context.eval_dana(f"import json, text\nfunc told(thing): return {call}")
    with pytest.raises(TypeError, match=re.escape(message)):
        context.call("told", object())


def test_a_program_sees_pythons_class_of_a_system_error(context: DanaContext) -> None:
    def fails() -> None:
        raise BrokenPipeError(32, "gone")

    context.eval_dana("func kind(f):\n    try: f()\n    except BrokenPipeError as e: return e.kind")
    assert context.call("kind", fails) == "BrokenPipeError"


def test_the_errors_that_led_to_one_are_its_causes_and_contexts(context: DanaContext) -> None:
    original = OrderError(7, kind="urgent")

    def fails() -> None:
        raise original

    context.eval_dana(CHAINED, name="chained")
    for name, is_cause in (("caused", True), ("handled", False)):
        with pytest.raises(ValueError, match="second") as caught:
            context.call(name, fails)
        error = caught.value
        earlier = error.__cause__ if is_cause else error.__context__
        assert (error.__cause__ is None, error.__suppress_context__) == (not is_cause, is_cause)
        assert isinstance(earlier, OrderError)
        assert earlier.__cause__ is original
        assert '  File "chained", line 1, in first\n' in printed(error)
    with pytest.raises(ValueError, match="second") as caught:
        context.eval_dana("func divides(): 1 / 0\ncaused(divides)")
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    with pytest.raises(ValueError, match="second") as caught:
        context.call("hidden", fails)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_task_that_is_cancelled_gets_asyncios_error() -> None:
    async def main() -> None:
        async with DanaRuntime().create_context() as context:

            async def waits() -> None:
                await asyncio.sleep(60)

            context.eval_dana("func run(f): return f()")
            started = asyncio.Event()

            async def begins() -> None:
                started.set()
                await waits()

            task = asyncio.create_task(context.call_async("run", begins))
            await started.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert not context.closed

    asyncio.run(main())


def test_a_cancelled_task_sees_the_words_of_whoever_cancelled_it(context: DanaContext) -> None:
    async def main() -> None:
        began = asyncio.Event()
        context.eval_dana("func run(f):\n    f()\n    while true: pass")
        task = asyncio.create_task(context.call_async("run", began.set))
        await began.wait()
        task.cancel("enough of it")
        with pytest.raises(asyncio.CancelledError) as caught:
            await task
        assert caught.value.args == ("enough of it",)

    asyncio.run(main())


def test_anyio_ends_its_scopes(context: DanaContext) -> None:
    async def main() -> None:
        with anyio.move_on_after(0.05) as scope:
            await context.eval_dana_async("while true: pass")
        assert scope.cancelled_caught

    asyncio.run(main())


def test_cancelling_says_why(context: DanaContext) -> None:
    context.eval_dana("func run(f):\n    f()\n    while true: pass")
    with pytest.raises(errors.DanaCancelledError) as caught:
        context.call("run", lambda: context.cancel("enough of it"))
    assert "enough of it" in str(caught.value)


@pytest.mark.parametrize(
    ("statement", "fields"),
    [
        ("raise FileNotFoundError(2, 'no', 'f')", {"errno": 2, "strerror": "no", "filename": "f", "args": (2, "no")}),
        ("raise OSError(5, 'io')", {"errno": 5, "strerror": "io", "filename": None, "args": (5, "io")}),
        (
            "raise OSError(2, 'no', 'f', null, 'g')",
            {"errno": 2, "filename": "f", "filename2": "g", "args": (2, "no")},
        ),
        (
            "b'a\\xe2\\x82'.decode()",
            {"encoding": "utf-8", "object": b"a\xe2\x82", "start": 1, "end": 3, "reason": "unexpected end of data"},
        ),
        (
            "'aé'.encode('latin-1').decode('ascii')",
            {"encoding": "ascii", "object": b"a\xe9", "start": 1, "end": 2, "reason": "ordinal not in range(128)"},
        ),
        (
            "'a€'.encode('latin-1')",
            {"encoding": "latin-1", "object": "a€", "start": 1, "end": 2, "reason": "ordinal not in range(256)"},
        ),
        (
            "(b'a' * 100000 + b'\\xff').decode()",
            {"encoding": "utf-8", "object": b"", "start": 100000, "end": 100001, "reason": "invalid start byte"},
        ),
    ],
)
def test_the_errors_of_a_program_have_the_fields_of_pythons(
    context: DanaContext, statement: str, fields: dict[str, Any]
) -> None:
    with pytest.raises((OSError, UnicodeError)) as caught:
        context.eval_dana(statement)
    assert {name: getattr(caught.value, name) for name in fields} == fields
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.args) == (str(caught.value), caught.value.args)


def test_an_error_about_an_encoding_tells_a_program_what_it_tells_python(context: DanaContext) -> None:
    program = (
        "try:\n    b'a\\xff'.decode()\nexcept UnicodeDecodeError as e:\n"
        "    told = [e.args, str(e), repr(e), e.encoding, e.object, e.start, e.end, e.reason]\ntold"
    )
    with pytest.raises(UnicodeDecodeError) as caught:
        b"a\xff".decode()
    e = caught.value
    assert context.eval_dana(program) == [
        e.args, str(e), repr(e), e.encoding, e.object, e.start, e.end, e.reason,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "original",
    [
        KeyError(0), KeyError("k"), KeyError(("a", 1)), KeyError(), ValueError(1, 2), ValueError(), ValueError(None),
        RuntimeError([1, (2.5, b"x")]), OSError(5, "io"), StopIteration(3),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"),
    ],
    ids=repr,
)  # fmt: skip
def test_a_program_that_catches_an_error_of_pythons_sees_its_arguments(
    context: DanaContext, original: Exception
) -> None:
    def fails() -> None:
        raise original

    context.eval_dana(
        "func caught(f):\n    try:\n        f()\n    except Exception as e:\n        return [e.args, str(e), repr(e)]"
    )
    assert context.call("caught", fails) == [original.args, str(original), repr(original)]
    error = raised(context, original)
    assert (error.args, str(error)) == (original.args, str(original))


def test_a_program_sees_the_file_of_an_error_of_pythons(context: DanaContext) -> None:
    def fails() -> None:
        raise FileNotFoundError(2, "no", "f")

    context.eval_dana(
        "func caught(f):\n    try:\n        f()\n    except OSError as e:\n        return [e.errno, e.filename, str(e)]"
    )
    assert context.call("caught", fails) == [2, "f", "[Errno 2] no: 'f'"]


class RefusedError(ValueError):
    """An error of a user's that tells what was refused."""

    def __init__(self, *args: Any, about: str = "") -> None:
        super().__init__(*args)
        self.about = about


@pytest.mark.parametrize(
    ("made", "args"),
    [
        (lambda secret: RuntimeError("bad " + secret), ("bad [redacted]",)),
        (lambda secret: RuntimeError(1, {"token": secret}), (1, {"token": "[redacted]"})),
        (lambda secret: KeyError(secret), ("[redacted]",)),
        (lambda secret: RefusedError("bad", [secret], about=secret), ("bad", ["[redacted]"])),
        (lambda secret: RefusedError(Path(secret), 1), ("PosixPath('[redacted]')", 1)),
    ],
)
@pytest.mark.parametrize("is_context", [False, True])
def test_secrets_are_in_no_part_of_an_error(made: Any, args: tuple[Any, ...], is_context: bool) -> None:
    secret = "sk-verysecretvalue1234567890"

    def fails(text: str) -> None:
        raise made(text)

    program = "fails(private:api_key)"
    if is_context:
        program = f"try:\n    {program}\nexcept Exception as e:\n    raise TypeError('other')"
    with DanaRuntime().create_context(private={"api_key": secret}, local={"fails": fails}) as context:
        with pytest.raises(errors.DanaError) as caught:
            context.eval_dana(program)
    error: BaseException | None = caught.value.__context__ if is_context else caught.value
    assert isinstance(error, errors.DanaError)
    assert error.args == args
    assert secret not in str(error) + repr(error) + repr(vars(error))
    assert "[redacted]" in str(error)
