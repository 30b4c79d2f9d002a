"""The models that tests ask: whether the embedded one is there, and a server whose models do as they are told."""

import importlib.util
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SERVER = Path(__file__).resolve().parents[1] / "FaultServer" / "fault_server.py"
MODELS = (
    "echo", "say", "429-seconds", "500", "401", "wrong-json", "no-done", "reset", "stall", "endless", "held", "plain",
)  # fmt: skip


def engine_is_missing() -> str | None:
    """Why the embedded model cannot be asked; None where it can."""
    if importlib.util.find_spec("xllamacpp") is None:
        return "xllamacpp is not installed: pip install 'opendxa-dana[local]'"
    from opendxa.dana import dana
    from opendxa.dana.errors import LanguageModelError

    try:
        dana.reason("Hi.", max_tokens=1)
    except LanguageModelError as error:
        if "could not fetch" in str(error) and "DANA_ENGINE_PYTHON" not in os.environ:
            return str(error)
        raise
    return None


class FaultServer:
    """The server, which runs until the end of its `with`."""

    key = "sk-test-5bd1e995cafe0123"

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER), str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.port: int = json.loads(self._process.stdout.readline())["port"]

    @property
    def base_url(self) -> str:
        """The address of its models."""
        return f"http://127.0.0.1:{self.port}/v1"

    def configuration(self) -> str:
        """A `dana.toml` that names its models, each of which is asked once."""
        return "".join(
            f'[models.{name}]\nmodel = "compatible/{name}"\nbase_url = "{self.base_url}"\n'
            f'key_variable = "FAULT_KEY"\nretries = 0\nmax_size = 8\n'
            for name in MODELS
        )

    def get(self, path: str) -> Any:
        """What the server itself says."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return json.load(answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
