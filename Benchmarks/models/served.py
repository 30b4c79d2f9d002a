"""The server for the length of a `with`, and a process that is free of proxies and of other settings."""

import json
import os
import resource
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from harness.environment import BENCHMARKS, PYTHON, Missing

KEY = "sk-of-a-benchmark"


@dataclass(frozen=True)
class Served:
    """Where the server is."""

    port: int

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def closed(self) -> list[int]:
        """When connections were closed in the middle of an answer, since this was asked last."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/closed") as answer:
            return json.loads(answer.read())


@contextmanager
def served() -> Iterator[Served]:
    for name in [name for name in os.environ if name.lower().endswith("_proxy") or name.startswith("DANA_")]:
        del os.environ[name]
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    process = subprocess.Popen(
        [PYTHON, "-m", "models.server"], cwd=BENCHMARKS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        port = process.stdout.readline().strip() if process.stdout else ""
        if not port:
            raise Missing("the benchmark's server did not start")
        yield Served(int(port))
    finally:
        if process.stdin:
            process.stdin.close()
        process.wait()
