"""One engine running every program that it can: milliseconds of CPU time, the best of a few, and the checksum.

Only `main()` is timed, not reading and compiling. Monty runs in a worker of its own, whose CPU time counts.
"""

import json
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from time import thread_time

from harness.environment import tool
from harness.rows import OURS
from language import programs
from language.our_build import PEER

REPETITIONS = 3
LUA_DRIVER = """
for i = 2, #arg do
    dofile(arg[i])
    local best, value = math.huge, 0
    for repetition = 1, tonumber(arg[1]) do
        collectgarbage()
        local start = os.clock()
        value = main()
        best = math.min(best, os.clock() - start)
    end
    print(string.format("%.0f %.6f", value, best * 1e3))
end
"""

Measured = Iterator[tuple[str, float, float]]


def best(main: Callable[[], float], clock: Callable[[], float] = thread_time) -> tuple[float, float]:
    """The value of a program and the least milliseconds it took."""
    times = []
    for _ in range(REPETITIONS):
        start = clock()
        value = main()
        times.append((clock() - start) * 1e3)
    return float(value), min(times)


def cpython(names: list[str]) -> Measured:
    for name in names:
        module = types.ModuleType(name)
        exec(compile(programs.path(name, "py").read_text(), name, "exec"), module.__dict__)
        yield name, *best(module.main)


def monty(names: list[str]) -> Measured:
    from pydantic_monty import Monty

    for name in names:
        with Monty(max_processes=1) as pool, pool.checkout(limits={}) as session:
            session.feed_run(programs.path(name, "py").read_text())
            worker = session.worker_pid() if callable(session.worker_pid) else session.worker_pid
            yield name, *best(lambda: session.feed_run("main()"), lambda: thread_time() + cpu_seconds(worker))


def cpu_seconds(process: int) -> float:
    """CPU seconds of another process, all its threads."""
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def starlark(names: list[str]) -> Measured:
    import starlark as engine

    dialect = engine.Dialect.extended()
    for name in names:
        module = engine.Module()
        tree = engine.parse(name, programs.path(name, "py").read_text(), dialect)
        engine.eval(module, tree, engine.Globals.standard())
        frozen = module.freeze()
        yield name, *best(lambda: frozen.call("main"))


def outside(command: list[str], names: list[str], ending: str) -> Measured:
    """An engine that is a program: it prints a line of value and milliseconds for each file."""
    files = [programs.path(name, ending) for name in names]
    printed = subprocess.run([*command, *files], capture_output=True, text=True, check=True).stdout
    for name, line in zip(names, printed.splitlines(), strict=True):
        value, milliseconds = map(float, line.split())
        yield name, value, milliseconds


def lua(names: list[str]) -> Measured:
    driver = PEER.parent / "driver.lua"
    driver.write_text(LUA_DRIVER)
    known = [name for name in names if programs.path(name, "lua")]
    return outside([tool("lua5.4", package="lua5.4"), str(driver), str(REPETITIONS)], known, "lua")


def ours(names: list[str]) -> Measured:
    return outside([str(PEER), "run", str(REPETITIONS)], names, "na")


ENGINES = {OURS: ours, "cpython": cpython, "monty": monty, "starlark": starlark, "lua": lua}


def measured(engine: str) -> dict[str, float]:
    """By program its milliseconds, and its checksum under the program's name with `=`."""
    names = [name for name in programs.TITLES if name not in programs.WITHOUT.get(engine, ())]
    values = {}
    for name, value, milliseconds in ENGINES[engine](names):
        values[name] = milliseconds
        values[f"{name}="] = value
    return values


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
