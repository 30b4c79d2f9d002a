"""Python modules that Dana programs import by their files."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from opendxa.dana import DanaRuntime, errors

NAME = "helper_of_this_test"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / f"{NAME}.py"
    sys.modules.pop(NAME, None)


def loaded(file: Path) -> list[ModuleType]:
    """The modules that Python has of a file."""
    return [module for module in sys.modules.values() if getattr(module, "__file__", None) == str(file)]


def write(file: Path, text: str) -> None:
    """Writes the file as of another second than before."""
    before = file.stat().st_mtime if file.exists() else 0.0
    file.write_text(text, encoding="utf-8")
    os.utime(file, (before + 1, before + 1))


def evaluated(file: Path, program: str) -> Any:
    with DanaRuntime().create_context(
        allowed_capabilities=[f"python_import:{file.parent}"], search_path=[file.parent]
    ) as context:
        return context.eval_dana(f"import {NAME}.py as helper\n{program}")


def test_a_file_runs_once_until_it_changes(file: Path) -> None:
    write(file, "made = []\ndef count():\n    made.append(1)\n    return len(made)\n")
    assert evaluated(file, "helper.count()") == 1
    assert evaluated(file, "helper.count()") == 2
    (first,) = loaded(file)
    write(file, "def count():\n    return 'changed'\n")
    assert evaluated(file, "helper.count()") == "changed"
    (second,) = loaded(file)
    assert second is not first


def test_what_pythons_import_brought_is_taken_as_it_is(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(file, "made = []\ndef count():\n    made.append(1)\n    return len(made)\n")
    monkeypatch.syspath_prepend(file.parent)
    module = __import__(NAME)
    assert module.count() == 1
    assert evaluated(file, "helper.count()") == 2


def test_a_module_that_fails_leaves_what_was_there(file: Path) -> None:
    write(file, "1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        evaluated(file, "1")
    assert not loaded(file)
    write(file, "def count():\n    return 1\n")
    assert evaluated(file, "helper.count()") == 1
    working = loaded(file)
    write(file, "1 / 0\n")
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            evaluated(file, "1")
        assert loaded(file) == working


def test_what_a_module_imported_is_not_open(file: Path) -> None:
    write(file, "import os\nimport json as other\nfrom os import path as inner, getpid\nheld = {'os': 1}\n")
    for program in ("helper.os.getpid()", "helper.other", "helper.inner", f"from {NAME}.py import os"):
        with pytest.raises((AttributeError, ImportError)):
            evaluated(file, program)
    assert evaluated(file, "helper.getpid()") == os.getpid()
    assert evaluated(file, "helper.held") == {"os": 1}


@pytest.mark.parametrize(
    ("name", "program", "expected"),
    [
        ("os", "import os\nos.sep", os.sep),
        ("numpy", "import numpy\nint(numpy.sum([1, 2]))", 3),
        ("json", "import json.py as j\nj.dumps([1])", "[1]"),
        ("decimal", "import decimal\nstr(decimal.Decimal('1.5') * 2)", "3.0"),
        ("xml", "import xml.etree.ElementTree as tree\ntree.fromstring('<a b=\"1\"/>').get('b')", "1"),
    ],
)
def test_a_module_that_python_finds_is_granted_by_its_name(name: str, program: str, expected: object) -> None:
    with DanaRuntime().create_context(allowed_capabilities=[f"python_import:{name}"]) as context:
        assert context.eval_dana(program) == expected
        with pytest.raises(errors.CapabilityError, match=r"capability 'python_import:statistics', .*it was granted"):
            context.eval_dana("import statistics.py")
    with DanaRuntime().create_context() as context:
        with pytest.raises(errors.CapabilityError, match=rf"needs the capability 'python_import:{name}(\.[\w.]+)?', which"):
            context.eval_dana(program)


def test_a_file_of_the_name_of_a_module_is_not_granted_by_it(tmp_path: Path) -> None:
    (tmp_path / "colorsys.py").write_text("word = 'another'\n", encoding="utf-8")
    rights = ["python_import:colorsys"]
    with DanaRuntime().create_context(allowed_capabilities=rights, search_path=[tmp_path]) as context:
        with pytest.raises(errors.CapabilityError, match=f"needs the capability 'python_import:{tmp_path}', which"):
            context.eval_dana("import colorsys")
    with DanaRuntime().create_context(allowed_capabilities=rights) as context:
        assert context.eval_dana("import colorsys\ncolorsys.rgb_to_yiq(0, 0, 0)[0]") == 0


def test_a_module_that_is_granted_is_open(file: Path) -> None:
    write(file, "import os\nimport json\n")
    rights = [f"python_import:{file.parent}", "python_import:os"]
    with DanaRuntime().create_context(allowed_capabilities=rights, search_path=[file.parent]) as context:
        assert context.eval_dana(f"import {NAME}.py as helper\nhelper.os.path.join('a', 'b')") == os.path.join("a", "b")
        with pytest.raises(AttributeError):
            context.eval_dana("helper.json")
    with DanaRuntime().create_context(local={"path": os.path}) as context:
        assert context.eval_dana("path.join('a', 'b')") == os.path.join("a", "b")
        with pytest.raises(PermissionError, match="'os' is a module, which needs the capability 'python_import:os'"):
            context.eval_dana("path.os.getpid()")


WAYS = {
    "an attribute": "guest.thing",
    "an item of a dict": "guest.things['thing']",
    "an item of a list": "guest.row[0]",
    "a result": "give(guest)",
    "a result of a method": "guest.method()",
    "a loop": "[x for x in iterate(guest)][0]",
    "an item of an object": "guest[0]",
}


class Holder:
    def __init__(self, thing: object) -> None:
        self.thing = thing
        self.things = {"thing": thing}
        self.row = [thing]
        self.method = lambda: thing

    def __getitem__(self, index: int) -> object:
        return self.row[index]


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
def test_no_way_leads_to_what_is_not_granted(way: str) -> None:
    functions = {"give": lambda holder: holder.thing, "iterate": lambda holder: iter(holder.row)}
    for thing, error, message in (
        (os, PermissionError, "'os' is a module, which needs the capability 'python_import:os'"),
        (eval, AttributeError, "'eval' is a built-in that is not open to Dana programs"),
        (open, AttributeError, "'open' is a built-in that is not open to Dana programs"),
    ):
        with DanaRuntime().create_context(local={"guest": Holder(thing), **functions}) as context:
            with pytest.raises(error, match=message):
                context.eval_dana(way)
    rights = ["python_import:os"]
    with DanaRuntime().create_context(local={"guest": Holder(os), **functions}, allowed_capabilities=rights) as context:
        assert context.eval_dana(f"({way}).sep") == os.sep
    with DanaRuntime().create_context(local={"guest": Holder(len), **functions}) as context:
        assert context.eval_dana(f"({way})([1, 2])") == 2


FUNCTIONS = """
import asyncio
import functools

from opendxa.dana import dana_context_policy

def add(context, a, b=1, *, c=2):
    return [type(context).__name__, context.public["n"], a, b, c]

async def later(context, a):
    await asyncio.sleep(0)
    return [context.public["n"], a]

def pairs(context, count):
    for i in range(count):
        yield context.public["n"], i

short = lambda context, a: [context.public["n"], a]

def passing(function):
    @functools.wraps(function)
    def passes(*args, **kwargs):
        return function(*args, **kwargs)
    return passes

@passing
def wrapped(context, a):
    return [context.public["n"], a]

@dana_context_policy("public", "private")
def seen(context):
    return sorted(context.scopes)

class Service:
    def render(self, context):
        return context

    def ask(self, context, a):
        return [context.public["n"], a]

service = Service()
ask = service.ask

def own(a, context):
    return [a, context]
"""


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        ("helper.add(9)", ["PassedContext", 7, 9, 1, 2]),
        ("helper.add(b=3, a=9, c=4)", ["PassedContext", 7, 9, 3, 4]),
        ("5 | helper.add", ["PassedContext", 7, 5, 1, 2]),
        ("[helper.add(i)[2] for i in range(3)]", [0, 1, 2]),
        (f"from {NAME}.py import add\nadd(1)", ["PassedContext", 7, 1, 1, 2]),
        ("helper.later(4)", [7, 4]),
        ("list(helper.pairs(2))", [(7, 0), (7, 1)]),
        ("helper.short(1)", [7, 1]),
        ("helper.wrapped(1)", [7, 1]),
        ("helper.seen()", ["public"]),
        ("helper.ask(1)", [7, 1]),
        # What is called context beyond the first parameter, or in a method of an object, is the program's to give.
        ("helper.own(1, 2)", [1, 2]),
        ("helper.service.render('text')", "text"),
        ("(helper.service.render)('text')", "text"),
    ],
)
def test_a_first_parameter_named_context_gets_the_context(file: Path, program: str, expected: object) -> None:
    write(file, FUNCTIONS)
    assert evaluated(file, f"public:n = 7\n{program}") == expected


def test_the_modules_in_a_module_have_functions_too(file: Path) -> None:
    write(file, "import types\nparts = types.ModuleType('parts')\nparts.add = lambda context, a: [len(context.scopes), a]\n")
    with DanaRuntime().create_context(allowed_capabilities=["python_import"], search_path=[file.parent]) as context:
        assert context.eval_dana(f"import {NAME}.py as helper\nhelper.parts.add(3)") == [1, 3]


def test_a_reloaded_module_is_the_same_to_those_that_have_it(file: Path) -> None:
    write(file, "def version():\n    return 1\n")
    with DanaRuntime().create_context(allowed_capabilities=["python_import"], search_path=[file.parent]) as context:
        context.eval_dana(f"import {NAME}.py as helper\nfunc asked(): return helper.version()")
        assert context.call("asked") == 1
        write(file, "def version():\n    return 2\n")
        context.reload(NAME)
        assert context.call("asked") == 2
        write(file, "def version():\n    return 3\n1 / 0\n")
        with pytest.raises(ZeroDivisionError):
            context.reload(NAME)
        assert context.call("asked") == 2


PARTS = [
    ("import urllib.parse as p\np.quote('a b')", "a%20b"),
    ("from urllib.parse import quote\nquote('a b')", "a%20b"),
    ("import urllib.parse\nurllib.parse.quote('a b')", "a%20b"),
    ("import os.path as p\np.join('a', 'b')", os.path.join("a", "b")),
]


@pytest.mark.parametrize(("program", "value"), PARTS)
def test_a_part_of_a_package_is_granted_alone(program: str, value: str) -> None:
    rights = ["python_import:urllib.parse", "python_import:os.path"]
    with DanaRuntime().create_context(allowed_capabilities=rights) as context:
        assert context.eval_dana(program) == value
        for refused in ("import urllib.request", "from urllib import error", "import colorsys"):
            with pytest.raises(errors.CapabilityError):
                context.eval_dana(refused)
        for hidden in ("import os\nos.getpid()", "import urllib\nurllib.error", "from os import getpid"):
            with pytest.raises((AttributeError, ImportError, errors.CapabilityError)):
                context.eval_dana(hidden)


def test_a_part_of_a_package_is_its_variable() -> None:
    with DanaRuntime().create_context(allowed_capabilities=["python_import"]) as context:
        assert context.eval_dana("import xml.dom.minidom\nxml.dom.minidom.parseString('<a/>').documentElement.tagName") == "a"


@pytest.mark.parametrize(
    ("granted", "program", "error", "message"),
    [
        ([], "import itertools", errors.CapabilityError, "importing 'itertools' from Python needs the capability"),
        ([], "import none_such", ModuleNotFoundError, "No module named 'none_such'"),
        (["python_import"], "from re import none_such", ImportError, "cannot import name 'none_such' from 're.py'"),
        (["python_import"], "import re.none_such", ImportError, "No module named 're.none_such'"),
    ],
)
def test_what_cannot_be_imported_says_why(
    tmp_path: Path, granted: list[str], program: str, error: type[Exception], message: str
) -> None:
    with DanaRuntime().create_context(allowed_capabilities=granted, search_path=[tmp_path]) as context:
        with pytest.raises(error, match=f"^{message}"):
            context.eval_dana(program)
