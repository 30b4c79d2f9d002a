"""Sizes, durations and counts as people write them: `100MB`, `30s`, `1000`."""

from __future__ import annotations

from opendxa.dana.errors import DanaValueError, TypeConversionError

# For annotations alone: importing it would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIZES: dict[str, float] = {"": 1, "b": 1}
for _power, _letter in enumerate("kmgt", 1):
    _SIZES |= {f"{_letter}ib": 1024**_power, f"{_letter}b": 1000**_power, _letter: 1000**_power}
_TIMES: dict[str, float] = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3}
for _seconds, _names in (
    (1, ("", "s", "sec", "second", "seconds")),
    (60, ("m", "min", "minute", "minutes")),
    (3600, ("h", "hour", "hours")),
    (86400, ("d", "day", "days")),
):
    _TIMES |= dict.fromkeys(_names, _seconds)
_LARGEST_SIZE = 10**15
_LONGEST_TIME = 1e9
_LARGEST_COUNT = 2**63 - 1
_SHOWN_BITS = 256


def size(value: str | int | float, argument: str) -> int:
    """Bytes, from `100MB`, `1.5GiB` or a number of bytes."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeConversionError(
            f"Expected a size such as '100MB', got {type(value).__name__} at argument '{argument}'"
        )
    number = _number(value, _SIZES)
    if number is None or not 1 <= number <= _LARGEST_SIZE:
        raise DanaValueError(
            f"{_shown(value)} is no size at argument '{argument}': "
            "write '100MB', '1.5GiB' or a number of bytes, 10**15 at most"
        )
    return int(number)


def duration(value: str | int | float | timedelta, argument: str) -> float:
    """Seconds, from `30s`, `500ms`, `2m`, a number of seconds or a `timedelta`."""
    seconds: float | None = None
    if hasattr(value, "total_seconds"):
        seconds = value.total_seconds()
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        seconds = _number(value, _TIMES)
    else:
        raise TypeConversionError(
            f"Expected a duration such as '30s', got {type(value).__name__} at argument '{argument}'"
        )
    if seconds is None or not 1e-9 <= seconds <= _LONGEST_TIME:
        raise DanaValueError(
            f"{_shown(value)} is no duration at argument '{argument}': "
            "write '30s', '500ms', '2m' or a number of seconds, 10**9 at most"
        )
    return seconds


def count(value: object, argument: str) -> int:
    """A count of at least one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeConversionError(f"Expected a whole number, got {type(value).__name__} at argument '{argument}'")
    if not isinstance(value, int) or not 1 <= value <= _LARGEST_COUNT:
        raise DanaValueError(
            f"{_shown(value)} is no count at argument '{argument}': write a whole number from 1 to 2**63 - 1"
        )
    return value


def shown_size(number: int) -> str:
    """A number of bytes as `size` reads it."""
    for unit, factor in (("GiB", 1024**3), ("GB", 1000**3), ("MiB", 1024**2), ("MB", 1000**2), ("KiB", 1024), ("KB", 1000)):
        if number >= factor and number % factor == 0:
            return f"{number // factor}{unit}"
    return str(number)


def shown_duration(seconds: float) -> str:
    """A duration as `duration` reads it."""
    for unit, factor in (("h", 3600), ("m", 60)):
        if seconds >= factor and seconds % factor == 0:
            return f"{seconds / factor:.0f}{unit}"
    return f"{seconds!r}s".replace(".0s", "s")


def _shown(value: object) -> str:
    if isinstance(value, int) and value.bit_length() > _SHOWN_BITS:
        return f"a number of {value.bit_length()} bits"
    return repr(value)


def _number(value: str | int | float, units: dict[str, float]) -> float | None:
    if not isinstance(value, str):
        try:
            return float(value)
        except OverflowError:
            return None
    word = "".join(value.lower().split())
    number = word.rstrip(_LETTERS)
    factor = units.get(word[len(number) :])
    try:
        return None if factor is None else float(number) * factor
    except ValueError:
        return None
