"""The public face of the installed package: what it exports, and that it explains itself."""

import importlib
import importlib.metadata
import importlib.resources
import inspect
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import opendxa
from opendxa import dana
from opendxa.dana import _native

NATIVE = sorted(name for name in vars(_native) if not name.startswith("_"))


def test_opendxa_is_a_namespace_that_others_may_join() -> None:
    assert opendxa.__file__ is None
    assert len(list(opendxa.__path__)) >= 1


def test_there_is_one_version() -> None:
    assert dana.__version__ == dana.version() == importlib.metadata.version("opendxa-dana")


def test_the_face_is_what_all_lists() -> None:
    for name in dana.__all__:
        getattr(dana, name)
    mine = {name: value for name, value in vars(dana).items() if not name.startswith("_")}
    public = {name for name, value in mine.items() if not isinstance(value, ModuleType)}
    assert public - {"TYPE_CHECKING"} | {"__version__"} == set(dana.__all__)
    assert set(dana.__all__) <= set(dir(dana))


@pytest.mark.parametrize("name", sorted(set(dana.__all__) - {"__version__"}))
def test_every_name_explains_itself(name: str) -> None:
    assert (inspect.getdoc(getattr(dana, name)) or "").strip(), f"{name} has no docstring"


@pytest.mark.parametrize("name", ["errors", "fastapi", "logging", "modules", "sandbox", "telemetry", "types"])
def test_every_public_module_lists_its_face(name: str) -> None:
    module = importlib.import_module(f"opendxa.dana.{name}")
    assert (module.__doc__ or "").strip()
    for exported in module.__all__:
        assert not exported.startswith("_")
        assert (inspect.getdoc(getattr(module, exported)) or "").strip(), f"{exported} has no docstring"


def test_the_package_announces_its_types() -> None:
    assert importlib.resources.files(dana).joinpath("py.typed").is_file()


@pytest.mark.parametrize("name", NATIVE)
def test_every_native_name_explains_itself(name: str) -> None:
    value = getattr(_native, name)
    assert (inspect.getdoc(value) or "").strip(), f"{name} has no docstring"
    if inspect.isbuiltin(value):
        inspect.signature(value)


def test_build_info_is_text() -> None:
    info = dana.build_info()
    assert info
    assert all(isinstance(key, str) and isinstance(value, str) for key, value in info.items())


@pytest.mark.usefixtures("engine")
def test_the_program_in_the_readme_runs() -> None:
    readme = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"## From Python\n+```python\n(.*?)```", readme, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    mood, *rest = done.stdout.split()
    assert mood in ("positive", "negative")
    assert rest == ["14", "6", "10"]


def test_import_drags_nothing_in() -> None:
    program = """
import sys
heavy = {"asyncio", "collections", "dataclasses", "enum", "functools", "inspect", "re", "typing"}
known = set(sys.modules)
import opendxa.dana
from opendxa.dana import dana
print(*sorted(heavy & (set(sys.modules) - known)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
