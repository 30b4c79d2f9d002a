"""Dana in Python's logging: audit events and what programs print, on loggers whose names begin with `dana`.

What programs say with `log` needs nothing of this: it always goes to the logger `dana.` and the module's name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from opendxa.dana._log import record
from opendxa.dana._runtime import AuditEvent, AuditListener, DanaRuntime

__all__ = ["audit_level", "log_audit", "log_output"]

_LEVELS = {
    "denied": logging.WARNING,
    "limit_reached": logging.WARNING,
    "failed": logging.ERROR,
    "arguments_mapped": logging.INFO,
    "redacted": logging.INFO,
    "context_created": logging.DEBUG,
}


def audit_level(kind: str) -> int:
    """The level at which a kind of audit event is logged: denials and limits warn, failures are errors."""
    return _LEVELS.get(kind, logging.DEBUG)


def log_audit(runtime: DanaRuntime | None = None, *, logger: str = "dana.audit") -> AuditListener:
    """Logs every audit event of a runtime from here on; where it happened in Dana is the record's file and line.

    A record has the attributes `dana_kind`, `dana_context` and `dana_subject`.
    """
    log = logging.getLogger(logger)

    def tell(event: AuditEvent) -> None:
        level = audit_level(event.kind)
        if log.isEnabledFor(level):
            log.handle(_record(log, level, event))

    return (DanaRuntime() if runtime is None else runtime).listen(tell)


def log_output(*, logger: str = "dana.output", level: int = logging.INFO) -> Callable[[str], None]:
    """For `create_context(output=...)`: logs each line that programs print."""
    log = logging.getLogger(logger)
    pending = ""

    def write(text: str) -> None:
        nonlocal pending
        *lines, pending = (pending + text).split("\n")
        for line in lines:
            log.log(level, "%s", line)

    return write


def _record(log: logging.Logger, level: int, event: AuditEvent) -> logging.LogRecord:
    message = f"{event.kind} {event.subject}" + (f": {event.detail}" if event.detail else "")
    made = record(log, level, event.place, message)
    made.dana_kind = event.kind
    made.dana_context = event.context
    made.dana_subject = event.subject
    return made
