"""The parts of the language models' benchmark, in the order they run."""

from harness.bars import Bar
from harness.environment import prepare_python
from harness.rows import Row
from models import embedded, gateway, pool, streams, waiting
from models.swift_pool import build_pool_peer
from runtime.our_package import build_ours

MODULES = {"pool": pool, "waiting": waiting, "gateway": gateway, "streams": streams, "embedded": embedded}
PARTS = {name: module.measure for name, module in MODULES.items()}


def prepare() -> None:
    prepare_python()
    build_pool_peer()
    build_ours()


def bars(rows: list[Row], parts: list[str]) -> list[Bar]:
    """The bars of the parts that ran."""
    by_case = {row.case: row for row in rows}
    return [bar for part in parts for bar in MODULES[part].bars(by_case)]
