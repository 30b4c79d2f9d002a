"""A table of a million rows and three columns handed to a program, beside pyarrow's own import of it."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

from harness.bars import Bar
from harness.rounds import Rounds
from harness.rows import OURS, Row
from runtime.our_package import use_ours

ROWS = 1_000_000
IN = "DataFrame of 1,000,000 x 3, in"
SUMMED = "DataFrame of 1,000,000 x 3, in and a column summed"
FILTERED = "DataFrame of 1,000,000 x 3, in and rows above a value counted"
CASES = (IN, SUMMED, FILTERED)
Deeds = dict[str, Callable[[], object]]


def frame() -> Any:
    import pandas

    return pandas.DataFrame(
        {
            "id": range(ROWS),
            "value": [index * 0.5 for index in range(ROWS)],
            "name": [f"name {index % 1000}" for index in range(ROWS)],
        }
    )


@contextmanager
def ours(table: Any) -> Iterator[Deeds]:
    use_ours()
    from opendxa.dana import DanaRuntime

    with DanaRuntime().create_context() as context:
        context.eval_dana(
            "func rows(t): return len(t)\n"
            "func total(t): return t['id'].sum()\n"
            "func above(t): return len(t[t['value'] > 250000.0])\n"
        )
        rows, total, above = (context.function(name) for name in ("rows", "total", "above"))
        yield {IN: lambda: rows(table), SUMMED: lambda: total(table), FILTERED: lambda: above(table)}


@contextmanager
def pyarrow(table: Any) -> Iterator[Deeds]:
    import pyarrow
    from pyarrow import compute

    def above() -> int:
        made = pyarrow.table(table)
        return made.filter(compute.greater(made["value"], 250000.0)).num_rows

    yield {
        IN: lambda: pyarrow.table(table).num_rows,
        SUMMED: lambda: compute.sum(pyarrow.table(table)["id"]).as_py(),
        FILTERED: above,
    }


@contextmanager
def lists(table: Any) -> Iterator[Deeds]:
    def cells() -> int:
        data = {
            "columns": table.columns.tolist(),
            "data": table.values.tolist(),
            "index": table.index.tolist(),
        }
        return len(data["data"])

    yield {IN: cells}


STRATEGIES = {OURS: ours, "pyarrow": pyarrow, "lists": lists}
EXPECTED = {IN: ROWS, SUMMED: sum(range(ROWS)), FILTERED: ROWS // 2 - 1}


def each(do: Callable[[], object], times: int) -> float:
    """Milliseconds, the median."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        do()
        taken.append((perf_counter() - start) * 1e3)
    return median(taken)


def measured(strategy: str) -> dict[str, float]:
    with STRATEGIES[strategy](frame()) as deeds:
        for case, do in deeds.items():
            if (outcome := do()) != EXPECTED[case]:
                raise AssertionError(f"{case} came to {outcome}")
        # To list every cell takes seconds: once a round is enough of it.
        return {case: each(do, 1 if strategy == "lists" else 21) for case, do in deeds.items()}


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("runtime.frames", list(STRATEGIES), 1 if quick else 3)
    return [Row(case, "ms", rounds.of(case)) for case in CASES]


def bars(rows: dict[str, Row]) -> list[Bar]:
    row = rows.get(IN)
    return [Bar("DataFrame in: ratio to pyarrow", row and row.ratio("pyarrow"), 1.3)]


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
