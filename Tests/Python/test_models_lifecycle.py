"""What becomes of calls and processes: interrupts, forks, an engine that is killed, the end of the interpreter."""

import asyncio
import gc
import os
import select
import signal
import subprocess
import sys
import threading
import warnings
import weakref
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING

import pytest
import trio

from opendxa.dana import DanaRuntime, dana, errors

if TYPE_CHECKING:
    from model_servers import FaultServer

    from opendxa.dana.types import LanguageModels


def wait_for_end(process: int) -> None:
    """Waits until a process has ended, whoever its parent is."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        assert select.select([descriptor], [], [], 30)[0], f"process {process} lives on"
    finally:
        os.close(descriptor)


def test_ctrl_c_ends_a_call(faulty: "LanguageModels") -> None:
    llm = faulty.get("stall")

    def interrupt() -> None:
        while llm.statistics["leased"] == 0:
            pass
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        llm.reason("Hello?")
    thread.join()
    assert llm.statistics["leased"] == 0
    assert llm.statistics["lent"] == 1


def test_a_closed_runtime_ends_its_calls_and_says_so(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    llm = faulty.get("stall")
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            llm.reason("Hello?")
        except errors.LanguageModelError as error:
            failures.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while llm.statistics["leased"] == 0:
        pass
    runtime.close()
    thread.join(30)
    assert not thread.is_alive()
    assert [error.code for error in failures if isinstance(error, errors.LanguageModelError)] == ["no_model_left"]
    assert "the model was closed, by itself or with its runtime" in str(failures[0])
    with pytest.raises(errors.ResourceError, match="the runtime is closed"):
        faulty.get("say")


def test_a_closed_runtime_waits_for_no_other_attempt(fault_server: "FaultServer", runtime: DanaRuntime) -> None:
    """The server asks to be left alone for seven seconds, and the call would wait for them."""
    runtime.models.add("busy", "429-seconds", base_url=fault_server.base_url)
    llm = runtime.models.get("busy")

    async def main() -> None:
        asked = asyncio.create_task(runtime.models.get_async("busy").reason("Hello?"))
        while 'error_type="rate_limited"' not in runtime.models.metrics:
            await asyncio.sleep(0)
        assert llm.statistics["leased"] == 1
        runtime.close()
        with pytest.raises(errors.LanguageModelError, match="the model was closed"):
            await asyncio.wait_for(asked, 5)

    asyncio.run(main())


def test_a_closed_runtime_ends_its_streams(
    faulty: "LanguageModels", fault_server: "FaultServer", runtime: DanaRuntime
) -> None:
    stream = faulty.get("endless").stream("Go on.", extra={"user": "runtime closed"})
    waiting = faulty.get("stall").stream("Go on.")
    assert next(stream) == "again " and next(waiting) == "Once "
    failures: list[BaseException] = []

    def read() -> None:
        try:
            next(waiting)
        except errors.LanguageModelError as error:
            failures.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    runtime.close()
    assert fault_server.get("/closed?tag=runtime+closed")["nanoseconds"] > 0
    with pytest.raises(errors.LanguageModelError, match="the model was closed") as caught:
        next(stream)
    assert caught.value.code == "no_model_left" and stream.result is None
    thread.join(30)
    assert [str(error) for error in failures] == ["stall: " + str(caught.value).split(": ", 1)[1]]


def test_what_was_got_before_a_fork_says_so_in_the_child(
    fault_server: "FaultServer", recwarn: pytest.WarningsRecorder
) -> None:
    del recwarn  # of forking with threads, from Python 3.12 on
    runtime = DanaRuntime(shared=False)
    runtime.models.add("own", "endless", base_url=fault_server.base_url)
    llm = runtime.models.get("own")
    stream = llm.stream("Go on.")
    assert next(stream) == "again "
    child = os.fork()
    if child == 0:
        signal.alarm(30)
        try:
            for ask in (lambda: next(stream), lambda: llm.reason("Hello?")):
                with pytest.raises(errors.LanguageModelError, match="before a fork.*as by get_llm") as caught:
                    ask()
                assert caught.value.code == "forked"
            stream.close()
            del stream
            gc.collect()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert next(stream) == "again "
    stream.close()
    runtime.close()


@pytest.mark.usefixtures("engine")
def test_a_forked_child_has_an_engine_of_its_own() -> None:
    dana.reason("Say hi.", max_tokens=1)
    mine = dana.models.processes
    reader, writer = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking with threads, from Python 3.12 on
        child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            assert dana.reason("Say hi.", max_tokens=1).usage.output == 1
            os.write(writer, b"%d" % dana.models.processes[0])
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as answer:
        process = int(answer.read() or 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert process not in mine
    wait_for_end(process)
    assert dana.reason("Say hi.", max_tokens=1).usage.output == 1
    assert dana.models.processes == mine


def test_a_runtime_of_one_s_own_goes_well_in_a_forked_child(
    fault_server: "FaultServer", recwarn: pytest.WarningsRecorder
) -> None:
    """What its threads did in the parent is nothing that the child may wait for."""
    del recwarn  # of forking with threads, from Python 3.12 on
    runtime = DanaRuntime(shared=False)
    runtime.models.add("own", "say", base_url=fault_server.base_url)
    lent = runtime.models.get("own").acquire()
    assert lent.reason("Hello?", extra={"say": "Hi."}) == "Hi."
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            lent.release()
            gone = weakref.ref(runtime)
            del runtime, lent
            gc.collect()
            assert gone() is None
            own = DanaRuntime(shared=False)
            own.models.add("own", "say", base_url=fault_server.base_url)
            assert own.models.get("own").reason("Hello?", extra={"say": "Child."}) == "Child."
            own.close()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert lent.reason("Hello?", extra={"say": "Parent."}) == "Parent."
    lent.release()


def test_forked_children_take_contended_locks(fault_server: "FaultServer", recwarn: pytest.WarningsRecorder) -> None:
    """The thread that forks is another one to the kernel in the child, which Swift's locks must know, too."""
    del recwarn  # of forking with threads, from Python 3.12 on
    ended: list[int] = []
    for _ in range(40):
        runtime = DanaRuntime(shared=False)
        runtime.models.add("own", "say", base_url=fault_server.base_url)
        assert runtime.models.get("own").reason("Hello?", extra={"say": "Hi."}) == "Hi."
        child = os.fork()
        if child == 0:
            signal.alarm(60)
            answer = ""
            try:
                own = DanaRuntime(shared=False)
                own.models.add("own", "say", base_url=fault_server.base_url)
                answer = own.models.get("own").reason("Hello?", extra={"say": "Child."})
            finally:
                os._exit(0 if answer == "Child." else 1)
        ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        runtime.close()
    assert ended == [0] * 40


def test_a_forked_child_has_the_models_that_were_added(recwarn: pytest.WarningsRecorder) -> None:
    del recwarn  # of forking with threads, from Python 3.12 on
    dana.models.add("added", "say", base_url="http://127.0.0.1:9/v1", max_size=3)
    child = os.fork()
    if child == 0:
        signal.alarm(60)
        try:
            llm = dana.get_llm("added")
            assert llm.model == "compatible/say" and llm.statistics["limit"] == 3
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_the_runtime_after_a_closed_one_has_the_models_that_were_added() -> None:
    class Own(DanaRuntime):
        __slots__ = ()

    Own().models.add("kept", "say", base_url="http://127.0.0.1:9/v1", default=True)
    Own().close()
    with Own() as after:
        assert not after.closed
        assert after.models.default == "kept"
        assert after.models.get("kept").model == "compatible/say"


def test_each_with_of_a_shared_model_has_a_place_of_its_own(
    fault_server: "FaultServer", runtime: DanaRuntime
) -> None:
    runtime.models.add("two", "say", base_url=fault_server.base_url, max_size=2)
    shared = runtime.models.get_async("two")
    seen: list[int] = []

    async def work() -> None:
        async with shared as llm:
            seen.append(llm.statistics["leased"])
            assert await llm.reason("Hello?", extra={"say": "Hi."}) == "Hi."
            assert await shared.reason("Hello?", extra={"say": "Hi."}) == "Hi."
            seen.append(llm.statistics["leased"])

    async def main() -> None:
        await asyncio.gather(*(work() for _ in range(10)))

    asyncio.run(main())
    llm = runtime.models.get("two")

    def ask() -> None:
        for _ in range(20):
            with llm as lent, lent:
                assert lent.reason("Hello?", extra={"say": "Hi."}) == "Hi."
            seen.append(llm.statistics["leased"])

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 20 + 160 and max(seen) <= 2
    assert llm.statistics["leased"] == 0


def test_a_place_that_is_taken_beside_a_with_is_another(fault_server: "FaultServer", runtime: DanaRuntime) -> None:
    runtime.models.add("two", "say", base_url=fault_server.base_url, max_size=2)
    llm = runtime.models.get("two", timeout=0.01)
    with llm:
        taken = llm.acquire()
        assert llm.statistics["leased"] == 2
        assert llm.reason("Hello?", extra={"say": "Hi."}) == taken.reason("Hello?", extra={"say": "Hi."})
        taken.release()
        assert llm.statistics["leased"] == 1
    assert llm.statistics["leased"] == 0


def test_a_with_inside_a_with_has_the_same_place(fault_server: "FaultServer", runtime: DanaRuntime) -> None:
    runtime.models.add("one", "say", base_url=fault_server.base_url, max_size=1)
    llm = runtime.models.get("one", timeout=0.01)
    with llm as outer:
        with llm as inner, inner:
            assert inner is outer and inner.count_tokens("four words of it") == 8
        assert llm.chat("Hello?", extra={"say": "Hi."}) == "Hi."
        assert outer.messages is llm.messages and len(llm.messages) == 2
        assert llm.statistics["leased"] == 1 and " lent" in repr(llm)
    assert llm.statistics["leased"] == 0 and " lent" not in repr(llm)
    with llm.acquire() as taken:
        assert taken.reason("Hello?", extra={"say": "Hi."}) == "Hi."
    assert llm.statistics["leased"] == 0

    async def main() -> None:
        later = runtime.models.get_async("one", timeout=0.01)
        async with later as outer, later as inner:
            answers = await asyncio.gather(*(later.reason("Hello?", extra={"say": "Hi."}) for _ in range(3)))
            assert inner is outer and answers == ["Hi."] * 3

    asyncio.run(main())
    assert llm.statistics["leased"] == 0


def test_a_with_of_another_task_or_thread_has_another_place(fault_server: "FaultServer", runtime: DanaRuntime) -> None:
    runtime.models.add("two", "say", base_url=fault_server.base_url, max_size=2)
    llm, later = runtime.models.get("two"), runtime.models.get_async("two")

    async def within(outer: object) -> tuple[bool, int]:
        async with later as inner:
            return inner is outer, llm.statistics["leased"]

    async def main() -> None:
        async with later as outer:
            assert await within(outer) == (True, 1)
            assert await asyncio.create_task(within(outer)) == (False, 2)
            assert await within(outer) == (True, 1)

    asyncio.run(main())
    trio.run(within, None)

    def entered() -> list[int]:
        with llm:
            return [llm.statistics["leased"]]

    with llm, ThreadPoolExecutor(1) as pool:
        assert entered() == [1]
        assert pool.submit(copy_context().run, entered).result() == [2]
        assert copy_context().run(entered) == [1]
        assert entered() == [1]
    assert llm.statistics["leased"] == 0


@pytest.mark.usefixtures("engine")
def test_an_engine_that_is_killed_comes_again() -> None:
    llm = dana.get_llm()
    llm.reason("Say hi.", max_tokens=1)
    (process,) = dana.models.processes

    async def main() -> list[object]:
        calls = [asyncio.ensure_future(dana.reason_async("Count to ten.", max_tokens=3)) for _ in range(32)]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        os.kill(process, signal.SIGKILL)
        return await asyncio.gather(*calls, return_exceptions=True)

    ends = asyncio.run(main())
    failed = [end for end in ends if isinstance(end, BaseException)]
    for error in failed:
        assert isinstance(error, errors.LanguageModelError), repr(error)
        assert str(error).startswith("embedded/smollm2-135m-instruct: ") and error.code
    assert len(failed) <= 2, Counter(map(repr, failed))  # those that had begun to answer
    assert dana.reason("Say hi.", max_tokens=1).usage.output == 1
    assert dana.models.processes not in ([], [process])
    wait_for_end(process)
    assert {llm.statistics[figure] for figure in ("leased", "waiting")} == {0}


PROGRAM = """
import sys
from opendxa.dana import dana
dana.reason("Say hi.", max_tokens=1)
print(*dana.models.processes, flush=True)
sys.stdin.read()
"""


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("way", ["its end", "SIGKILL"])
def test_no_process_is_left_behind(way: str) -> None:
    owner = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert owner.stdout is not None
    (process,) = map(int, owner.stdout.readline().split())
    os.kill(process, 0)
    if way == "SIGKILL":
        owner.kill()
    _, said = owner.communicate(timeout=60)
    assert said == b""
    assert owner.returncode == (-signal.SIGKILL if way == "SIGKILL" else 0)
    wait_for_end(process)


def test_who_waits_too_long_for_a_place_says_so_in_a_with_and_without(
    fault_server: "FaultServer", runtime: DanaRuntime
) -> None:
    runtime.models.add("one", "say", base_url=fault_server.base_url, max_size=1)
    hurried = runtime.models.get("one", priority="high", tenant="t", timeout=0.01)
    later = runtime.models.get_async("one", timeout=0.01)
    with runtime.models.get("one"):
        with pytest.raises(errors.ModelTimeoutError, match="no place was free within 0.01.* s, and 1 are lent at most: raise `timeout` or `max_size`"):
            hurried.reason("Hello?")
        with pytest.raises(errors.ModelTimeoutError), hurried:
            pass
        with pytest.raises(errors.ModelTimeoutError):
            asyncio.run(later.reason("Hello?"))
    assert hurried.reason("Hello?", extra={"say": "Yes."}) == "Yes."
