"""How typed programs use the package: the type checkers read this, nothing runs it."""

import asyncio
from typing import assert_type

from opendxa import dana


async def use() -> None:
    assert_type(dana.version(), str)
    assert_type(dana.build_info(), dict[str, str])
    assert_type(await dana.sleep(1), None)
    assert_type(await dana.sleep(1, "back"), str)
    assert_type(await asyncio.create_task(dana.sleep(1, 2)), int)
    assert_type(await asyncio.gather(dana.sleep(1, "a"), dana.sleep(1, 2)), tuple[str, int])
    async for tick in dana.ticks(0.1, count=3):
        assert_type(tick, int)
    await dana.ticks(0.1).aclose()
