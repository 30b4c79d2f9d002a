"""The first await of a process finds its loop, whatever else is imported; development mode has nothing to say."""

import subprocess
import sys

import pytest

PROGRAM = """
import asyncio, bridge_probe, logging
# What takes long is the machine's affair.
logging.getLogger("asyncio").addFilter(lambda record: not record.msg.startswith("Executing"))
async def main():
    assert asyncio.get_running_loop().get_debug()
    task = asyncio.create_task(bridge_probe.elsewhere(1))
    repr(task)
    assert await task == 1
asyncio.run(main())
asyncio.run(bridge_probe.elsewhere(1))
"""


@pytest.mark.parametrize("imported", ["os", "trio", "anyio", "uvloop"])
def test_the_first_call(child_environment: dict[str, str], imported: str) -> None:
    child = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-W", "ignore::ImportWarning", "-c", f"import {imported}{PROGRAM}"],
        env=child_environment | {"PYTHONASYNCIODEBUG": "1"}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (child.returncode, child.stderr) == (0, "")
