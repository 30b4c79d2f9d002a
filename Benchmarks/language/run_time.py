"""The programs, engine beside engine: CPU time, all engines in each round, checksums compared."""

from math import prod

from harness.bars import Bar
from harness.environment import say
from harness.rounds import Rounds
from harness.rows import OURS, Row
from language import programs
from language.engines import ENGINES

PEERS = [name for name in ENGINES if name != OURS]
LIMITS = {"fib": 0.6, "for_loop": 0.2, "while_loop": 0.2, "sieve": 0.5}


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("language.engines", list(ENGINES), 2 if quick else 7, timeout=300)
    rows = []
    for name, title in programs.TITLES.items():
        columns = rounds.of(name)
        checksums = {engine: set(values) for engine, values in rounds.of(f"{name}=").items()}
        for engine, values in checksums.items():
            if values != checksums.get("cpython", values):
                say(f"left out: {engine} in {title}: its answer is {values}, CPython's {checksums['cpython']}")
                columns = {other: times for other, times in columns.items() if other != engine}
        rows.append(Row(title, "ms", columns))
    return rows


def geometric_mean(ratios: list[float | None]) -> float | None:
    known = [ratio for ratio in ratios if ratio is not None]
    return prod(known) ** (1 / len(known)) if known else None


def bars(rows: dict[str, Row]) -> list[Bar]:
    common = [rows[title] for title in programs.COMMON.values() if title in rows]
    own = [rows[title] for title in programs.OWN.values() if title in rows]

    def worst(of: list[Row], peer: str) -> float | None:
        return max((ratio for row in of if (ratio := row.ratio(peer)) is not None), default=None)

    held = [
        Bar("the ten: slowest ratio to CPython", worst(common, "cpython"), 1),
        Bar("the ten: mean ratio to CPython", geometric_mean([row.ratio("cpython") for row in common]), 0.5),
    ]
    for name, limit in LIMITS.items():
        row = rows.get(programs.COMMON[name])
        held.append(Bar(f"{programs.COMMON[name]}: ratio to CPython", row and row.ratio("cpython"), limit))
    held += [Bar(f"the ten: slowest ratio to {peer}", worst(common, peer), 1) for peer in ("monty", "starlark")]
    held.append(Bar("the ten: mean ratio to Lua", geometric_mean([row.ratio("lua") for row in common]), 1))
    behind = [row.case for row in own if (row.ratio("cpython") or 0) > 1]
    measured = any(row.value(OURS) for row in own)
    held.append(Bar(f"our own: rows behind CPython ({', '.join(behind) or 'none'})", len(behind) if measured else None, 1))
    return held
