"""The embedded model beside llama.cpp's own server asked directly: how fast it writes, what it need not read again, how
soon it stops when nobody listens any more."""

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.bars import Bar
from harness.environment import PYTHON, Missing, say
from harness.rounds import child
from harness.rows import OURS, Row
from runtime.our_package import FOLDER, use_ours

TOKEN = "a token of the embedded model"
AGAIN = "share of its prompt that a second question of a lease has read again"
FREE = "a cancelled answer: until the engine rests"
UNITS = {TOKEN: "ms", AGAIN: "", FREE: "ms"}
DIRECT = "llama.cpp"
ENGINE = FOLDER / "opendxa/dana/_engine.py"
TOKENS = 128
CANCELLED = 10
KEY = "key-of-a-benchmark"
LONG = "You answer questions about this list of words: " + ", ".join(f"word{number}" for number in range(100)) + "."


def prompt(number: int) -> str:
    return f"Tell me a long story about traveller number {number}, and leave nothing out."


class UnixConnection(http.client.HTTPConnection):
    """HTTP on a socket that is a file."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost")
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)


@contextmanager
def direct() -> Iterator[UnixConnection]:
    """An engine like ours, whose key is known."""
    with tempfile.TemporaryDirectory() as folder:
        settings = json.dumps({"folder": str(Path(folder, "engine")), "slots": 2})
        Path(folder, "engine").mkdir(mode=0o700)
        process = subprocess.Popen(
            [PYTHON, "-P", ENGINE, settings],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            process.stdin.write(f"{KEY}\n")
            process.stdin.flush()
            for line in process.stdout:
                event = json.loads(line)
                if event["event"] == "failed":
                    raise Missing(event["reason"])
                if event["event"] == "ready":
                    yield UnixConnection(event["socket"])
                    break
        finally:
            process.stdin.close()
            process.wait()


def asked_directly(connection: UnixConnection, question: str) -> float:
    """Milliseconds a token."""
    body = {"messages": [{"role": "user", "content": question}], "stream": True, "stream_options": {"include_usage": True}}
    body |= {"temperature": 0, "seed": 1, "max_tokens": TOKENS, "model": "any"}
    start = time.perf_counter()
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/chat/completions", json.dumps(body), headers)
    tokens = 0
    with connection.getresponse() as answer:
        for line in answer:
            if line.startswith(b"data: {") and (usage := json.loads(line[6:]).get("usage")):
                tokens = usage["completion_tokens"]
    connection.close()  # or the server does, sooner or later
    return (time.perf_counter() - start) * 1e3 / tokens


def asked(model: object, question: str) -> float:
    """Milliseconds a token."""
    start = time.perf_counter()
    answer = model.generate(question, temperature=0, seed=1, max_tokens=TOKENS)
    return (time.perf_counter() - start) * 1e3 / answer.usage.output


def speeds(model: object, rounds: int) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {OURS: [], DIRECT: []}
    with direct() as connection:
        both = {OURS: lambda text: asked(model, text), DIRECT: lambda text: asked_directly(connection, text)}
        for number in range(-1, rounds):
            for name in list(both)[:: -1 if number % 2 else 1]:
                taken = both[name](prompt(number))
                if number >= 0:
                    values[name].append(taken)
    return values


def read_again(model: object) -> float:
    with model:
        model.generate("What is the first word?", system=LONG, max_tokens=4)
        usage = model.generate("What is the last word?", system=LONG, max_tokens=4).usage
    return 1 - usage.cached_input / usage.input


def worked(process: int) -> int:
    """Nanoseconds that a process's threads have run."""
    return sum(int(file.read_text().split()[0]) for file in Path(f"/proc/{process}/task").glob("*/schedstat"))


def until_rest(model: object, process: int) -> float:
    """Milliseconds from leaving a stream until the engine has begun to do nothing."""
    stream = model.stream("Tell me a very long story.", max_tokens=500)
    for _ in range(10):
        next(stream)
    left = time.perf_counter()
    stream.close()
    last, before = left, worked(process)
    while time.perf_counter() < last + 0.2:
        time.sleep(0.002)
        if (now := worked(process)) > before + 500_000:
            last, before = time.perf_counter(), now
    return (last - left) * 1e3


def measured(rounds: int) -> dict[str, dict[str, list[float]]]:
    use_ours()
    from opendxa.dana import DanaRuntime

    runtime = DanaRuntime()
    model = runtime.models.get("embedded")
    model.generate("Hello", max_tokens=2)
    (process,) = runtime.models.processes
    free = max(until_rest(model, process) for _ in range(CANCELLED))
    again = read_again(model)
    return {TOKEN: speeds(model, rounds), AGAIN: {OURS: [again]}, FREE: {OURS: [free]}}


def measure(quick: bool) -> list[Row]:
    values = child("models.embedded", "3" if quick else "9", timeout=600)
    if values is None:
        say("left out: the embedded model")
        return []
    return [Row(case, unit, values[case]) for case, unit in UNITS.items()]


def bars(rows: dict[str, Row]) -> list[Bar]:
    token, again, free = (rows.get(case) for case in UNITS)
    return [
        Bar(f"{TOKEN}: ratio to {DIRECT}", token and token.ratio(DIRECT), 1 / 0.97),
        Bar(AGAIN, again and again.value(OURS), 0.5),
        Bar(f"{FREE}: milliseconds, the slowest of {CANCELLED}", free and free.value(OURS), 100),
    ]


if __name__ == "__main__":
    print(json.dumps(measured(int(sys.argv[1]))))
