"""A synchronous call that waits for Swift: Python runs on, Ctrl-C interrupts, an event loop is never blocked."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time

import bridge_probe
import pytest
from asyncio_runs import fresh, journal, on_asyncio

INTERRUPTED = """
import os, signal, sys, threading, time
sys.path[:0] = {path!r}
import bridge_probe

def interrupt():
    while not bridge_probe.take_journal():
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=interrupt).start()
try:
    bridge_probe.block("gate")
except KeyboardInterrupt:
    print(bridge_probe.take_journal().strip())
"""


def test_other_threads_run_while_one_waits() -> None:
    name = fresh()
    threading.Thread(target=lambda: bridge_probe.open_gate(name)).start()
    assert bridge_probe.block(name) == name


def test_many_threads_wait_at_once() -> None:
    names = [fresh() for _ in range(20)]
    results: list[str] = []
    threads = [threading.Thread(target=lambda name=name: results.append(bridge_probe.block(name))) for name in names]
    for thread in threads:
        thread.start()
    for name in names:
        bridge_probe.open_gate(name)
    for thread in threads:
        thread.join()
    assert sorted(results) == sorted(names)


def test_a_running_loop_is_not_blocked() -> None:
    async def main() -> None:
        with pytest.raises(RuntimeError, match=r"block\(\) would block this thread's running event loop"):
            bridge_probe.block(fresh())
        # On a thread of its own it may.
        name = fresh()
        waiting = asyncio.create_task(asyncio.to_thread(bridge_probe.block, name))
        await asyncio.sleep(0)
        bridge_probe.open_gate(name)
        assert await waiting == name

    on_asyncio(main)


def test_control_c_cancels_swift_and_raises() -> None:
    program = INTERRUPTED.format(path=sys.path)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("gate cancelled\n", "", 0)


def test_a_signal_handler_runs_and_the_wait_goes_on() -> None:
    name = fresh()
    handled: list[int] = []

    def handler(number: int, _: object) -> None:
        handled.append(number)
        bridge_probe.open_gate(name)

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        journal()
        threading.Thread(target=lambda: os.kill(os.getpid(), signal.SIGUSR1)).start()
        assert bridge_probe.block(name) == name
        assert handled == [signal.SIGUSR1]
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_signal_that_another_thread_took_is_handled() -> None:
    name = fresh()

    def handler(number: int, _: object) -> None:
        bridge_probe.open_gate(name)

    def take() -> None:
        while bridge_probe.waiting_at(name) == 0:
            time.sleep(0)
        signal.pthread_kill(threading.get_ident(), signal.SIGUSR1)

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        thread = threading.Thread(target=take)
        thread.start()
        assert bridge_probe.block(name) == name
        thread.join()
    finally:
        signal.signal(signal.SIGUSR1, before)
