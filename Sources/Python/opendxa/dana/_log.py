"""Dana's own lines in Python's logging."""

from __future__ import annotations

import os

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import Logger, LogRecord


def log_line(line: tuple[str, str, int, str | None, str | None]) -> None:
    """Logs what a program said with `log`, on the logger `dana.` and the module's name, with the line that said it."""
    import logging

    level, text, context, place, function = line
    file, _ = split_place(place)
    module = os.path.splitext(os.path.basename(file))[0]
    logger = logging.getLogger(f"dana.{module}" if module.isidentifier() else "dana")
    number = getattr(logging, level.upper(), logging.INFO)
    if logger.isEnabledFor(number):
        made = record(logger, number, place, text, function)
        made.dana_context = context
        logger.handle(made)


def record(
    logger: Logger, level: int, place: str | None, message: str, function: str | None = None
) -> LogRecord:
    """A record whose origin is a place in Dana."""
    file, line = split_place(place)
    return logger.makeRecord(logger.name, level, file, line, message, (), None, function)


def split_place(place: str | None) -> tuple[str, int]:
    """The file and the line of a place such as `rules.na:6`."""
    file, _, line = (place or "").rpartition(":")
    return (file, int(line)) if line.isdigit() else (place or "<dana>", 0)
