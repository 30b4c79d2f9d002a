"""What programs come upon in objects of the host's and of libraries, and may not use: classes, functions, the time."""

import datetime
import enum
import functools
import itertools
import json
import os
import threading
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import numpy
import pandas
import polars
import pytest

from opendxa.dana import DanaRuntime, errors

SECRET = "a-secret-of-the-host"
DAYS = pandas.Series(pandas.to_datetime(["2020-01-01"]))
NOT_OPEN = "not open to Dana programs"


class Color(enum.Enum):
    RED = 1


class Item:
    size = 1

    def __init__(self, name: str) -> None:
        self.name = name


def shout(text: str) -> str:
    return text.upper()


def evaluated(program: str, /, **local: Any) -> Any:
    with DanaRuntime().create_context(local=local) as context:
        return context.eval_dana(program)


COLUMNS = {
    "numpy": (numpy.array(["x"]), "t.dtype.type"),
    "numpy": (numpy.array([1.5]), "t.dtype.type"),
    "pandas with zones": (DAYS.dt.tz_localize("UTC"), "t.dtype.type"),
    "pandas arrays": (DAYS.dt.tz_localize("UTC"), "t.dtype.construct_array_type()"),
    "polars with times": (polars.Series([datetime.datetime(2020, 1, 1)]), "t.dtype.to_python()"),
    "parameters of a class": (SimpleNamespace(kind=list[int]), "t.kind"),
    "a class with a note": (SimpleNamespace(kind=Annotated[datetime.date, 1]), "t.kind"),
    "parameters of typing's": (SimpleNamespace(kind=typing.List[int]), "t.kind"),  # noqa: UP006
    "a class of Python's": (SimpleNamespace(kind=datetime.date), "t.kind"),
}
USES = [
    "CLASS.x", "CLASS.now()", "CLASS()", "CLASS('x')", "k = CLASS\nk('x')", "CLASS.x = 1", "del CLASS.x", "CLASS['x']",
]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("column", COLUMNS)
def test_a_class_that_a_program_comes_upon_is_not_used(column: str, use: str) -> None:
    table, way = COLUMNS[column]
    with pytest.raises(AttributeError, match=NOT_OPEN):
        evaluated(use.replace("CLASS", way), t=table)


@pytest.mark.parametrize("column", COLUMNS)
def test_such_a_class_is_compared_and_shown(column: str) -> None:
    table, way = COLUMNS[column]
    assert evaluated(f"[{way} == {way}, {way} != 1, str({way}) == repr({way})]", t=table) == [True] * 3


def test_types_of_columns_say_what_they_hold() -> None:
    frame = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    assert evaluated("[str(x) for x in f.dtypes]", f=frame) == ["int64", "str"]
    assert evaluated("f['a'].astype(g['a'].dtype).tolist()", f=frame, g=frame[["a"]] / 2) == [1.0, 2.0]
    assert evaluated("f['a'].astype(a.dtype.type).tolist()", f=frame, a=numpy.array([1.5])) == [1.0, 2.0]
    assert evaluated("f.astype(f.dtypes).shape", f=frame) == (2, 2)
    assert evaluated("[s.dtype.is_numeric(), s.dtype == s.dtype]", s=polars.Series([1])) == [True, True]
    assert evaluated("s.cast(t.dtype).to_list()", s=polars.Series([1]), t=polars.Series([1.5])) == [1.0]


def test_classes_that_the_host_gives_are_used() -> None:
    program = "[day(2020, 1, 2).year, item('a').name, item.size, things.Color.RED.name, things.Item('b').name]"
    things = SimpleNamespace(Color=Color, Item=Item)
    assert evaluated(program, day=datetime.date, item=Item, things=things) == [2020, "a", 1, "RED", "b"]
    assert evaluated("day.today().year >= 2024", day=datetime.date)
    # Also where the program came upon it before.
    with DanaRuntime().create_context(local={"things": SimpleNamespace(day=datetime.date)}) as context:
        with pytest.raises(AttributeError, match=NOT_OPEN):
            context.eval_dana("kind = things.day\nkind(2020, 1, 2)")
        context.eval_dana("func given(kind): return kind(2020, 1, 2).year")
        assert context.call("given", datetime.date) == 2020
        assert context.eval_dana("1") == 1


def test_classes_of_granted_modules_are_used() -> None:
    with DanaRuntime().create_context(allowed_capabilities=["python_import:datetime", "python_import:io"]) as context:
        assert context.eval_dana("import datetime.py as dt\ndt.date(2020, 1, 2).year") == 2020
        assert context.eval_dana("day = dt.date\nday.fromisoformat('2020-01-02').month") == 1
        assert context.eval_dana("import io.py as io\nio.StringIO('text').read()") == "text"
        assert context.eval_dana("make = io.StringIO\nmake('text').read()") == "text"
        assert context.eval_dana("from datetime.py import timedelta\ntimedelta(1).days") == 1


@pytest.mark.parametrize("method", ["format", "format_map"])
def test_no_text_asks_for_attributes(method: str) -> None:
    form = "'{0.__globals__[SECRET]}'"
    for program in (f"kind.{method}({form}, shout)", f"f = kind.{method}\nf({form}, shout)", f"given({form}, shout)"):
        holder = SimpleNamespace(given=getattr(str, method))
        with pytest.raises(AttributeError, match=f"'str.{method}' is a built-in that is not open"):
            evaluated(program.replace("given", "holder.given"), kind=numpy.str_, shout=shout, holder=holder)
    with pytest.raises(TypeError, match=rf"str.{method}\(\) does not take objects of the host"):
        evaluated(f"kind.{method}({form}, shout)", kind=str, shout=shout)
    assert evaluated("greet('you')", greet="hello {}".format) == "hello you"


@pytest.mark.parametrize(
    "program",
    [
        "kind.size = 2", "del kind.size", "things.Item.size = 2", "shout.x = 1", "things.shout.x = 1", "module.x = 1",
        "del module.dumps", "module.decoder.x = 1", "numbers.dtype.is_numeric = shout", "whole.dtype.na_value = 1",
        "whole.dtype.construct_array_type = shout", "numbers.dtype.base_type().x = 1", "partly.x = 1", "missing.strftime = shout",
    ],
)
def test_what_the_whole_process_shares_is_not_changed(program: str) -> None:
    with pytest.raises((AttributeError, PermissionError)):
        evaluated(
            program, kind=Item, things=SimpleNamespace(Item=Item, shout=shout), shout=shout, module=json,
            numbers=polars.Series([1]), whole=pandas.Series([1], dtype="Int64"), partly=functools.partial(shout),
            missing=pandas.NaT,
        )
    assert Item.size == 1
    assert not hasattr(shout, "x")


def test_attributes_of_objects_are_set() -> None:
    frame, item = pandas.DataFrame({"a": [1]}), Item("a")
    evaluated("f.columns = ['b']\ni.name = 'c'\ni.other = 1\ndel i.other", f=frame, i=item)
    assert [list(frame.columns), item.name] == [["b"], "c"]


class Column:
    """What a library holds, and hands to a program's function."""

    def __init__(self, *items: Any) -> None:
        self.items = pandas.Series(list(items), dtype=object)


PASSED: list[tuple[Any, str, type[Exception], str]] = [
    (os, "c.items.map(lambda m: m.getcwd())", PermissionError, "'os' is a module, which needs the capability"),
    (eval, "c.items.map(lambda f: f('1'))", AttributeError, "'eval' is a built-in that is not open"),
    (os, "hand(lambda m: m)", PermissionError, "'os' is a module"),
    (os, "hand_by_name(lambda m: m)", PermissionError, "'os' is a module"),
    (os, "hand_in_list(lambda m: m)", PermissionError, "'os' is a module"),
    (os, "send(x for x in [1, 2])", PermissionError, "'os' is a module"),
    (datetime.date, "c.items.map(lambda d: d.today())", AttributeError, "'date' is a class that is not open"),
]


@pytest.mark.parametrize(("thing", "program", "error", "message"), PASSED)
def test_what_is_passed_to_a_programs_function_is_looked_at(
    thing: Any, program: str, error: type[Exception], message: str
) -> None:
    def send(generator: Any) -> object:
        next(generator)
        return generator.send(thing)

    functions: dict[str, Callable[[Any], object]] = {
        "hand": lambda f: f(thing), "hand_by_name": lambda f: f(m=thing), "hand_in_list": lambda f: f([thing]),
        "send": send,
    }
    with pytest.raises(error, match=message):
        evaluated(program, c=Column(thing), **functions)


def test_what_the_host_itself_passes_is_given() -> None:
    with DanaRuntime().create_context() as context:
        context.eval_dana("func sep(m): return m.sep\nfunc year(d): return d(2020, 1, 2).year")
        assert context.call("sep", os) == os.sep
        assert context.function("sep")(os) == os.sep
        assert context.call("year", datetime.date) == 2020


@pytest.mark.parametrize("value", ["datetime.datetime", "pandas.Timestamp", "pandas.Period", "datetime.date"])
def test_no_value_tells_the_time(value: str) -> None:
    values: dict[str, Any] = {
        "datetime.datetime": datetime.datetime(2020, 1, 1), "datetime.date": datetime.date(2020, 1, 1),
        "pandas.Timestamp": pandas.Timestamp("2020"), "pandas.Period": pandas.Period("2020"),
    }
    for program in ("d.now()", "d.today()", "f = d.today\nf()"):
        with pytest.raises(AttributeError):
            evaluated(program, d=values[value])
    assert evaluated("d.year", d=values[value]) == 2020


ZONES = [
    "s.dt.tz_localize('dateutil/FILE')", "s.dt.tz_localize(tz='dateutil/FILE')", "u.dt.tz_convert('dateutil/FILE')",
    "s.dt.tz_localize", "s[0].tz_localize('dateutil/FILE')", "s.astype('datetime64[ns, dateutil/FILE]')",
    "s.to_frame('a').astype({'a': 'datetime64[ns, dateutil/FILE]'})", "s.to_frame('a').astype(names)",
    "u.dtype == 'datetime64[ns, dateutil/FILE]'", "u.dtype.construct_from_string('datetime64[ns, dateutil/FILE]')",
    "s.to_frame('a').select_dtypes(['datetime64[ns, dateutil/FILE]'])",
]


@pytest.mark.parametrize("program", ZONES)
def test_no_name_of_a_time_zone_is_a_file(program: str, tmp_path: Path) -> None:
    file = tmp_path / "zone"
    file.write_text("no zone", encoding="utf-8")
    names = pandas.Series([f"datetime64[ns, dateutil/{file}]"], index=["a"])
    with pytest.raises(AttributeError, match=NOT_OPEN):
        evaluated(program.replace("FILE", str(file)), s=DAYS, u=DAYS.dt.tz_localize("UTC"), names=names)


def test_names_of_time_zones_are_open() -> None:
    program = "str(s.dt.tz_localize('UTC').dt.tz_convert('Asia/Tokyo')[0])"
    assert evaluated(program, s=DAYS) == "2020-01-01 09:00:00+09:00"


@pytest.mark.parametrize(
    "program",
    [
        "a.setflags(write=true)", "a.flags.writeable = true", "a.flags['WRITEABLE'] = true", "part.base[0] = 9",
        "part.base",
    ],
)
def test_an_array_that_is_read_only_stays_so(program: str) -> None:
    array = numpy.array([1, 2, 3])
    array.setflags(write=False)
    whole = numpy.array([1, 2, 3])
    part = whole[1:]
    part.setflags(write=False)
    with pytest.raises(AttributeError, match=NOT_OPEN):
        evaluated(program, a=array, part=part)
    assert [array.tolist(), whole.tolist()] == [[1, 2, 3], [1, 2, 3]]
    assert evaluated("a.flags.writeable", a=array) is False


@pytest.mark.parametrize(
    "program",
    [
        "d.info()", "p.glimpse()", "p.show()", "p.lazy().show()", "p.lazy().collect(background=true)",
        "p.lazy().collect", "p.lazy().collect_async()", "p.lazy().collect_batches()",
    ],
)
def test_frames_neither_print_nor_go_on_behind_a_program(program: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(AttributeError, match=NOT_OPEN):
        evaluated(program, d=pandas.DataFrame({"a": [1]}), p=polars.DataFrame({"a": [1]}))
    assert capfd.readouterr().out == ""
    assert evaluated("p.lazy().collect().shape", p=polars.DataFrame({"a": [1]})) == (1, 1)


def test_what_a_library_in_rust_did_not_expect_is_an_error() -> None:
    frame = polars.DataFrame({"a": [1, 2]})
    program = "f.group_by_dynamic('a', every='0i').agg()"
    assert evaluated(f"try:\n    {program}\nexcept Exception as e:\n    x = 'caught'\nx", f=frame) == "caught"
    with pytest.raises(errors.DanaError) as caught:
        evaluated(program, f=frame)
    assert type(caught.value.__cause__).__name__ == "PanicException"


def test_a_column_that_becomes_shorter_ends_the_loop() -> None:
    column = numpy.arange(5000)
    program = "n = 0\nfor y in x:\n    n += 1\n    if n == 2: shrink()\nn"
    assert evaluated(program, x=column, shrink=lambda: column.resize(2000, refcheck=False)) < 5000


class Numbers:
    """Has no end, and is gone through in C."""

    def __iter__(self) -> Iterator[int]:
        return itertools.count()


class Sized(Numbers):
    def __len__(self) -> int:
        return 3


class Places:
    def __len__(self) -> int:
        raise ValueError("nobody knows")

    def __getitem__(self, place: int) -> int:
        return place


class Pairs:
    def keys(self) -> Iterator[int]:
        return itertools.count()

    def __getitem__(self, key: int) -> int:
        return key


ENDLESS: list[tuple[Any, list[str]]] = [
    (range(2**62 + 1), ["sum(x)", "max(x)", "any(y for y in [])\nsum(x)", "1.5 in x", "all(x[1:])"]),
    (Numbers(), ["sum(x)", "-1 in x", "-1 not in x"]),
    (Sized(), ["sum(x)", "max(x)", "min(x)", "all(y > -1 for y in [1])\nmax(x)", "-1 in x", "','.join(x)"]),
    (Places(), ["-1 in x"]),
    (Pairs(), ["dict(x)"]),
]


@pytest.mark.parametrize(("value", "program"), [(value, program) for value, all_ in ENDLESS for program in all_])
def test_what_has_no_end_is_gone_through_within_the_limits(value: Any, program: str) -> None:
    with DanaRuntime().create_context(local={"x": value}, max_execution_time="200ms", max_memory="2MB") as context:
        with pytest.raises((errors.LimitExceeded, MemoryError, ValueError, TypeError)):
            context.eval_dana(program)


def test_what_has_no_end_is_cancelled() -> None:
    with DanaRuntime().create_context(local={"x": range(2**62 + 1)}) as context:
        timer = threading.Timer(0.05, context.cancel)
        timer.start()
        with pytest.raises(errors.DanaCancelledError):
            context.eval_dana("sum(x)")
        timer.join()


def test_a_class_may_say_anything_of_its_module() -> None:
    class Odd:
        __module__ = 7  # type: ignore[assignment]

        def __iter__(self) -> Iterator[int]:
            return iter([1, 2])

    assert evaluated("[x.name, sum(x), [y for y in x]]", x=type("Odder", (Odd,), {"name": "a"})()) == ["a", 3, [1, 2]]


class Few:
    """What has a length, and an order of its own."""

    def __init__(self, *items: int) -> None:
        self.items = items

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[int]:
        return iter(self.items)

    def __lt__(self, other: "Few") -> bool:
        return self.items < other.items

    def __gt__(self, other: "Few") -> bool:
        return self.items > other.items


class Number(Few):
    def __float__(self) -> float:
        return 4.0


class Table:
    def __len__(self) -> int:
        return 1

    def keys(self) -> list[str]:
        return ["a"]

    def __iter__(self) -> Iterator[str]:
        return iter(["a"])

    def __getitem__(self, key: str) -> int:
        return 5


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("[sum(x), max(x), any(x), 2 in x, 9 in x]", [6, 3, True, True, False]),
        ("[sorted(x), list(x), set(x)]", [[1, 2, 3], [1, 3, 2], {1, 2, 3}]),
        ("[max(x, y).items, min(x, y).items]", [(7,), (1, 3, 2)]),
        ("import math\nmath.sqrt(number)", 2.0),
        ("import math\nmath.prod(x)", 6),
        ("dict(table)", {"a": 5}),
        ("list(table)", ["a"]),
        ("bytes(array)", b"\x01\x00\x02\x00"),
        ("sum(few)", 6),
        ("[3 in few, 9 in few, 3.0 in few]", [True, False, True]),
        ("','.join(words)", "a,b"),
        ("'%s' % table == str(table)", True),
    ],
)
def test_what_has_an_end_is_gone_through_as_in_python(program: str, expected: object) -> None:
    import array

    found = evaluated(
        program, x=Few(1, 3, 2), y=Few(7), number=Number(1), table=Table(), array=array.array("h", [1, 2]),
        few={1: 1, 2: 2, 3: 3}.values(), words={"a": 1, "b": 2}.keys(),
    )
    assert found == expected


@pytest.mark.parametrize(
    "program", ["while true: print('x' * 1000)", "while true: log('x' * 1000)", "print('x' * 20_001)"]
)
def test_what_a_program_prints_is_limited(program: str) -> None:
    printed: list[str] = []
    with DanaRuntime().create_context(max_output="20000B", output=printed.append) as context:
        with pytest.raises(errors.LimitExceeded, match="max_output") as caught:
            context.eval_dana(f"try:\n    {program}\nexcept:\n    pass")
        assert caught.value.limit == "output"
        assert context.closed
    assert len("".join(printed)) <= 20_000


def test_what_programs_print_counts_for_the_life_of_a_context() -> None:
    printed: list[str] = []
    with DanaRuntime().create_context(max_output=1000, output=printed.append) as context:
        context.eval_dana("print('x' * 599)")
        context.eval_dana("print('y' * 399)")
        with pytest.raises(errors.LimitExceeded):
            context.eval_dana("print()")
    assert "".join(printed) == "x" * 599 + "\n" + "y" * 399 + "\n"
