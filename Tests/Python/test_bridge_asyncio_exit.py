"""The interpreter ends cleanly, whatever Swift is at: the expected status, nothing on standard error."""

import os
import subprocess
import sys

import pytest

ROUNDS = 10 if "DANA_SANITIZER" not in os.environ else 2  # a sanitizer makes every start slow

PROGRAMS = {
    "one completion": ("asyncio.run(bridge_probe.elsewhere(1))", 0),
    "many pending": (
        """
async def main():
    tasks = [asyncio.create_task(bridge_probe.pass_gate("never", number)) for number in range(1000)]
    await asyncio.sleep(0)
asyncio.run(main())
""",
        0,
    ),
    "completions that nobody waits for": (
        """
async def main():
    tasks = [asyncio.create_task(bridge_probe.elsewhere(object())) for number in range(200)]
    for task in tasks:
        task._log_destroy_pending = False
    await asyncio.sleep(0)
loop = asyncio.new_event_loop()
loop.run_until_complete(main())
loop.close()
gc.collect()
""",
        0,
    ),
    "a loop that is not closed": (
        """
loop = asyncio.new_event_loop()
loop.run_until_complete(bridge_probe.elsewhere(1))
""",
        0,
    ),
    "Swift that spins": (
        """
async def main():
    call = bridge_probe.spin()
    call.send(None)
    while bridge_probe.spins() == 0:
        await asyncio.sleep(0)
    call.close()
asyncio.run(main())
""",
        0,
    ),
    "Swift that is deaf": (
        """
import warnings
warnings.simplefilter("ignore")
bridge_probe.set_grace(0.01)
async def main():
    task = asyncio.create_task(bridge_probe.deaf("never"))
    await asyncio.sleep(0)
asyncio.run(main())
""",
        0,
    ),
    "sys.exit in a callback": (
        """
async def main():
    pending = asyncio.create_task(bridge_probe.pass_gate("never", 1))
    await bridge_probe.elsewhere(1)
    asyncio.get_running_loop().call_soon(sys.exit, 7)
    await pending
asyncio.run(main())
""",
        7,
    ),
    "sys.exit in a step that Swift woke": (
        """
async def main():
    await bridge_probe.elsewhere(1)
    sys.exit(7)
asyncio.run(main())
""",
        7,
    ),
    "references dropped by workers": (
        """
class Kept: pass
asyncio.run(bridge_probe.elsewhere(1))
for _ in range(1000):
    bridge_probe.drop_elsewhere(Kept())
""",
        0,
    ),
    "timers that are due while Python ends": (
        """
kept = []
loop = asyncio.new_event_loop()
async def main():
    for number in range(200):
        kept.append(bridge_probe.sleep(number / 10000))
        try:
            kept[-1].send(None)
        except StopIteration:  # it was due already
            pass
loop.run_until_complete(main())
""",
        0,
    ),
    "os._exit": ("asyncio.run(bridge_probe.elsewhere(1)); os._exit(5)", 5),
}


def test_swift_at_work_has_a_moment_to_end(child_environment: dict[str, str]) -> None:
    """What a worker begins when the process has begun to exit: the runtime must not be torn down under it."""
    program = """
import asyncio, atexit, bridge_probe
async def main():
    global call
    call = bridge_probe.work_then_print("exit", 70, "done")
    call.send(None)
    while bridge_probe.waiting_at("exit") == 0:
        await asyncio.sleep(0)
asyncio.run(main())
bridge_probe.set_exit_patience(30)
@atexit.register
def begin():
    bridge_probe.open_gate("exit")
    bridge_probe.block("exit passed")
"""
    for _ in range(ROUNDS):
        child = subprocess.run(
            [sys.executable, "-c", program], env=child_environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert (child.returncode, child.stdout, child.stderr) == (0, "done", "")


@pytest.mark.parametrize("what", PROGRAMS)
def test_exit(child_environment: dict[str, str], what: str) -> None:
    program, status = PROGRAMS[what]
    for _ in range(ROUNDS):
        child = subprocess.run(
            [sys.executable, "-c", f"import asyncio, gc, os, sys, bridge_probe\n{program}"],
            env=child_environment, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert (child.returncode, child.stderr) == (status, "")
