"""What Python modules import that Dana programs found in their folders."""

import dataclasses
import pickle
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import DanaRuntime


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def run(folder: Path, text: str) -> Any:
    with DanaRuntime(shared=False).create_context(search_path=[folder], allowed_capabilities=["python_import"]) as context:
        return context.eval_dana(text)


SHOP = {
    "prices.py": "def rate():\n    return 3\nsize = []\n",
    "shop.py": "from prices import rate\nimport prices\ndef via():\n    return rate()\ndef later():\n"
    "    import prices as again\n    return again is prices\n",
}


@pytest.mark.parametrize(
    ("files", "text", "value"),
    [
        (SHOP, "import shop.py as s\n[s.via(), s.later()]", [3, True]),
        (SHOP, "import prices.py as p\nimport shop.py as s\np.size.append(1)\n[s.via(), p.rate()]", [3, 3]),
        ({"a/__init__.py": "", "a/b.py": "import a.c\nx = a.c.y\n", "a/c.py": "y = 5\n"}, "import a.b.py as b\nb.x", 5),
        ({"a/__init__.py": "from .c import y\n", "a/c.py": "from b import z as y\n", "b.py": "z = 6\n"}, "import a.py as a\na.y", 6),
        ({"a/b.py": "from a import c\nx = c.y\n", "a/c.py": "y = 7\n"}, "import a.b.py as b\nb.x", 7),
        ({"m.py": "import json\nx = json.y\n", "json.py": "y = 8\n"}, "import m.py as m\nm.x", 8),
        ({"m.py": "import time\nx = time.time() > 0\n", "time.py": "1 / 0\n"}, "import m.py as m\nm.x", True),
        ({"m.py": "import email\nx = email.__name__\n", "email/x.txt": ""}, "import m.py as m\nm.x", "email"),
    ],
)
def test_modules_import_what_lies_beside_them(tmp_path: Path, files: dict[str, str], text: str, value: object) -> None:
    assert run(written(tmp_path, files), text) == value


def test_a_program_that_is_run_has_helpers_of_several_files(tmp_path: Path) -> None:
    written(tmp_path, {**SHOP, "main.na": "import shop.py as s\nprint(s.via())\n"})
    command = [sys.executable, "-m", "opendxa.dana", "run", str(tmp_path / "main.na")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("3\n", "")


def test_modules_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    for name in "AB":
        prices = f"def rate():\n    return {name!r}\n"
        written(tmp_path / name, {"prices_here.py": prices, "shop_here.py": "from prices_here import rate\n"})
    assert run(tmp_path / "A", "import prices_here.py as p\np.rate()") == "A"
    assert run(tmp_path / "B", "import shop_here.py as s\ns.rate()") == "B"
    assert run(tmp_path / "A", "import shop_here.py as s\ns.rate()") == "A"
    with pytest.raises(ModuleNotFoundError):
        __import__("prices_here")


def test_what_the_process_imports_is_not_a_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "program", {"both_of_it.py": "word = 'program'\n", "user_of_it.py": "from both_of_it import word\n"})
    written(tmp_path / "host", {"both_of_it.py": "word = 'host'\n"})
    monkeypatch.syspath_prepend(tmp_path / "host")
    assert run(tmp_path / "program", "import both_of_it.py as b\nb.word") == "program"
    assert __import__("both_of_it").word == "host"
    assert run(tmp_path / "program", "import user_of_it.py as u\nu.word") == "program"
    assert run(tmp_path / "host", "import both_of_it.py as b\nb.word") == "host"
    monkeypatch.delitem(sys.modules, "both_of_it")


def test_what_python_finds_in_the_folder_is_pythons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, {"state_of_it.py": "seen = []\n", "user_of_it.py": "import state_of_it\nseen = state_of_it.seen\n"})
    monkeypatch.syspath_prepend(tmp_path)
    __import__("state_of_it").seen.append(1)
    assert run(tmp_path, "import user_of_it.py as u\nu.seen") == [1]
    for name in ("state_of_it", "user_of_it"):
        monkeypatch.delitem(sys.modules, name)


CLASSES = """
from __future__ import annotations
from dataclasses import dataclass
from typing import ClassVar

@dataclass
class Point:
    x: int
    y: ClassVar[int] = 2

def point():
    return Point(3)
"""


def test_classes_are_found_by_their_modules_names(tmp_path: Path) -> None:
    point = run(written(tmp_path, {"points.py": CLASSES}), "import points.py as p\np.point()")
    assert [field.name for field in dataclasses.fields(point)] == ["x"]
    assert pickle.loads(pickle.dumps(point)) == point
    assert type(point).__module__.endswith(".points")


@pytest.mark.parametrize("missing", ["a.missing", "missing"])
def test_what_is_missing_is_told_by_its_own_name(tmp_path: Path, missing: str) -> None:
    written(tmp_path, {"m.py": f"import {missing}\n", "a/__init__.py": ""})
    with pytest.raises(ModuleNotFoundError, match=f"^No module named '{missing}'"):
        run(tmp_path, "import m.py")


def test_threads_wait_for_a_module_that_is_being_run(tmp_path: Path) -> None:
    text = "import time\nfor _ in range(20):\n    time.sleep(0.001)\nready = 1\n"
    written(tmp_path, {"slow_one.py": text})
    seen: list[object] = []

    def ask() -> None:
        seen.append(run(tmp_path, "import slow_one.py as s\ns.ready"))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 4
