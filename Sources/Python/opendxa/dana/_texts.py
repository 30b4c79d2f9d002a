"""The texts of Dana that are no files: their names, their programs, and for those who print errors themselves."""

from __future__ import annotations

from itertools import count

from opendxa.dana._native import Program

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Texts are kept for as long as they are among the last of this many.
_TEXTS_KEPT = 256

_numbers = count(1)
_texts: dict[str, str] = {}
# The programs of the kept texts that nobody gave a name.
known_programs: dict[str, Program] = {}
# What the kept texts go by that nobody gave a name.
_names: dict[str, str] = {}


def program(text: str, name: str | None = None) -> Program:
    """A text as a program, which goes in errors by its name, or by one made for it: the same text has the same."""
    if name:
        _keep(text, name)
        return _compiled(text, name)
    known = known_programs.get(text)
    if known is None:
        made = f"<dana {next(_numbers)}>"
        known = known_programs[text] = _compiled(text, made)
        _names[text] = made
        _keep(text, made)
    return known


def _compiled(text: str, name: str) -> Program:
    try:
        return Program(text, name)
    except UnicodeEncodeError as error:
        from opendxa.dana.errors import DanaSyntaxError

        raise DanaSyntaxError(f"a text of Dana is Unicode without lone surrogates: {error}") from error


def kept_text(name: str) -> str | None:
    """The text of a name, while it is kept."""
    return _texts.get(name)


def oldest_beyond(kept: dict[str, Any], most: int) -> Iterator[str]:
    """The oldest key, again and again, until whoever takes them out has left no more than so many."""
    while len(kept) > most:
        try:
            oldest = next(iter(kept))
        except (RuntimeError, StopIteration):  # another thread was faster
            return
        yield oldest


def _keep(text: str, name: str) -> None:
    if _texts.get(name) is text:
        return
    _texts[name] = text
    for oldest in oldest_beyond(_texts, _TEXTS_KEPT):
        gone = _texts.pop(oldest, None)
        if gone is not None and _names.get(gone) == oldest:
            _names.pop(gone, None)
            known_programs.pop(gone, None)
