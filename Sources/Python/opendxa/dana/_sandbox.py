"""Dana behind one object, and its modules by one function, for those who set up nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, overload

from opendxa.dana._checked import text
from opendxa.dana._closing import ClosingAwaited
from opendxa.dana._convenience import convenience_context, listed, named
from opendxa.dana._finder import PREFIX, find_modules
from opendxa.dana._module import DanaModule
from opendxa.dana._runtime import DanaRuntime, given_runtime
from opendxa.dana.errors import DanaModuleNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Unpack

    from opendxa.dana._context import DanaContext
    from opendxa.dana._options import ContextOptions
    from opendxa.dana.types import ReasoningResult, StreamingOptions, TextStream


class DanaSandbox(ClosingAwaited):
    """A context of its own behind a small face. It closes with its `with`, or when nothing refers to it any more."""

    __slots__ = ("_context", "_runtime")

    def __init__(self, runtime: DanaRuntime | None = None, **options: Unpack[ContextOptions]) -> None:
        self._runtime = given_runtime(runtime)
        self._context = convenience_context(self._runtime, options)

    @property
    def context(self) -> DanaContext:
        """The context behind the sandbox."""
        return self._context

    def call_function(
        self, name: str, args: Sequence[Any] | None = None, kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Calls a Dana function by name, `module.function`, with arguments by place and by name."""
        return self._context.call(name, *listed(args), **named(kwargs))

    async def call_function_async(
        self, name: str, args: Sequence[Any] | None = None, kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """`call_function` for a function that may wait for something."""
        return await self._context.call_async(name, *listed(args), **named(kwargs))

    def import_module(self, name: str) -> DanaModule:
        """Imports a Dana module into the sandbox."""
        return self._context.import_module(name)

    def eval(self, source: str) -> Any:
        """Runs a text of Dana; gives the value of its last expression."""
        return self._context.eval_dana(source)

    async def eval_async(self, source: str) -> Any:
        """`eval` for a text that may wait for something."""
        return await self._context.eval_dana_async(source)

    @overload
    def reason(self, prompt: str, options: StreamingOptions) -> TextStream: ...
    @overload
    def reason(self, prompt: str, options: Mapping[str, Any] | None = None) -> ReasoningResult: ...
    def reason(self, prompt: str, options: StreamingOptions | Mapping[str, Any] | None = None) -> Any:
        """Asks the language model."""
        from opendxa.dana._reasoning import reason

        return reason(self._runtime, prompt, options, None, {})

    def close(self) -> None:
        """Closes the sandbox; closing twice is closing once."""
        self._context.close()

    async def aclose(self) -> None:
        """`close` that waits without holding the event loop."""
        await self._context.aclose()


def import_dana_module(name: str) -> DanaModule:
    """Imports a Dana module as Python's `import` does after `dana.enable_imports()`, for names made at run time."""
    find_modules()
    full = f"{PREFIX}{text(name, 'name')}"
    try:
        module = import_module(full)
    except ModuleNotFoundError as error:
        if error.name is None or not full.startswith(error.name):
            raise
        raise DanaModuleNotFoundError(f"No module named '{name}'", name=name) from None
    assert isinstance(module, DanaModule)
    return module
