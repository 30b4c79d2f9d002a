"""`dana`, the face that needs no set-up: the runtime and a context for each thread are made at first use."""

from __future__ import annotations

# For annotations alone, and what works is imported at first use: this is imported with the package.
TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from os import PathLike
    from typing import Any, Unpack

    from opendxa.dana._context import DanaContext
    from opendxa.dana._module import DanaModule
    from opendxa.dana._native import DanaFunction
    from opendxa.dana._options import ContextOptions
    from opendxa.dana._runtime import DanaRuntime
    from opendxa.dana.types import AsyncLanguageModel, LanguageModel, ReasoningResult


# What gives a thread's context, once it is imported: to import it at each call would take longer than most calls.
_thread_context: Callable[[], DanaContext] | None = None


class Dana:
    """Dana without set-up. What its programs may do: use language models, and import Python beside the program."""

    __slots__ = ()

    @property
    def runtime(self) -> DanaRuntime:
        """The process's runtime."""
        from opendxa.dana._runtime import DanaRuntime

        return DanaRuntime()

    @property
    def context(self) -> DanaContext:
        """This thread's context. It ends with the thread; nobody has to close it."""
        global _thread_context
        if _thread_context is None:
            from opendxa.dana._convenience import thread_context

            _thread_context = thread_context
        return _thread_context()

    def reason(self, prompt: str, options: dict[str, Any] | None = None) -> ReasoningResult:
        """Asks the language model, with options such as `{"max_tokens": 100, "data": frame}`."""
        from opendxa.dana._reasoning import reason

        return reason(self.runtime, prompt, options)

    def get_llm(self, name: str | None = None) -> AbstractContextManager[LanguageModel]:
        """Lends a language model for the length of a `with`."""
        from opendxa.dana._reasoning import no_model

        raise no_model(name)

    def get_llm_async(self, name: str | None = None) -> AbstractAsyncContextManager[AsyncLanguageModel]:
        """Lends a language model for the length of an `async with`."""
        from opendxa.dana._reasoning import no_model

        raise no_model(name)

    def import_module(self, name: str) -> DanaModule:
        """Imports a Dana module into this thread's context; it looks beside the program, then in `sys.path`."""
        return self.context.import_module(name)

    def eval(self, source: str) -> Any:
        """Runs a text of Dana in this thread's context; gives the value of its last expression."""
        return self.context.eval_dana(source)

    async def eval_async(self, source: str) -> Any:
        """`eval` for a text that may wait for something."""
        return await self.context.eval_dana_async(source)

    def run(self, path: str | PathLike[str]) -> Any:
        """Runs a file of Dana in this thread's context; gives the value of its last expression."""
        return self.context.run_file(path)

    async def run_async(self, path: str | PathLike[str]) -> Any:
        """`run` for a file whose lines may wait for something."""
        return await self.context.run_file_async(path)

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Calls a function of this thread's context by name: what `run` or `eval` defined, or `module.name`."""
        return self.context.call(name, *args, **kwargs)

    async def call_async(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """`call` for a function that may wait for something."""
        return await self.context.call_async(name, *args, **kwargs)

    def function(self, name: str) -> DanaFunction:
        """The function of a name, as `call` finds it."""
        return self.context.function(name)

    def enable_imports(self) -> None:
        """Lets Python's `import` find `.na` files on `sys.path`. A `.py` of the same name always comes first."""
        from opendxa.dana._finder import enable_imports

        enable_imports()

    def disable_imports(self) -> None:
        """Ends what `enable_imports` began; modules that are imported stay."""
        from opendxa.dana._finder import disable_imports

        disable_imports()

    def resume(self, saved: bytes, key: bytes, **options: Unpack[ContextOptions]) -> DanaContext:
        """Brings a saved context back, as `DanaRuntime.resume` does."""
        return self.runtime.resume(saved, key, **options)

    def __repr__(self) -> str:
        return "<dana>"


dana: Dana = Dana()
