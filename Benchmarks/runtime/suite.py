"""The parts of the runtime's benchmark, in the order they run."""

from harness.bars import Bar
from harness.environment import prepare_python
from harness.rows import Row
from runtime import awaits, calls, contexts, frames, reasoning, service, start
from runtime.our_package import build_ours

MODULES = {
    "calls": calls,
    "awaits": awaits,
    "contexts": contexts,
    "frames": frames,
    "start": start,
    "reasoning": reasoning,
    "service": service,
}
PARTS = {name: module.measure for name, module in MODULES.items()}


def prepare() -> None:
    prepare_python()
    build_ours()


def bars(rows: list[Row], parts: list[str]) -> list[Bar]:
    """The bars of the parts that ran."""
    by_case = {row.case: row for row in rows}
    return [bar for part in parts for bar in MODULES[part].bars(by_case)]
