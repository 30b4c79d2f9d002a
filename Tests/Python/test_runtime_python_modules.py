"""Python modules that Dana programs import by their files."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import DanaRuntime

NAME = "helper_of_this_test"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / f"{NAME}.py"
    sys.modules.pop(NAME, None)


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
    first = sys.modules[NAME]
    write(file, "def count():\n    return 'changed'\n")
    assert evaluated(file, "helper.count()") == "changed"
    assert sys.modules[NAME] is not first


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
    assert NAME not in sys.modules
    write(file, "def count():\n    return 1\n")
    assert evaluated(file, "helper.count()") == 1
    working = sys.modules[NAME]
    write(file, "1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        evaluated(file, "1")
    assert sys.modules[NAME] is working


def test_what_a_module_imported_is_not_open(file: Path) -> None:
    write(file, "import os\nimport json as other\nfrom os import path as inner, getpid\nheld = {'os': 1}\n")
    for program in ("helper.os.getpid()", "helper.other", "helper.inner", f"from {NAME}.py import os"):
        with pytest.raises((AttributeError, ImportError)):
            evaluated(file, program)
    assert evaluated(file, "helper.getpid()") == os.getpid()
    assert evaluated(file, "helper.held") == {"os": 1}


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
