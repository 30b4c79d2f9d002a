"""Cancelling is structured: the Swift task is asked to stop, Python goes on when Swift has unwound."""

import asyncio
import random
import warnings
from typing import Any

import bridge_probe
import pytest
from asyncio_runs import Run, fresh, grace, journal, nothing_left, on_every_loop, turns, until

pytestmark = on_every_loop


async def ends_cancelled(task: "asyncio.Task[Any]") -> asyncio.CancelledError:
    with pytest.raises(asyncio.CancelledError) as caught:
        await task
    return caught.value


def test_a_cancelled_task_cancels_swift(run: Run) -> None:
    async def main() -> None:
        task = asyncio.create_task(bridge_probe.pass_gate(fresh("a"), 1))
        await turns()
        assert task.cancel()
        await ends_cancelled(task)
        assert task.cancelled()
        assert [line.split()[1] for line in journal()] == ["started", "cancelled"]

    with nothing_left():
        run(main)


def test_cancelled_before_it_starts_swift_never_runs(run: Run) -> None:
    async def main() -> None:
        async def awaiting() -> Any:
            return await bridge_probe.pass_gate(fresh("never"), 1)

        if run.factory is not None and run.factory.__name__ == "eager_loop":
            return  # an eager task starts before anybody can cancel it
        for make in (lambda: bridge_probe.pass_gate(fresh("never"), 1), awaiting):
            task = asyncio.create_task(make())
            assert task.cancel()
            await ends_cancelled(task)
        assert journal() == []

    with nothing_left():
        run(main)


def test_a_task_that_cancels_itself_before_the_await(run: Run) -> None:
    async def main() -> None:
        async def awaiting() -> None:
            current = asyncio.current_task()
            assert current is not None
            current.cancel("by itself")
            await bridge_probe.pass_gate(fresh("self"), 1)

        assert (await ends_cancelled(asyncio.create_task(awaiting()))).args == ("by itself",)

    run(main)


def test_the_message_travels(run: Run) -> None:
    async def main() -> None:
        for name, call in (("slow", bridge_probe.unwind_slowly), ("gate", lambda name: bridge_probe.pass_gate(name, 1))):
            name = fresh(name)
            task = asyncio.create_task(call(name))
            await turns()
            task.cancel("the reason")
            bridge_probe.open_gate(name)
            assert (await ends_cancelled(task)).args == ("the reason",)

    run(main)


def test_cancel_returns_when_swift_has_unwound(run: Run) -> None:
    async def main() -> None:
        name = fresh("slow")
        task = asyncio.create_task(bridge_probe.unwind_slowly(name))
        await turns()
        task.cancel()
        await turns(20)
        assert not task.done()
        assert journal() == [f"{name} started", f"{name} cancelled"]
        bridge_probe.open_gate(name)
        await ends_cancelled(task)
        assert journal() == [f"{name} unwound"]

    with nothing_left():
        run(main)


def test_cancelled_twice_counts_twice_and_ends_once(run: Run) -> None:
    async def main() -> None:
        name = fresh("slow")
        task = asyncio.create_task(bridge_probe.unwind_slowly(name))
        await turns()
        assert task.cancel("first")
        assert task.cancel("second")
        assert task.cancelling() == 2
        await turns()
        assert task.cancel("third")
        assert task.cancelling() == 3
        bridge_probe.open_gate(name)
        assert (await ends_cancelled(task)).args == ("first",)
        assert journal() == [f"{name} started", f"{name} cancelled", f"{name} unwound"]

    run(main)


def test_uncancel_brings_the_count_back(run: Run) -> None:
    async def main() -> None:
        async def stubborn() -> str:
            with pytest.raises(asyncio.CancelledError):
                await bridge_probe.pass_gate(fresh(), 1)
            current = asyncio.current_task()
            assert current is not None
            assert current.cancelling() == 1
            assert current.uncancel() == 0
            return str(await bridge_probe.elsewhere("went on"))

        task = asyncio.create_task(stubborn())
        await turns()
        task.cancel()
        assert await task == "went on"
        assert task.cancelling() == 0

    run(main)


def test_a_function_that_swallows_the_cancellation_returns_its_value(run: Run) -> None:
    async def main() -> None:
        name = fresh("swallow")
        task = asyncio.create_task(bridge_probe.swallow(name, "value"))
        await turns()
        task.cancel()
        assert await task == "value"
        assert not task.cancelled()

    run(main)


def test_timeout_waits_for_the_unwinding(run: Run) -> None:
    async def main() -> None:
        name = fresh("slow")

        async def body() -> None:
            async with asyncio.timeout(0) as deadline:
                await bridge_probe.unwind_slowly(name)
            assert deadline.expired()

        task = asyncio.create_task(body())
        await until(lambda: bridge_probe.waiting_at(name) == 1)
        await turns()
        assert not task.done()
        bridge_probe.open_gate(name)
        with pytest.raises(TimeoutError):
            await task
        assert task.cancelling() == 0
        assert journal() == [f"{name} started", f"{name} cancelled", f"{name} unwound"]

    run(main)


def test_wait_for_waits_for_the_unwinding(run: Run) -> None:
    async def main() -> None:
        name = fresh("slow")
        task = asyncio.create_task(asyncio.wait_for(bridge_probe.unwind_slowly(name), 0.001))
        await until(lambda: bridge_probe.waiting_at(name) == 1)
        await turns()
        assert not task.done()
        bridge_probe.open_gate(name)
        with pytest.raises(TimeoutError):
            await task
        assert journal() == [f"{name} started", f"{name} cancelled", f"{name} unwound"]

    run(main)


def test_nested_timeouts_know_whose_it_is(run: Run) -> None:
    async def main() -> None:
        async with asyncio.timeout(60) as outer:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.001) as inner:
                    await bridge_probe.pass_gate(fresh(), 1)
        assert inner.expired() and not outer.expired()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.001) as outer:
                async with asyncio.timeout(60) as inner:
                    await bridge_probe.pass_gate(fresh(), 1)
        assert outer.expired() and not inner.expired()
        current = asyncio.current_task()
        assert current is not None
        assert current.cancelling() == 0

    run(main)


def test_a_value_that_comes_after_the_timeout_is_kept(run: Run) -> None:
    async def main() -> None:
        got = None
        async with asyncio.timeout(0.001) as deadline:
            got = await bridge_probe.swallow(fresh(), "value")
        assert got == "value"
        assert deadline.expired()
        current = asyncio.current_task()
        assert current is not None
        assert current.cancelling() == 0
        assert await bridge_probe.elsewhere("afterwards") == "afterwards"

    run(main)


def test_one_failure_in_a_group_cancels_the_others_and_waits_for_them(run: Run) -> None:
    async def main() -> None:
        names = [fresh("slow") for _ in range(5)]

        async def body() -> None:
            async with asyncio.TaskGroup() as group:
                for name in names:
                    group.create_task(bridge_probe.unwind_slowly(name))
                group.create_task(bridge_probe.raise_later(ValueError("one")))

        task = asyncio.create_task(body())
        await until(lambda: all(bridge_probe.waiting_at(name) == 1 for name in names))
        for name in names:
            await turns()
            assert not task.done()
            bridge_probe.open_gate(name)
        with pytest.raises(ExceptionGroup) as caught:
            await task
        assert [str(error) for error in caught.value.exceptions] == ["one"]
        lines = journal()
        assert sorted(line.split()[0] for line in lines if line.endswith(" unwound")) == sorted(names)
        assert lines.index(f"{names[0]} unwound") > max(lines.index(f"{name} cancelled") for name in names)

    with nothing_left():
        run(main)


def test_gather_cancelled_cancels_all(run: Run) -> None:
    async def main() -> None:
        names = [fresh("a") for _ in range(5)]

        async def body() -> None:
            await asyncio.gather(*(bridge_probe.pass_gate(name, 1) for name in names))

        task = asyncio.create_task(body())
        await until(lambda: all(bridge_probe.waiting_at(name) == 1 for name in names))
        task.cancel()
        await ends_cancelled(task)
        assert sorted(line for line in journal() if "cancelled" in line) == sorted(f"{name} cancelled" for name in names)

    run(main)


def test_a_shield_holds(run: Run) -> None:
    async def main() -> None:
        gate = fresh()
        inner = asyncio.create_task(bridge_probe.pass_gate(gate, "value"))

        async def body() -> None:
            await asyncio.shield(inner)

        outer = asyncio.create_task(body())
        await until(lambda: bridge_probe.waiting_at(gate) == 1)
        outer.cancel()
        await ends_cancelled(outer)
        assert not inner.done()
        bridge_probe.open_gate(gate)
        assert await inner == "value"
        assert journal() == [f"{gate} started", f"{gate} finished"]

    run(main)


def test_wait_with_a_timeout_leaves_swift_alone(run: Run) -> None:
    async def main() -> None:
        gate = fresh()
        task = asyncio.create_task(bridge_probe.pass_gate(gate, "value"))
        done, pending = await asyncio.wait([task], timeout=0.001)
        assert (done, pending) == (set(), {task})
        bridge_probe.open_gate(gate)
        assert await task == "value"

    run(main)


def test_a_cancellation_after_the_end_is_not_lost(run: Run) -> None:
    """Swift has returned, the task has not been stepped yet: as with any coroutine, the cancellation wins."""

    async def main() -> None:
        gate = fresh()
        steps = []

        async def awaiting() -> None:
            steps.append(await bridge_probe.pass_gate(gate, "value"))
            steps.append(await bridge_probe.pass_gate(fresh("never"), "value"))

        task = asyncio.create_task(awaiting())
        await turns()

        async def finishing() -> None:
            # Swift completes inside the step of this other call, so that `task` is owed its wake-up right after.
            bridge_probe.open_gate(gate)
            await bridge_probe.ready(1)
            assert f"{gate} finished" in journal()
            assert task.cancel("too late for Swift")

        await asyncio.create_task(finishing())
        assert (await ends_cancelled(task)).args == ("too late for Swift",)
        assert steps == []

    with nothing_left():
        run(main)


def test_cancelled_at_the_moment_of_completion(run: Run) -> None:
    dice = random.Random(7)

    async def main() -> None:
        outcomes = {"value": 0, "cancelled": 0}
        for _ in range(1000):
            gate = fresh("race")
            task = asyncio.create_task(bridge_probe.pass_gate(gate, "value"))
            await turns(1)
            bridge_probe.open_gate_elsewhere(gate)
            for _ in range(dice.randrange(400)):
                pass
            if dice.random() < 0.3:
                await turns(dice.randrange(4))
            cancelled = task.cancel()
            try:
                assert await task == "value"
                outcomes["value"] += 1
            except asyncio.CancelledError:
                assert cancelled
                outcomes["cancelled"] += 1
            assert task.done()
        assert sum(outcomes.values()) == 1000

    with nothing_left():
        run(main)


def test_the_shared_lock_is_free_after_a_cancel(run: Run) -> None:
    async def main() -> None:
        first, second, third = fresh("first"), fresh("second"), fresh("third")
        holder = asyncio.create_task(bridge_probe.hold_lock(first))
        await until(lambda: bridge_probe.waiting_at(first) == 1)
        cancelled = asyncio.create_task(bridge_probe.hold_lock(second))
        waiter = asyncio.create_task(bridge_probe.hold_lock(third))
        await turns()
        cancelled.cancel()
        holder.cancel()
        await ends_cancelled(holder)
        await ends_cancelled(cancelled)
        bridge_probe.open_gate(third)
        assert await waiter == third

    run(main)


def test_a_deaf_function_is_left_after_its_grace_time(run: Run) -> None:
    name = fresh("deaf")

    async def main() -> None:
        task = asyncio.create_task(bridge_probe.deaf(name))
        await turns()
        with pytest.warns(RuntimeWarning, match="'deaf' was cancelled and has not stopped within 0.05 s"):
            task.cancel("enough")
            assert (await ends_cancelled(task)).args == ("enough",)
        assert bridge_probe.waiting_at(name) == 1

    with nothing_left():
        with grace(0.05):
            run(main)
        assert bridge_probe.waiting_at(name) == 1
        bridge_probe.open_gate(name)


def test_a_deaf_function_does_not_keep_the_loop_from_ending(run: Run) -> None:
    name = fresh("deaf")

    async def main() -> str:
        asyncio.create_task(bridge_probe.deaf(name))
        await turns()
        return "ended"

    with nothing_left():
        with grace(0.05), pytest.warns(RuntimeWarning, match="Python no longer waits for it"):
            assert run(main) == "ended"
        bridge_probe.open_gate(name)


def test_a_deaf_function_that_ends_after_its_grace_time_is_dropped(run: Run) -> None:
    async def main() -> None:
        name = fresh("deaf")
        task = asyncio.create_task(bridge_probe.deaf(name))
        await turns()
        with pytest.warns(RuntimeWarning):
            task.cancel()
            await ends_cancelled(task)
        bridge_probe.open_gate(name)
        await until(lambda: f"{name} finished" in journal())
        await turns()
        assert task.cancelled()

    with nothing_left(), grace(0.05):
        run(main)


def test_no_warning_within_the_grace_time(run: Run) -> None:
    async def main() -> None:
        name = fresh("slow")
        task = asyncio.create_task(bridge_probe.unwind_slowly(name))
        await turns()
        task.cancel()
        bridge_probe.open_gate(name)
        await ends_cancelled(task)
        assert bridge_probe.pending_timers() <= timers

    timers = bridge_probe.pending_timers()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(main)


def test_cancelling_ten_thousand(run: Run) -> None:
    count = 1000 if run.debug else 10_000  # asyncio itself is slow in debug mode: it keeps the stack of each task

    async def main() -> None:
        gate = fresh()
        tasks = [asyncio.create_task(bridge_probe.pass_gate(gate, number)) for number in range(count)]
        await turns()
        assert bridge_probe.waiting_at(gate) == count
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {asyncio.CancelledError}

    with nothing_left():
        run(main)
