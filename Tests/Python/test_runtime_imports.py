"""Python's own `import` for Dana modules."""

import asyncio
import importlib
import importlib.resources
import inspect
import os
import pkgutil
import pydoc
import subprocess
import sys
import textwrap
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from opendxa.dana import DanaModule, dana, errors, import_dana_module

MODULES = Path(__file__).parent / "dana_modules"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on `sys.path` whose Dana modules can be imported, and are forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    known = set(sys.modules)
    dana.enable_imports()
    yield tmp_path
    dana.disable_imports()
    for name in set(sys.modules) - known:
        module = sys.modules[name]
        if isinstance(module, DanaModule) or str(getattr(module, "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[name]


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    importlib.invalidate_caches()
    return file


def test_import_finds_a_file(folder: Path) -> None:
    file = write(
        folder,
        "rules_one.na",
        '"""Rules."""\nfunc is_even(n: int) -> bool:\n    """Whether."""\n    return n % 2 == 0\n',
    )
    module = importlib.import_module("rules_one")
    assert isinstance(module, DanaModule)
    assert module.is_even(42) is True
    assert (module.__name__, module.__file__, module.__doc__) == ("rules_one", str(file), "Rules.")
    assert module.__spec__ is not None
    assert (module.__spec__.origin, module.__package__) == (str(file), "")
    assert repr(module) == f"<dana module 'rules_one' from '{file}'>"
    assert sys.modules["rules_one"] is module
    assert inspect.getsource(module).startswith('"""Rules."""')
    assert "is_even(n" in pydoc.plain(pydoc.render_doc(module))
    assert "Whether." in pydoc.plain(pydoc.render_doc(module))


def test_import_needs_to_be_asked_for(folder: Path) -> None:
    write(folder, "rules_two.na", "x = 1\n")
    dana.disable_imports()
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("rules_two")
    dana.enable_imports()
    assert importlib.import_module("rules_two").x == 1


def test_a_package(folder: Path) -> None:
    write(folder, "store/__init__.na", 'name = "corner"\n')
    write(folder, "store/prices.na", "func of(thing): return len(thing)\n")
    package = importlib.import_module("store")
    assert package.name == "corner"
    assert package.__path__ == [str(folder / "store")]
    variables: dict[str, object] = {}
    exec("from store import prices\nfrom store.prices import of\nresult = of('abc')", variables)
    assert variables["result"] == 3
    assert importlib.import_module("store.prices") is variables["prices"]


def test_a_dana_module_in_a_package_of_pythons(folder: Path) -> None:
    write(folder, "mixed/__init__.py", "")
    write(folder, "mixed/inner.na", "x = 5\n")
    assert importlib.import_module("mixed.inner").x == 5


def test_a_module_of_pythons_comes_first(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    later = tmp_path_factory.mktemp("later")
    sys.path.append(str(later))
    try:
        write(folder, "both.na", "origin = 'dana'\n")
        write(later, "both.py", "origin = 'python'\n")
        assert importlib.import_module("both").origin == "python"
    finally:
        sys.path.remove(str(later))
    write(folder, "json.na", "origin = 'dana'\n")
    assert importlib.import_module("json").__file__.endswith(".py")  # type: ignore[union-attr]


def test_a_plain_folder_stays_a_namespace(folder: Path) -> None:
    write(folder, "plain/data.txt", "")
    assert not isinstance(importlib.import_module("plain"), DanaModule)


def test_reloading(folder: Path) -> None:
    write(folder, "changing_rules.na", "func version(): return 1\n")
    write(folder, "rules_that_use_them.na", "import changing_rules\nfunc version(): return changing_rules.version()\n")
    module, user = importlib.import_module("changing_rules"), importlib.import_module("rules_that_use_them")
    assert (module.version(), user.version(), module.__all__) == (1, 1, ["version"])
    write(folder, "changing_rules.na", "func version(): return 2\nadded = true\n")
    assert importlib.reload(module) is module
    assert (module.version(), module.added, user.version(), module.__all__) == (2, True, 2, ["version", "added"])
    write(folder, "changing_rules.na", "func version(): return 3\n1 / 0\n")
    with pytest.raises(ZeroDivisionError):
        importlib.reload(module)
    assert (module.version(), module.added, user.version()) == (2, True, 2)


def test_the_modules_package(folder: Path) -> None:
    write(folder, "rules_three.na", "x = 3\n")
    write(folder, "deep/__init__.na", "")
    write(folder, "deep/down.na", "x = 4\n")
    dana.disable_imports()
    variables: dict[str, ModuleType] = {}
    exec("from opendxa.dana.modules import rules_three\nfrom opendxa.dana.modules.deep import down", variables)
    assert variables["rules_three"].x == 3
    assert variables["down"].x == 4
    with pytest.raises(ImportError):
        importlib.import_module("opendxa.dana.modules.no_such")


def test_modules_import_each_other(folder: Path) -> None:
    write(folder, "lower.na", "func f(): return 7\n")
    write(folder, "upper.na", "import lower\nfunc g(): return lower.f() + 1\n")
    assert importlib.import_module("upper").g() == 8


def test_a_syntax_error(folder: Path) -> None:
    file = write(folder, "broken_rules.na", "x = 1\nfunc half(x)\n    return x / 2\n")
    with pytest.raises(SyntaxError) as caught:
        importlib.import_module("broken_rules")
    assert (caught.value.filename, caught.value.lineno) == (str(file), 2)
    assert "broken_rules" not in sys.modules


def test_an_error_in_the_modules_own_lines(folder: Path) -> None:
    file = write(folder, "failing_rules.na", "x = 1\ny = x // 0\n")
    with pytest.raises(ZeroDivisionError) as caught:
        importlib.import_module("failing_rules")
    text = "".join(traceback.format_exception(caught.value))
    assert f'  File "{file}", line 2, in <module>\n    y = x // 0\n' in text
    assert "failing_rules" not in sys.modules


def test_an_import_that_fails_inside(folder: Path) -> None:
    write(folder, "importing_rules.na", "import no_such_module_at_all\n")
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module("importing_rules")
    assert isinstance(caught.value, errors.DanaError)
    assert caught.value.name == "no_such_module_at_all"


def test_a_module_outlives_a_context_that_a_limit_closed(folder: Path) -> None:
    write(folder, "lasting.na", "func twice(x): return 2 * x\nfunc deep(n): return deep(n + 1)\n")
    module = importlib.import_module("lasting")
    with pytest.raises(RecursionError):
        module.deep(0)
    assert module.twice(4) == 8


def test_a_function_outlives_a_context_that_a_limit_closed(folder: Path) -> None:
    write(folder, "lasting_too.na", "func twice(x): return 2 * x\nfunc deep(n): return deep(n + 1)\n")
    module = importlib.import_module("lasting_too")
    twice, deep = module.twice, module.deep
    for _ in range(2):
        with pytest.raises(RecursionError):
            deep(0)
        assert twice(4) == 8
        with pytest.raises(RecursionError):
            deep(0)
        assert asyncio.run(awaited(twice, 5)) == 10


async def awaited(function: Any, argument: int) -> Any:
    return await function.call_async(argument)


def test_a_function_works_in_a_forked_child() -> None:
    program = """
import os, sys
from opendxa.dana import dana
dana.enable_imports()
from business_rules import is_even
assert is_even(4)
child = os.fork()
if child == 0:
    os._exit(0 if is_even(4) and not is_even(3) else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert is_even(6)
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=MODULES, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_setting_a_variable_sets_it_in_dana(folder: Path) -> None:
    file = write(folder, "priced.na", "RATE = 2\nfunc price(n): return n * RATE\nfunc old(): return 1\n")
    module = importlib.import_module("priced")
    module.RATE = 7
    assert (module.RATE, module.price(3)) == (7, 21)
    module.old = module.price
    assert module.old(1) == 7
    file.write_text("RATE = 30\nfunc price(n): return n * RATE\nfunc old(): return 'new'\n", encoding="utf-8")
    os.utime(file, (1, 1))
    importlib.reload(module)
    assert (module.RATE, module.price(3), module.old()) == (30, 90, "new")


def test_modules_by_name_at_run_time(folder: Path) -> None:
    write(folder, "named_rules.na", "x = 1\n")
    assert import_dana_module("named_rules").x == 1
    with pytest.raises(ModuleNotFoundError):
        import_dana_module("no_such_rules")


def test_the_runtime_is_made_at_the_first_import() -> None:
    program = """
import sys
from opendxa.dana import dana
dana.enable_imports()
assert "opendxa.dana._runtime" not in sys.modules
import business_rules
assert "opendxa.dana._runtime" in sys.modules
assert business_rules.is_even(3) is False
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=MODULES, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_files_beside_a_package_are_found(folder: Path) -> None:
    write(folder, "shop/__init__.na", "x = 1")
    write(folder, "shop/prompt.txt", "hello")
    importlib.import_module("shop")
    names = {file.name for file in importlib.resources.files("shop").iterdir()}
    assert {"__init__.na", "prompt.txt"} <= names
    assert importlib.resources.files("shop").joinpath("prompt.txt").read_text() == "hello"
    assert pkgutil.get_data("shop", "prompt.txt") == b"hello"
