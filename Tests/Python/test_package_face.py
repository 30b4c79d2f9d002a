"""The public face of the installed package: what it exports, and that it explains itself."""

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
    mine = {name: value for name, value in vars(dana).items() if not name.startswith("_")}
    public = {name for name, value in mine.items() if not isinstance(value, ModuleType)}
    assert public | {"__version__"} == set(dana.__all__)


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


def test_the_program_in_the_readme_runs() -> None:
    readme = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"## From Python\n+```python\n(.*?)```", readme, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == [dana.version(), "back", "0", "1", "2"]


def test_import_does_not_drag_in_asyncio() -> None:
    program = "import sys; import opendxa.dana; sys.exit('asyncio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
