"""Dana in Python's logging: audit events, calls of language models and what programs print, on loggers whose names
begin with `dana`.

What programs say with `log` needs nothing of this: it always goes to the logger `dana.` and the module's name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from opendxa.dana._language_models import ModelCall
from opendxa.dana._log import record
from opendxa.dana._one_listener import alone
from opendxa.dana._runtime import AuditEvent, AuditListener, DanaRuntime, given_runtime

__all__ = ["OutputLog", "audit_level", "log_audit", "log_models", "log_output"]

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
    """Logs every audit event of a runtime from here on; where it happened in Dana is the record's file, line and function.

    A record has the attributes `dana_kind`, `dana_context` and `dana_subject`.
    """
    log = logging.getLogger(logger)

    def tell(event: AuditEvent) -> None:
        level = audit_level(event.kind)
        if log.isEnabledFor(level):
            log.handle(_record(log, level, event))

    return given_runtime(runtime).listen(tell)


def log_models(
    runtime: DanaRuntime | None = None, *, logger: str = "dana.models", level: int = logging.INFO
) -> Callable[[], None]:
    """Logs each call of a language model from here on; calling what this gives ends that. Failures are warnings. Called
    again for the same logger, it takes the place of what it began before.

    A record has the attributes `dana_operation`, `dana_model`, `dana_input_tokens`, `dana_output_tokens`,
    `dana_queued`, `dana_first_token`, `dana_duration`, `dana_finish_reason`, `dana_error` and `dana_trace_id`.
    """
    log = logging.getLogger(logger)

    def tell(call: ModelCall) -> None:
        number = level if call.error is None else logging.WARNING
        if log.isEnabledFor(number):
            log.log(number, "%s", _line(call), extra=_fields(call))

    runtime = given_runtime(runtime)
    return alone(runtime, ("log_models", logger), runtime.models.listen(tell))


class OutputLog:
    """Logs what programs print, line by line; what stands behind the last line when their context has ended is a line,
    too."""

    __slots__ = ("_level", "_log", "_pending")

    def __init__(self, log: logging.Logger, level: int) -> None:
        self._log = log
        self._level = level
        self._pending = ""

    def __call__(self, text: str) -> None:
        *lines, self._pending = (self._pending + text).split("\n")
        for line in lines:
            self._tell(line)

    def flush(self) -> None:
        """Logs what no line's end has followed yet."""
        line, self._pending = self._pending, ""
        if line:
            self._tell(line)

    def _tell(self, line: str) -> None:
        if self._log.isEnabledFor(self._level):
            # Which line of Dana's printed it is not known: what programs print comes in portions.
            self._log.handle(record(self._log, self._level, None, line))


def log_output(*, logger: str = "dana.output", level: int = logging.INFO) -> OutputLog:
    """For `create_context(output=...)`: logs each line that programs print."""
    return OutputLog(logging.getLogger(logger), level)


def _record(log: logging.Logger, level: int, event: AuditEvent) -> logging.LogRecord:
    message = f"{event.kind} {event.subject}" + (f": {event.detail}" if event.detail else "")
    made = record(log, level, event.place, message, event.function)
    made.dana_kind = event.kind
    made.dana_context = event.context
    made.dana_subject = event.subject
    return made


def _line(call: ModelCall) -> str:
    end = f"{call.input_tokens}+{call.output_tokens} tokens" if call.error is None else f"{call.error}: {call.message}"
    return f"{call.operation} {call.model} {call.duration:.3f} s, {call.queued:.3f} s queued, {end}"


def _fields(call: ModelCall) -> dict[str, object]:
    return {
        "dana_operation": call.operation,
        "dana_model": call.model,
        "dana_input_tokens": call.input_tokens,
        "dana_output_tokens": call.output_tokens,
        "dana_queued": call.queued,
        "dana_first_token": call.first_token,
        "dana_duration": call.duration,
        "dana_finish_reason": call.finish_reason,
        "dana_error": call.error,
        "dana_trace_id": call.trace_id,
    }
