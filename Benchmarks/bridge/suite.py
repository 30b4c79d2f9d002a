"""The parts of the bridge's benchmark, in the order they run."""

from bridge import asyncio_awaits, coroutines, footprint, memory, starvation, streams, sync_calls
from bridge.our_builds import build_ours
from bridge.peer_builds import build_peers
from harness.bars import Bar
from harness.environment import prepare_python
from harness.rows import Row

MODULES = {
    "sync": sync_calls,
    "async": asyncio_awaits,
    "starvation": starvation,
    "streams": streams,
    "coroutines": coroutines,
    "memory": memory,
    "footprint": footprint,
}
PARTS = {name: module.measure for name, module in MODULES.items()}


def prepare() -> None:
    prepare_python()
    build_peers()
    build_ours()


def bars(rows: list[Row], parts: list[str]) -> list[Bar]:
    """The bars of the parts that ran."""
    by_case = {row.case: row for row in rows}
    return [bar for part in parts for bar in MODULES[part].bars(by_case)]
