"""What every Python test has: a watchdog against hanging, the bridge's probe extension by choice of build, a runtime."""

import faulthandler
import gc
import os
import signal
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from model_servers import FaultServer, engine_is_missing

if TYPE_CHECKING:
    from opendxa.dana import DanaContext, DanaRuntime
    from opendxa.dana.types import LanguageModels

ROOT = Path(__file__).resolve().parents[2]
# Seconds after which a test is taken to hang: every thread's stack is printed and the run ends.
HUNG = 120.0 if "DANA_SANITIZER" not in os.environ else 600.0
HUNG_SLOW = 1200.0

# How long an example takes says something about the machine and its load, nothing about what is tested.
hypothesis.settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("unhurried")

_watched = pytest.StashKey[int]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--probe", default="release", help="the build of bridge_probe to import: debug, release, or a folder with one"
    )


def pytest_configure(config: pytest.Config) -> None:
    os.environ["SWIFT_BACKTRACE"] = "enable=no"  # for the processes that tests start
    for name in ("DANA_MODEL", "DANA_BASE_URL", "DANA_API_KEY"):  # the model is the embedded one
        os.environ.pop(name, None)
    # A shell that starts this in the background has it ignore Ctrl-C, which tests send to themselves and to children.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "probe: drives the bridge through the extension bridge_probe")
    config.stash[_watched] = os.dup(2)  # standard error before pytest captures it
    sys.path.insert(0, str(probe_folder(config)))


def pytest_unconfigure(config: pytest.Config) -> None:
    os.close(config.stash[_watched])


def pytest_report_header(config: pytest.Config) -> str:
    return f"bridge_probe: {config.getoption('--probe')} build"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    limit = HUNG_SLOW if item.get_closest_marker("slow") else HUNG
    faulthandler.dump_traceback_later(limit, exit=True, file=item.config.stash[_watched])
    try:
        return (yield)
    finally:
        faulthandler.cancel_dump_traceback_later()


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.name.startswith("test_bridge"):
            item.add_marker(pytest.mark.probe)


def pytest_collection_finish() -> None:
    """Many tests collect garbage: what was imported before them need not be looked through each time."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish() -> None:
    gc.unfreeze()  # plugins that finish now may ask who refers to what


def probe_folder(config: pytest.Config) -> Path:
    return ROOT / ".build-probe" / "modules" / str(config.getoption("--probe"))  # an absolute folder stays itself


@pytest.fixture
def child_environment(pytestconfig: pytest.Config) -> dict[str, str]:
    """The environment for a Python started by a test, in which it can import what the test can."""
    places = [str(probe_folder(pytestconfig)), os.environ.get("PYTHONPATH", "")]
    return dict(os.environ, PYTHONPATH=os.pathsep.join(filter(None, places)))


@pytest.fixture
def runtime() -> Iterator["DanaRuntime"]:
    """A runtime of the test's own."""
    from opendxa.dana import DanaRuntime

    with DanaRuntime(shared=False) as runtime:
        yield runtime


@pytest.fixture
def context(runtime: "DanaRuntime") -> Iterator["DanaContext"]:
    """A context of that runtime, which may do nothing but run."""
    with runtime.create_context() as context:
        yield context


@pytest.fixture(scope="session")
def engine() -> None:
    """The embedded model; what needs it is skipped where it is not installed or cannot be fetched."""
    if reason := engine_is_missing():
        pytest.skip(reason)


@pytest.fixture(scope="session")
def fault_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultServer]:
    """A server of models that answer as they are told, or fail."""
    with FaultServer(tmp_path_factory.mktemp("fault-server")) as server:
        yield server


@pytest.fixture
def faulty(
    fault_server: FaultServer, runtime: "DanaRuntime", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> "LanguageModels":
    """The models of a runtime of the test's own: those of the server by their names, asked once."""
    (tmp_path / "dana.toml").write_text(fault_server.configuration(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FAULT_KEY", fault_server.key)
    return runtime.models
