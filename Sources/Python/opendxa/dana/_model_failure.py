"""Makes Python's exceptions from why a language model gave no answer."""

from __future__ import annotations

from opendxa.dana import errors
from opendxa.dana.errors import DanaValueError, LanguageModelError, TypeConversionError

_CLASSES: dict[str, type[LanguageModelError]] = {
    "timed_out": errors.ModelTimeoutError,
    "connect_timed_out": errors.ModelTimeoutError,
    "first_byte_timed_out": errors.ModelTimeoutError,
    "idle_timed_out": errors.ModelTimeoutError,
    "total_timed_out": errors.ModelTimeoutError,
    "authentication": errors.ModelAccessError,
    "permission": errors.ModelAccessError,
    "rate_limited": errors.ModelRateError,
    "quota_exceeded": errors.ModelRateError,
    "overloaded": errors.ModelRateError,
    "budget_exceeded": errors.ModelRateError,
    "name_not_found": errors.ModelConnectionError,
    "connection_refused": errors.ModelConnectionError,
    "connection_lost": errors.ModelConnectionError,
    "proxy_failed": errors.ModelConnectionError,
    "tls_failed": errors.ModelConnectionError,
    "stream_truncated": errors.ModelConnectionError,
    "tool_limit_reached": errors.AnswerError,
    "schema_mismatch": errors.AnswerError,
    "content_filtered": errors.AnswerError,
    "invalid_reply": errors.AnswerError,
}


def model_failure(
    code: str,
    message: str,
    model: str,
    status: int | None,
    retry_after: float | None,
    request_id: str | None,
    body: str | None,
) -> BaseException:
    """The exception to raise."""
    error = _CLASSES.get(code, LanguageModelError)(message)
    error.code = code
    error.model = model
    error.status = status
    error.retry_after = retry_after
    error.request_id = request_id
    error.body = body
    return error


def option_fault(is_type: bool, message: str) -> BaseException:
    """The exception for an option that makes no sense."""
    return TypeConversionError(message) if is_type else DanaValueError(message)
