"""The probe itself: the tests of the bridge drive the build that was asked for."""

import asyncio
from pathlib import Path

import bridge_probe
import pytest


def test_the_probe_is_the_build_that_was_asked_for(pytestconfig: pytest.Config) -> None:
    assert bridge_probe.__file__ is not None
    assert Path(bridge_probe.__file__).parent.match(f"*{pytestconfig.getoption('--probe')}")


def test_the_probe_runs_swift_on_this_loop_and_elsewhere() -> None:
    async def both() -> tuple[int, int]:
        return await bridge_probe.ready(1), await bridge_probe.elsewhere(2)

    assert asyncio.run(both()) == (1, 2)
