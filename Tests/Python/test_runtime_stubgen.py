"""`dana stubgen`."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from opendxa.dana.__main__ import main

PROGRAM = '''\
"""What the shop knows."""

limit: int = 10
title = "shop"

struct Order:
    """What is ordered."""
    name: str
    count: int = 1
    tags: list[str] = []

func (order: Order) price(each: float, *, tax: float = 0.2) -> float:
    """What it costs."""
    return order.count * each

func (order: Order) labels() -> list:
    return order.tags

LIST = [1]

func total(order: Order, price: float, /, *rest: int, tax: float = 0.2, **more) -> float:
    """What it costs."""
    return order.count * price

func names(orders: list[Order]) -> list[str]:
    return [order.name for order in orders]

func find(name: str) -> Order | None:
    return null

func loose(x, y=1):
    return x

func pairs(n: int) -> dict[str, tuple[int, ...]]:
    return {}

func count_to(n: int):
    for i in range(n):
        yield i

func _hidden(): return 1
'''

STUB = """\
# Made by `dana stubgen` from shop.na; changes are lost when it is made again.

'What the shop knows.'

from typing import Any

from opendxa.dana.types import DanaDict, DanaFloat, DanaIterator, DanaList, DanaObject

LIST: list[Any]

class Order(DanaObject):
    'What is ordered.'
    name: str
    count: int
    tags: list[str]
    def __init__(self, name: str, count: int = ..., tags: list[str] = ...) -> None: ...
    def labels(self) -> list[Any]: ...
    def price(self, each: float, *, tax: float = ...) -> float:
        'What it costs.'

def count_to(n: int) -> DanaIterator: ...

def find(name: str) -> Order | None: ...

limit: int

def loose(x: Any, y: Any = ...) -> Any: ...

def names(orders: list[Order]) -> DanaList[str]: ...

def pairs(n: int) -> DanaDict[str, tuple[int, ...]]: ...

title: str

def total(order: Order, price: float, /, *rest: int, tax: float = ..., **more: Any) -> DanaFloat:
    'What it costs.'
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    file = tmp_path / "shop.na"
    file.write_text(PROGRAM, encoding="utf-8")
    return file


def test_the_stub_of_a_module(module: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stubgen", str(module)]) == 0
    stub = module.with_suffix(".pyi")
    assert stub.read_text(encoding="utf-8") == STUB
    assert capsys.readouterr().out == f"{stub}\n"
    ast.parse(STUB)
    assert main(["stubgen", str(module.parent)]) == 0
    assert capsys.readouterr().out == ""


def test_checking_stubs(module: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stubgen", "--check", str(module)]) == 1
    assert capsys.readouterr().out == f"{module.with_suffix('.pyi')} is missing or old\n"
    assert not module.with_suffix(".pyi").exists()
    main(["stubgen", str(module)])
    assert main(["stubgen", "--check", str(module)]) == 0


def test_a_type_checker_reads_stubs(module: Path) -> None:
    main(["stubgen", str(module)])
    program = module.parent / "use.py"
    program.write_text(
        "from typing import reveal_type\nimport shop\n"
        "reveal_type(shop.total(shop.Order('a'), 1.5).as_int())\nshop.names(3)\n"
        "reveal_type(shop.Order('a').price(2))\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "use.py"],
        cwd=module.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'note: Revealed type is "int"' in done.stdout.replace("builtins.", "")
    assert 'note: Revealed type is "float"' in done.stdout.replace("builtins.", "")
    assert "shop.pyi" not in done.stdout
    assert 'Argument 1 to "names" has incompatible type "int"' in done.stdout


def test_what_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wrong.na"
    file.write_text("x = = 1\n", encoding="utf-8")
    assert main(["stubgen", str(file)]) == 1
    assert capsys.readouterr().err == f"stubgen: {file}:1: invalid syntax\n"
    assert main(["stubgen", str(tmp_path / "none.na")]) == 1
    assert capsys.readouterr().err == f"stubgen: {tmp_path / 'none.na'} is neither a .na file nor a folder\n"


def test_the_command(module: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "opendxa.dana", "stubgen"],
        cwd=module.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "shop.pyi\n", "")


TYPED = """\
enum Color:
    RED
    GREEN
struct Row:
    str: int
    cells: list[int]
func list(x: Optional[list[str]]) -> Union[int, str]: return 1
func paint(c: Color, n: int = 1) -> Optional[Color]: return c
"""


def test_names_of_types_that_a_module_has_itself(tmp_path: Path) -> None:
    file = tmp_path / "typed.na"
    file.write_text(TYPED, encoding="utf-8")
    main(["stubgen", str(file)])
    text = file.with_suffix(".pyi").read_text(encoding="utf-8")
    assert "    cells: builtins.list[int]\n" in text
    assert "def list(x: builtins.list[builtins.str] | None) -> DanaInt | DanaStr: ..." in text
    assert "def paint(c: DanaObject, n: int = ...) -> DanaObject | None: ..." in text
    assert "Color: DanaEnum\n" in text
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", str(file.with_suffix(".pyi"))],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout


def test_one_module_that_fails_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "st" / "sub").mkdir(parents=True)
    texts = {
        "a": "func a(): return 1",
        "b": "q = 1",
        "k": "x = = 1",
        "z": "func z(): return 1",
        "sub/c": "from ..b import q\nfunc c(): return q",
        "sub/d": "import e\nfunc d(): return e.x",
        "sub/e": "x = 1",
    }
    for name, text in texts.items():
        (tmp_path / "st" / f"{name}.na").write_text(f"{text}\n", encoding="utf-8")
    assert main(["stubgen", "st"]) == 1
    told = capsys.readouterr()
    assert told.out.split() == ["st/a.pyi", "st/b.pyi", "st/sub/c.pyi", "st/sub/d.pyi", "st/sub/e.pyi", "st/z.pyi"]
    assert told.err == f"stubgen: {tmp_path / 'st' / 'k.na'}:1: invalid syntax\n"
