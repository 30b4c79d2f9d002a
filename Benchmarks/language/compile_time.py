"""From text to code: our parser, resolver and compiler beside CPython's `compile` and starlark's parser, same text."""

import json
import subprocess
import sys
from time import thread_time

from harness.bars import Bar
from harness.rounds import Rounds
from harness.rows import OURS, Row
from language import programs
from language.our_build import PEER

CASE = "text to code, a line"
STRATEGIES = (OURS, "cpython", "starlark")
REPETITIONS = 5
COPIES = 20


def text() -> str:
    """All programs that every engine reads, several times over: about five thousand lines."""
    names = [name for name in programs.TITLES if programs.path(name, "na").suffix == ".py"]
    names = [name for name in names if name not in programs.WITHOUT["starlark"]]
    return "\n".join(programs.path(name, "py").read_text() for name in names * COPIES)


def measured(engine: str) -> dict[str, float]:
    """Microseconds a line, the best of a few."""
    source = text()
    if engine == OURS:
        file = PEER.parent / "compile.na"
        file.write_text(source)
        command = [PEER, "compile", str(REPETITIONS), file]
        milliseconds = float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        return {CASE: milliseconds * 1e3 / source.count("\n")}
    if engine == "starlark":
        import starlark

        dialect = starlark.Dialect.extended()
        one = lambda: starlark.parse("text", source, dialect)  # noqa: E731
    else:
        one = lambda: compile(source, "text", "exec")  # noqa: E731
    times = []
    for _ in range(REPETITIONS):
        start = thread_time()
        one()
        times.append(thread_time() - start)
    return {CASE: min(times) * 1e6 / source.count("\n")}


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("language.compile_time", STRATEGIES, 3 if quick else 9)
    return [Row(CASE, "us", rounds.of(CASE))]


def bars(rows: dict[str, Row]) -> list[Bar]:
    row = rows.get(CASE)
    return [Bar("text to code: ratio to CPython's compile", row and row.ratio("cpython"), 0.2)]


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
