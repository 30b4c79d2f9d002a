"""`dana`, the face that needs no set-up: the runtime and a context for each thread are made at first use."""

from __future__ import annotations

# For annotations alone, and what works is imported at first use: this is imported with the package.
TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from os import PathLike
    from typing import Any, Literal, Unpack, overload

    from opendxa.dana._answer import ReasoningResult
    from opendxa.dana._answer_stream import AsyncTextStream, TextStream
    from opendxa.dana._context import DanaContext
    from opendxa.dana._language_model import AsyncLanguageModel, LanguageModel
    from opendxa.dana._language_models import LanguageModels
    from opendxa.dana._module import DanaModule
    from opendxa.dana._native import DanaFunction
    from opendxa.dana._options import ContextOptions
    from opendxa.dana._reasoning_options import ReasoningOptions, StreamingOptions
    from opendxa.dana._runtime import DanaRuntime
    from opendxa.dana._type_variables import T
else:

    def overload(form: object) -> object:
        """Says nothing at run time: importing `typing` would take longer than the rest of this."""
        return form


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

    @property
    def models(self) -> LanguageModels:
        """The language models: which there are, and adding some."""
        return self.runtime.models

    @overload
    def reason(
        self,
        prompt: str,
        options: StreamingOptions,
        **more: Unpack[ReasoningOptions],
    ) -> TextStream: ...
    @overload
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        **more: Unpack[StreamingOptions],
    ) -> TextStream: ...
    @overload
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: type[T],
        **more: Unpack[ReasoningOptions],
    ) -> T: ...
    @overload
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> ReasoningResult: ...
    @overload
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object,
        **more: Unpack[ReasoningOptions],
    ) -> Any: ...
    def reason(
        self,
        prompt: str,
        options: ReasoningOptions | StreamingOptions | Mapping[str, Any] | None = None,
        *,
        returns: Any = None,
        **more: Any,
    ) -> Any:
        """Asks the language model, with options such as `{"max_tokens": 100, "data": frame}`.

        `returns` asks for a value of a type: `bool`, `list[str]`, a dataclass, a TypedDict, a pydantic model; with
        `batch_size` for a list of them. With a JSON Schema the value is the result's `data`. With `stream=True` the
        answer is a `TextStream`, which gives its pieces as they arrive.
        """
        from opendxa.dana._reasoning import reason

        return reason(self.runtime, prompt, options, returns, more)

    @overload
    async def reason_async(
        self,
        prompt: str,
        options: StreamingOptions,
        **more: Unpack[ReasoningOptions],
    ) -> AsyncTextStream: ...
    @overload
    async def reason_async(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        **more: Unpack[StreamingOptions],
    ) -> AsyncTextStream: ...
    @overload
    async def reason_async(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: type[T],
        **more: Unpack[ReasoningOptions],
    ) -> T: ...
    @overload
    async def reason_async(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Mapping[str, Any] | None = None,
        **more: Unpack[ReasoningOptions],
    ) -> ReasoningResult: ...
    @overload
    async def reason_async(
        self,
        prompt: str,
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object,
        **more: Unpack[ReasoningOptions],
    ) -> Any: ...
    async def reason_async(
        self,
        prompt: str,
        options: ReasoningOptions | StreamingOptions | Mapping[str, Any] | None = None,
        *,
        returns: Any = None,
        **more: Any,
    ) -> Any:
        """`reason` for a coroutine; with `stream=True` the answer is an `AsyncTextStream`."""
        from opendxa.dana._reasoning import reason_async

        return await reason_async(self.runtime, prompt, options, returns, more)

    @overload
    def reason_many(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: type[T],
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: Literal[False] = False,
        **more: Unpack[ReasoningOptions],
    ) -> list[T]: ...
    @overload
    def reason_many(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Mapping[str, Any] | None = None,
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: Literal[False] = False,
        **more: Unpack[ReasoningOptions],
    ) -> list[ReasoningResult]: ...
    @overload
    def reason_many(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object,
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: Literal[False] = False,
        **more: Unpack[ReasoningOptions],
    ) -> list[Any]: ...
    @overload
    def reason_many(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object = None,
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: bool,
        **more: Unpack[ReasoningOptions],
    ) -> list[Any]: ...
    def reason_many(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Any = None,
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: bool = False,
        **more: Unpack[ReasoningOptions],
    ) -> list[Any]:
        """Asks several questions side by side, at most 16 at a time unless `concurrency` says otherwise; the answers
        come in the order of the prompts. With `return_exceptions` one that failed stands there as its exception, as
        with `asyncio.gather`; without it the first that failed raises. On a terminal a line shows the progress."""
        from opendxa.dana._reasoning import reason_many

        return reason_many(self.runtime, prompts, options, returns, more, concurrency, progress, return_exceptions)

    @overload
    async def reason_many_async(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: type[T],
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: Literal[False] = False,
        **more: Unpack[ReasoningOptions],
    ) -> list[T]: ...
    @overload
    async def reason_many_async(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Mapping[str, Any] | None = None,
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: Literal[False] = False,
        **more: Unpack[ReasoningOptions],
    ) -> list[ReasoningResult]: ...
    @overload
    async def reason_many_async(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object,
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: Literal[False] = False,
        **more: Unpack[ReasoningOptions],
    ) -> list[Any]: ...
    @overload
    async def reason_many_async(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: object = None,
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: bool,
        **more: Unpack[ReasoningOptions],
    ) -> list[Any]: ...
    async def reason_many_async(
        self,
        prompts: Iterable[str],
        options: ReasoningOptions | Mapping[str, Any] | None = None,
        *,
        returns: Any = None,
        concurrency: int | None = None,
        progress: bool | None = None,
        return_exceptions: bool = False,
        **more: Unpack[ReasoningOptions],
    ) -> list[Any]:
        """`reason_many` for a coroutine."""
        from opendxa.dana._reasoning import reason_many_async

        return await reason_many_async(self.runtime, prompts, options, returns, more, concurrency, progress, return_exceptions)

    def get_llm(
        self,
        name: str | None = None,
        *,
        priority: str = "normal",
        tenant: str | None = None,
        timeout: float | None = None,
    ) -> LanguageModel:
        """A language model: a configured name, `provider/model`, a `.gguf` file, or the default one.

        In a `with` it keeps a place in its pool; outside of one each call takes a place for itself. `timeout` is how
        many seconds to wait for a place, 30 by default.
        """
        return self.runtime.models.get(name, priority=priority, tenant=tenant, timeout=timeout)

    def get_llm_async(
        self,
        name: str | None = None,
        *,
        priority: str = "normal",
        tenant: str | None = None,
        timeout: float | None = None,
    ) -> AsyncLanguageModel:
        """`get_llm` for coroutines: `async with dana.get_llm_async() as llm`."""
        return self.runtime.models.get_async(name, priority=priority, tenant=tenant, timeout=timeout)

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
