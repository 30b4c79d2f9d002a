"""Dana and Python in one process: `make demo` runs this. What it calls lies beside it, in pricing.na."""

import asyncio
import inspect
import time
import traceback

from opendxa.dana import DanaRuntime, dana, errors

runtime = DanaRuntime()


@runtime.function(namespace="exchange")
def rate(currency: str) -> float:
    """A function of Python's that Dana calls."""
    return {"USD": 1.1, "JPY": 160.0}[currency]


@runtime.function(namespace="market")
async def quote(name: str, seconds: float) -> str:
    """A coroutine of Python's that Dana calls, and waits for without holding up anything."""
    await asyncio.sleep(seconds)
    return f"{name} after {seconds} s"


def heading(text: str) -> None:
    print(f"\n{text}")


def show(what: object, note: str = "") -> None:
    print(f"  {what!s:<46}{note}")


def called() -> None:
    heading("Dana, evaluated and called")
    show(f"[n * n for n in range(5)] | sum = {dana.eval('[n * n for n in range(5)] | sum')}")
    dana.eval("func area(width, height=2):\n    return width * height")
    area = dana.function("area")
    show(f"area(3) = {area(3)}", f"area{inspect.signature(area)}")
    calls = 20_000
    started = time.perf_counter()
    for _ in range(calls):
        area(3)
    show(f"one call takes {(time.perf_counter() - started) / calls * 1e9:.0f} ns", "the loop included")


def imported() -> None:
    heading("A module of Dana's, imported by Python")
    dana.enable_imports()
    import pricing

    items = [pricing.Item("tea", 4.5, 2), pricing.Item("cup", 12.0)]
    show(f"pricing.total(items) = {pricing.total(items)}", pricing.total.documentation)
    show(items[0], "a struct of Dana's, in Python")
    show(f"in_currency(items, 'USD') = {pricing.in_currency(items, 'USD')}", "Dana called rate() in Python")
    show(f"list(pricing.counting(5)) = {list(pricing.counting(5))}", "a generator of Dana's")


async def together() -> None:
    heading("Three programs at once, each waiting for a coroutine of Python's")
    started = time.perf_counter()

    async def one(name: str, seconds: float) -> None:
        async with runtime.create_context(timeout="5s") as context:
            answer = await context.eval_dana_async(f"market.quote({name!r}, {seconds})")
            show(answer, f"{time.perf_counter() - started:.2f} s")

    await asyncio.gather(one("gold", 0.3), one("tin", 0.1), one("zinc", 0.2))


def limited() -> None:
    heading("What goes wrong says where, and what to do")
    for program, options in (
        ("import pricing\npricing.share(10, 0)", {}),
        ("read_text('/etc/passwd')", {}),
        ("rows = []\nwhile true:\n    rows.append('x' * 1000)", {"max_memory": "1MB"}),
    ):
        with runtime.create_context(**options) as context:
            try:
                context.eval_dana(program)
            except errors.DanaError as error:
                for frame in traceback.extract_tb(error.__traceback__)[-1:]:
                    show(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}: {frame.line}")
                print(f"    {type(error).__name__}: {error}")


async def cancelled() -> None:
    heading("An endless program, cancelled")
    async with runtime.create_context() as context:
        task = asyncio.create_task(context.eval_dana_async("while true: pass"))
        await asyncio.sleep(0.2)
        started = time.perf_counter()
        task.cancel()
        try:
            await task
        except asyncio.CancelledError:
            show(f"it ended {(time.perf_counter() - started) * 1e3:.1f} ms later", "the event loop went on meanwhile")
        show(f"the context goes on: {context.eval_dana('1 + 2')}")


async def main() -> None:
    await together()
    await cancelled()


if __name__ == "__main__":
    called()
    imported()
    limited()
    asyncio.run(main())
