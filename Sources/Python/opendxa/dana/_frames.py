"""Python's traceback frames for places in Dana: file, line and columns, as a traceback's printer and pdb read them."""

from __future__ import annotations

import os
from types import CodeType, TracebackType

from opendxa.dana._texts import kept_text, oldest_beyond

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from opendxa.dana.errors import DanaPlace

# Texts that are no files are shown to printers for as long as they are among the last of this many.
_TEXTS_SHOWN = 256

_shown: dict[str, None] = {}
_RAISING = compile("raise Exception", "<dana>", "exec")


def traceback_through(places: tuple[DanaPlace, ...]) -> TracebackType | None:
    """A traceback whose frames are these places, the last of them where the error was raised."""
    trace: TracebackType | None = None
    shown: set[str] = set()
    for place in reversed(places):
        if place.source not in shown and _show_to_printers(place):
            shown.add(place.source)
        made = _raised(_code_at(place), {"__name__": _module_name(place.source), "__file__": place.source})
        trace = TracebackType(trace, made.tb_frame, made.tb_lasti, made.tb_lineno)
    return trace


def _raised(code: CodeType, variables: dict[str, object]) -> TracebackType:
    try:
        exec(code, variables)
    except Exception as error:
        trace = error.__traceback__
        if trace is not None and trace.tb_next is not None:
            return trace.tb_next
        raise
    raise AssertionError("a code that raises did not raise")


def _module_name(source: str) -> str:
    return os.path.splitext(os.path.basename(source))[0]


def _code_at(place: DanaPlace) -> CodeType:
    """Code that raises at a place, as far as its table of positions tells."""
    line = max(place.line, 1)
    return _RAISING.replace(
        co_filename=place.source,
        co_name=place.function,
        co_qualname=place.function,
        co_firstlineno=line,
        co_linetable=_positions(place, len(_RAISING.co_code) // 2),
    )


def _positions(place: DanaPlace, units: int) -> bytes:
    """A table that gives every instruction one place, in the form that CPython's Objects/locations.md describes."""
    columns = _columns(place)
    if columns is None:
        kind, where = 13, bytes([0])
    else:
        start, end = columns
        lines = place.end_line - place.line
        kind, where = 14, bytes([0]) + _number(lines) + _number(start + 1) + _number(end + 1)
    table = b""
    while units > 0:
        covered = min(units, 8)
        table += bytes([0x80 | kind << 3 | covered - 1]) + where
        units -= covered
    return table


def _columns(place: DanaPlace) -> tuple[int, int] | None:
    """Where the place begins and ends in its lines, in bytes from 0 as CPython counts; None when that is not known."""
    if place.column < 1 or place.end_column < 1 or place.end_line < place.line:
        return None
    if place.column - 1 > len(place.text):  # of a long line the beginning is known
        return None
    start = len(place.text[: place.column - 1].encode(errors="replace"))
    last = place.text
    if place.end_line != place.line:
        last = _line(place.source, place.end_line)
    end = len(last[: place.end_column - 1].encode(errors="replace"))
    return None if place.end_line == place.line and end <= start else (start, end)


def _number(value: int) -> bytes:
    """A number in groups of six bits, the lowest first; a seventh bit says that more follow."""
    groups = bytearray()
    while value >= 64:
        groups.append(0x40 | value & 63)
        value >>= 6
    groups.append(value)
    return bytes(groups)


def _line(source: str, number: int) -> str:
    import linecache

    return linecache.getline(source, number)


def _show_to_printers(place: DanaPlace) -> bool:
    """Lets `traceback`, `pdb` and others find the line of a text that is no file; whether they find all of its lines."""
    if not place.source.startswith("<") and os.path.isfile(place.source):
        return True
    import linecache

    text = kept_text(place.source)
    if text is not None:
        lines = [line + "\n" for line in text.splitlines()]
    else:
        known = linecache.cache.get(place.source)
        lines = list(known[2]) if known is not None and len(known) == 4 else []
        lines += ["\n"] * (place.line - len(lines))
        if place.line >= 1:
            lines[place.line - 1] = place.text + "\n"
    # Without a time of change the cache keeps it when files are checked. pdb asks by the absolute path.
    for name in {place.source, place.source if place.source.startswith("<") else os.path.abspath(place.source)}:
        linecache.cache[name] = (sum(map(len, lines)), None, lines, name)
        _shown.pop(name, None)
        _shown[name] = None
    for oldest in oldest_beyond(_shown, _TEXTS_SHOWN):
        _shown.pop(oldest, None)
        linecache.cache.pop(oldest, None)
    return text is not None
