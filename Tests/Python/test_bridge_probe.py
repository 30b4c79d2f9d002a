"""The probe itself: the tests of the bridge drive the build that was asked for."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import bridge_probe
import pytest


def test_the_probe_is_the_build_that_was_asked_for(pytestconfig: pytest.Config) -> None:
    assert bridge_probe.__file__ is not None
    assert str(Path(bridge_probe.__file__).parent).endswith(pytestconfig.getoption("--probe"))


def test_the_probe_runs_swift_on_this_loop_and_elsewhere() -> None:
    async def both() -> tuple[int, int]:
        return await bridge_probe.ready(1), await bridge_probe.elsewhere(2)

    assert asyncio.run(both()) == (1, 2)


def test_the_first_await_of_a_process_finds_asyncio_where_trio_is_imported_too() -> None:
    program = """
import asyncio, trio, bridge_probe
async def main(): return await bridge_probe.ready(7)
print(asyncio.run(main()))
"""
    environment = dict(os.environ, PYTHONPATH=str(Path(bridge_probe.__file__).parent))
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "7\n", "")
