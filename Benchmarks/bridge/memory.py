"""What a million calls and a million awaits, a tenth of them cancelled, leave behind: bytes, blocks, references."""

import asyncio
import gc
import json
import os
import sys
from types import ModuleType

from bridge import modules
from bridge.asyncio_awaits import strategy
from harness.bars import Bar
from harness.resident_memory import resident
from harness.rounds import TimedOut, child
from harness.rows import OURS, Row

TOTAL = 1_000_000
QUICK_TOTAL = 100_000
IN_FLIGHT = 100
FLAT_MEGABYTES = 1.0
FLAT_BLOCKS = 1000
KINDS = {"calls": (OURS, "ours_abi3", "c"), "awaits, a tenth cancelled": (OURS, "ours_abi3", "sleep0")}


class Watched:
    """Objects that go through the calls; their reference counts must come back to what they were."""

    def __init__(self) -> None:
        self.objects = [object(), 1 << 70, "a string that goes in", [1, 2, 3]]
        self.kept = self.counts()

    def counts(self) -> list[int]:
        return [sys.getrefcount(value) for value in self.objects]

    def gained(self) -> int:
        return sum(abs(now - before) for now, before in zip(self.counts(), self.kept))


def call(module: ModuleType, times: int, watched: Watched) -> None:
    thing, big, text, numbers = watched.objects
    instance = module.Obj() if hasattr(module, "Obj") else None
    list_rt = getattr(module, "list_rt", None)
    for _ in range(times // 5):
        module.echo(text)
        module.kw(text, options=thing, n=3)
        try:
            module.add1(big)
        except OverflowError:
            pass
        try:
            module.boom()
        except ValueError:
            pass
        if list_rt and instance:
            list_rt(numbers)
            instance.add(3)


async def await_all(make, times: int, watched: Watched) -> None:
    loop = asyncio.get_running_loop()

    async def one(i: int, *held: object) -> object:
        return await make(i)

    for _ in range(times // IN_FLIGHT):
        tasks = [loop.create_task(one(i, *watched.objects)) for i in range(IN_FLIGHT)]
        await asyncio.sleep(0)
        for task in tasks[::10]:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def growth(kind: str, name: str, total: int) -> dict[str, float]:
    """What the run added after a first tenth that fills caches and pools."""
    watched = Watched()
    if kind == "calls":
        paths = {OURS: modules.OURS, "ours_abi3": modules.OURS_ABI3, "c": modules.PEERS["c"]}
        module = modules.load(paths[name])

        async def run(times: int) -> None:
            call(module, times, watched)
    else:
        make = strategy(name, asyncio.get_running_loop())

        async def run(times: int) -> None:
            await await_all(make, times, watched)

    await run(total // 10)
    gc.collect()
    references, bytes_before, blocks_before = watched.gained(), resident(), sys.getallocatedblocks()
    await run(total)
    gc.collect()
    return {
        "megabytes": max(0, resident() - bytes_before) / 1e6,
        "blocks": float(max(0, sys.getallocatedblocks() - blocks_before)),
        "references": float(watched.gained() - references),
    }


def growth_of(run: str) -> dict[str, float]:
    try:
        return child("bridge.memory", run) or {}
    except TimedOut:
        return {}


def measure(quick: bool) -> list[Row]:
    total = QUICK_TOTAL if quick else TOTAL
    rows = []
    for kind, names in KINDS.items():
        values: dict[str, dict[str, list[float]]] = {}
        for name in names:
            for what, value in growth_of(f"{kind}/{name}/{total}").items():
                values.setdefault(what, {})[name] = [value]
        rows.append(Row(f"{total:,} {kind}: memory gained", "MB", values.get("megabytes", {})))
        rows.append(Row(f"{total:,} {kind}: Python's blocks gained", "", values.get("blocks", {})))
        rows.append(Row(f"{total:,} {kind}: references not given back", "", values.get("references", {})))
    return rows


def bars(rows: dict[str, Row]) -> list[Bar]:
    held = []
    for row in rows.values():
        for ending, limit in (("memory gained", FLAT_MEGABYTES), ("blocks gained", FLAT_BLOCKS), ("given back", 0)):
            if row.case.endswith(ending) and any(kind in row.case for kind in KINDS):
                held.append(Bar(f"{row.case}{', ' + row.unit if row.unit else ''}", row.value(OURS), limit))
    return held


if __name__ == "__main__":
    kind, name, total = sys.argv[1].split("/")
    print(json.dumps(asyncio.run(growth(kind, name, int(total)))))
    sys.stdout.flush()
    os._exit(0)
