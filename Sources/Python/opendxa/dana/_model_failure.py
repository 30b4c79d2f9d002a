"""Makes Python's exceptions from why a language model gave no answer."""

from __future__ import annotations

from opendxa.dana import errors
from opendxa.dana.errors import DanaValueError, LanguageModelError, TypeConversionError

_CLASSES: dict[str, type[LanguageModelError]] = {
    "timedOut": errors.ModelTimeoutError,
    "connectTimedOut": errors.ModelTimeoutError,
    "firstByteTimedOut": errors.ModelTimeoutError,
    "idleTimedOut": errors.ModelTimeoutError,
    "totalTimedOut": errors.ModelTimeoutError,
    "authentication": errors.ModelAccessError,
    "permission": errors.ModelAccessError,
    "rateLimited": errors.ModelRateError,
    "quotaExceeded": errors.ModelRateError,
    "overloaded": errors.ModelRateError,
    "budgetExceeded": errors.ModelRateError,
    "nameNotFound": errors.ModelConnectionError,
    "connectionRefused": errors.ModelConnectionError,
    "connectionLost": errors.ModelConnectionError,
    "proxyFailed": errors.ModelConnectionError,
    "tlsFailed": errors.ModelConnectionError,
    "streamTruncated": errors.ModelConnectionError,
    "schemaMismatch": errors.AnswerError,
    "contentFiltered": errors.AnswerError,
    "invalidReply": errors.AnswerError,
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
