"""In a forked child the bridge works afresh; what was in flight in the parent raises there and never hangs."""

import asyncio
import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable
from typing import Any

import bridge_probe
import pytest
from asyncio_runs import fresh, turns

LIMIT = 30  # seconds after which a child is ended as hung


def in_child(body: Callable[[], Any]) -> None:
    """Forks; the child runs `body` and must not raise."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads, from Python 3.12 on
        child = os.fork()
    if child == 0:
        signal.alarm(LIMIT)
        try:
            body()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def works() -> None:
    async def main() -> None:
        assert await asyncio.gather(*(bridge_probe.elsewhere(number) for number in range(50))) == list(range(50))
        assert await bridge_probe.sleep(0.001) == 0.001
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(bridge_probe.sleep(60), 0.001)

    asyncio.run(main())


def test_used_before() -> None:
    works()
    in_child(works)
    works()


def test_a_child_of_a_child() -> None:
    works()
    in_child(lambda: (works(), in_child(works)))


def test_unused_before(child_environment: dict[str, str]) -> None:
    import subprocess

    program = (
        "import asyncio, bridge_probe, os, signal\n"
        "child = os.fork()\n"
        "if child == 0: signal.alarm(30)\n"
        "assert asyncio.run(bridge_probe.elsewhere(1)) == 1\n"
        "if child: raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", program], env=child_environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert (child.returncode, child.stderr) == (0, "")


def test_calls_in_flight() -> None:
    name = fresh()

    async def main() -> None:
        calls = [bridge_probe.pass_gate(name, number) for number in range(5)]
        for call in calls:
            call.send(None)
        tasks = [asyncio.create_task(bridge_probe.elsewhere(number)) for number in range(200)]
        await turns(1)
        in_child(lambda: child(calls))
        assert await asyncio.gather(*tasks) == list(range(200))
        for call in calls:
            call.close()

    def child(calls: list[Any]) -> None:
        with pytest.raises(RuntimeError, match="'pass_gate' was in flight when this process was forked"):
            calls[0].send(None)
        with pytest.raises(ValueError, match="thrown"):
            calls[1].throw(ValueError("thrown"))
        calls[2].close()
        calls.clear()
        asyncio.events._set_running_loop(None)
        works()

    asyncio.run(main())


def test_a_coroutine_that_had_not_started_runs_in_the_child() -> None:
    call = bridge_probe.elsewhere("value")

    def child() -> None:
        async def main() -> None:
            assert await call == "value"

        asyncio.run(main())

    in_child(child)
    call.close()


def test_closing_an_inherited_loop_leaves_the_parent_alone() -> None:
    loop = asyncio.new_event_loop()
    name = fresh()
    task = loop.create_task(bridge_probe.pass_gate(name, "value"))
    loop.run_until_complete(turns())

    def child() -> None:
        bridge_probe.take_journal()
        loop.close()
        assert bridge_probe.take_journal() == "", "the parent's Swift tasks do not run here"
        works()

    in_child(child)
    bridge_probe.open_gate_elsewhere(name)
    assert loop.run_until_complete(task) == "value"
    loop.close()


def test_multiprocessing() -> None:
    works()
    context = multiprocessing.get_context("fork")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        children = [context.Process(target=works) for _ in range(3)]
        for child in children:
            child.start()
    for child in children:
        child.join(LIMIT)
        assert child.exitcode == 0


def test_forking_while_workers_complete() -> None:
    async def main() -> None:
        for _ in range(10):
            tasks = [asyncio.create_task(bridge_probe.elsewhere(number)) for number in range(300)]
            await turns(1)
            in_child(lambda: (asyncio.events._set_running_loop(None), works()))
            assert await asyncio.gather(*tasks) == list(range(300))

    asyncio.run(main())
