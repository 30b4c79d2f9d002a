"""`dana.deadline`: asyncio's timeout, known to Swift."""

import asyncio

import pytest

from opendxa import dana


def test_it_ends_what_takes_longer() -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with dana.deadline(0.01):
                await dana.sleep(1000)
        assert dana.remaining_time() is None

    asyncio.run(main())


def test_the_earlier_of_two_holds() -> None:
    async def main() -> None:
        async with dana.deadline(100), dana.deadline(1000):
            remaining = dana.remaining_time()
            assert remaining is not None
            assert 0 < remaining <= 100

    asyncio.run(main())


def test_seconds_are_a_number() -> None:
    with pytest.raises(TypeError) as caught:
        dana.deadline("soon")  # type: ignore[arg-type]
    assert str(caught.value) == "Expected seconds, got str at argument 'seconds'"
