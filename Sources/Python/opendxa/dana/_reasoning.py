"""Asking a language model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opendxa.dana.errors import ResourceError, TypeConversionError
from opendxa.dana.types import ReasoningResult

if TYPE_CHECKING:
    from opendxa.dana._runtime import DanaRuntime


def reason(runtime: DanaRuntime, prompt: object, options: object) -> ReasoningResult:
    """Checks what is asked and asks it."""
    from opendxa.dana._conversion import type_name

    if not isinstance(prompt, str):
        raise TypeConversionError(f"Expected string, got {type_name(prompt)} at argument 'prompt'")
    if options is not None and not isinstance(options, dict):
        raise TypeConversionError(f"Expected dict, got {type_name(options)} at argument 'options'")
    for name in options or ():
        if not isinstance(name, str):
            raise TypeConversionError(f"Expected string, got {type_name(name)} as a key of argument 'options'")
    return ReasoningResult(_answer(runtime, prompt, options))


def _answer(runtime: DanaRuntime, prompt: str, options: dict[str, Any] | None) -> Any:
    if any(known.qualified_name == "reason" for known in runtime.functions):
        from opendxa.dana._convenience import convenience_context

        # In a context of its own, which has the runtime's functions as they are by now.
        with convenience_context(runtime) as context:
            return context.eval_dana("reason")(prompt, options)
    raise no_model(None)


def no_model(name: str | None) -> ResourceError:
    """The error for a model that is not there, which says how to get one."""
    what = "no language model is set up" if name is None else f"there is no language model {name!r}"
    return ResourceError(
        f"{what}: offer one as a function, `@dana.runtime.function('reason')` above `def reason(prompt, options=None)`"
    )
