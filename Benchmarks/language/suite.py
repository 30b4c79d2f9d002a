"""The parts of the language's benchmark, in the order they run."""

import sys

from harness.bars import Bar
from harness.environment import Missing, prepare_python
from harness.rows import Row
from language import compile_time, limits, run_time, start_and_save
from language.our_build import build_ours

MODULES = {"programs": run_time, "compile": compile_time, "start": start_and_save, "limits": limits}
PARTS = {name: module.measure for name, module in MODULES.items()}


def prepare() -> None:
    if sys.version_info[:2] != (3, 11):
        raise Missing("the language is held to CPython 3.11: run this with python3.11 (make PYTHON=python3.11)")
    prepare_python()
    build_ours()


def bars(rows: list[Row], parts: list[str]) -> list[Bar]:
    """The bars of the parts that ran."""
    by_case = {row.case: row for row in rows}
    return [bar for part in parts for bar in MODULES[part].bars(by_case)]
