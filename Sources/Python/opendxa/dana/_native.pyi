"""The part of the package that is written in Swift."""

import inspect
import types
from collections.abc import AsyncIterator, Callable, Generator, Mapping, Sequence
from collections.abc import Coroutine as AbstractCoroutine
from contextvars import ContextVar
from typing import Any, Self, TypedDict, TypeVar, Unpack, final, overload, type_check_only

_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

_deadline_variable: ContextVar[float]

def version() -> str:
    """The version of this package."""

def build_info() -> dict[str, str]:
    """How this build of the extension was made."""

def capability_names() -> list[str]:
    """The names of what programs can be granted."""

def pattern_fault(pattern: str) -> str | None:
    """Why a text is no regular expression of Dana's; None for one."""

def told(question: QuestionFields) -> str:
    """The last message of the user's as the model gets it, with the question's data."""

@overload
def sleep(seconds: float) -> Coroutine[None]:
    """Waits on a timer of Swift's."""

@overload
def sleep(seconds: float, result: _T) -> Coroutine[_T]:
    """Waits on a timer of Swift's, then gives `result`."""

def ticks(interval: float, count: int | None = None) -> Stream[int]:
    """Counts from 0, one number every `interval` seconds, for ever or `count` times."""

@final
class Coroutine(AbstractCoroutine[Any, Any, _T_co]):
    """A Swift task as Python awaits it; it starts at the first `send`."""

    __name__: str
    __qualname__: str
    @property
    def cr_running(self) -> bool:
        """Whether Swift is at work on the call."""

    def __await__(self) -> Generator[Any, Any, _T_co]: ...
    def send(self, value: Any, /) -> Any: ...
    def throw(self, typ: Any, val: Any = None, tb: types.TracebackType | None = None, /) -> Any: ...
    def close(self) -> None: ...

@final
class Stream(AsyncIterator[_T_co]):
    """A Swift sequence as Python's `async for` reads it; its source waits while nobody reads."""

    def __aiter__(self) -> Self: ...
    def __anext__(self) -> Coroutine[_T_co]: ...
    def aclose(self) -> Coroutine[None]: ...

@type_check_only
class ContextSettings(TypedDict, total=False):
    capabilities: list[str]
    memory: int
    timeout: float
    execution_time: float
    ticks: int
    depth: int
    source_size: int
    host_calls: int
    output_size: int
    search_path: list[str]
    seed: int
    fixed_time: float
    overwrite_imports: bool
    passed_scopes: list[str]
    output: Callable[[str], object] | None
    output_ended: Callable[[], object]
    bounds: dict[str, str]
    grant_advice: str
    variables: dict[str, dict[str, object]]
    log: Callable[[tuple[str, str, int, str | None, str | None]], object]

@final
class Settings:
    """How contexts are made."""

    def __init__(self, **settings: Unpack[ContextSettings]) -> None: ...

@final
class Program:
    """A text of Dana, compiled once."""

    def __init__(self, source: str, name: str) -> None: ...

@final
class Runtime:
    """Makes contexts and keeps what they share."""

    def __init__(
        self,
        engine: str | None = None,
        python: str = "python3",
        fetching: Callable[[str, int], object] | None = None,
        libcurl: str | None = None,
        passed_scopes: Callable[[Callable[..., object]], list[str] | None] | None = None,
    ) -> None: ...
    def models(self) -> Models:
        """The language models."""

    def offers(self, name: str) -> bool:
        """Whether a function of this name is offered to programs."""

    def create_context(self, settings: Settings) -> Context:
        """Makes a context."""

    def resume(self, saved: bytes, key: bytes, settings: Settings) -> Context:
        """A context that goes on from saved bytes."""

    def register(
        self,
        name: str,
        function: Callable[..., Any],
        *,
        namespace: str | None = None,
        origin: str = "Python",
        takes_context: bool = False,
        passed_scopes: list[str] | None = None,
        overwrite: bool = False,
    ) -> None:
        """Offers a Python function to programs."""

    def unregister(self, name: str, namespace: str | None = None) -> None:
        """Takes a function back."""

    def functions(self) -> list[dict[str, Any]]:
        """The functions offered to programs."""

    def listen(self, callback: Callable[[dict[str, Any]], object]) -> int:
        """Calls back with every audit event."""

    def stop_listening(self, number: int) -> None:
        """Takes a listener back."""

    def add_secret(self, value: str) -> None:
        """Takes a text out of everything that leaves."""

    def add_secret_pattern(self, pattern: str) -> None:
        """Takes what matches out of everything that leaves."""

    def redact(self, text: str) -> str:
        """A text without what looks secret."""

    @property
    def redactions(self) -> int:
        """How often something was taken out."""

    def close(self) -> None:
        """Closes every context and makes no more."""

@final
class Context:
    """An isolated place in which Dana programs run."""

    @property
    def number(self) -> int:
        """The context's number in its runtime."""

    @property
    def closed(self) -> bool:
        """Whether it is closed."""

    @property
    def ticks(self) -> int:
        """Calls and loop turns so far."""

    @property
    def memory(self) -> int:
        """Bytes that its values take."""

    def run(self, program: Program) -> Any:
        """Runs a program and gives what its last expression comes to."""

    def run_async(self, program: Program) -> Coroutine[Any]:
        """Runs a program and awaits what its last expression comes to."""

    def import_module(self, name: str) -> Any:
        """Imports a module, as a program does."""

    def import_module_async(self, name: str) -> Coroutine[Any]:
        """Imports a module, as a program does."""

    def require_module(self, name: str) -> None:
        """Imports a module for its functions to be called by name."""

    def require_module_async(self, name: str) -> Coroutine[None]:
        """Imports a module for its functions to be called by name."""

    def load_module(self, name: str, path: str) -> Any:
        """Imports a file as the module of a name."""

    def reload(self, name: str) -> Any:
        """Imports a module anew."""

    def function(self, name: str) -> DanaFunction:
        """A function by its name."""

    def call(self, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Calls a function by its name."""

    def call_async(self, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Coroutine[Any]:
        """Calls a function by its name."""

    def redact(self, text: str) -> str:
        """A text without what is secret in it or looks so."""

    def variables(self, scope: str) -> dict[str, Any]:
        """The variables of a scope."""

    def set_variable(self, scope: str, name: str, value: object) -> None:
        """Sets a variable of a scope."""

    def delete_variable(self, scope: str, name: str) -> None:
        """Takes a variable out of a scope."""

    def has_local(self, name: str) -> bool:
        """Whether the main program has a variable of a name."""

    def cancel(self, reason: str) -> None:
        """Stops what runs."""

    def go_on(self) -> Any:
        """Goes on with what was under way when the context was saved."""

    def go_on_async(self) -> Coroutine[Any]:
        """Goes on with what was under way when the context was saved."""

    def save(self, key: bytes) -> bytes:
        """The paused program as bytes, sealed with a key."""

    def close(self) -> None:
        """Cancels what runs, waits for its cleanup, and frees everything."""

    def close_if_free(self) -> bool:
        """Frees everything where nothing runs; whether it is closed then."""

    def close_async(self) -> Coroutine[None]:
        """Cancels what runs, waits for its cleanup, and frees everything."""

@final
class DanaFunction:
    """A function written in Dana: call it like any other."""

    def __get__(self, instance: object, owner: object = None) -> DanaFunction:
        """Itself, also as an attribute of a class: help and inspect take it for a function."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def call_async(self, *args: Any, **kwargs: Any) -> Coroutine[Any]:
        """Calls it and awaits the result."""

    @property
    def __name__(self) -> str:
        """The function's name."""

    @property
    def __qualname__(self) -> str:
        """The function's name."""

    @property
    def __signature__(self) -> inspect.Signature:
        """The signature, for inspect."""

    @property
    def __annotations__(self) -> dict[str, Any]:  # type: ignore[override]
        """The types of its parameters and of its result, for typing."""

    def __instancecheck__(self, instance: object) -> bool:
        """Whether an object is of the type that this is."""

    @property
    def name(self) -> str:
        """The function's name."""

    @property
    def kind(self) -> str:
        """function, method, struct, enum, type, built-in or pipeline."""

    def get(self, name: str) -> Any:
        """An attribute: a member of an enum, a method of a struct."""

    def methods(self) -> list[str]:
        """The names of a struct type's methods."""

    def tool_schema(self) -> dict[str, Any] | None:
        """The JSON Schema of its parameters, or None."""

    def tool_arguments(self, written: str) -> dict[str, Any]:
        """What it is called with for arguments that a model wrote as JSON."""

    @property
    def module(self) -> str | None:
        """The Dana module it was defined in, or None."""

    @property
    def source(self) -> str | None:
        """The file or text it was defined in, or None."""

    @property
    def line(self) -> int:
        """The line of its definition; 0 where there is none."""

    @property
    def documentation(self) -> str | None:
        """Its docstring, or None."""

    @property
    def host_function(self) -> Any | None:
        """The function of Python's that is registered by its name, or None."""

    @property
    def takes_context(self) -> bool:
        """Whether its first parameter gets the context, and no argument."""

    @property
    def annotation(self) -> str | None:
        """The type of its result as the text has it, or None."""

    @property
    def is_generator(self) -> bool:
        """Whether calling it gives an iterator."""

    @property
    def wraps(self) -> bool:
        """Whether results have as_float() and the like."""

    @property
    def context_number(self) -> int:
        """The number of the context it belongs to."""

    @property
    def parameters(self) -> list[tuple[str, int, str | None, str | None]]:
        """Name, kind, default and annotation of each parameter."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Object:
    """A value that stays in its context."""

    def get(self, name: str) -> Any:
        """An attribute."""

    def set(self, name: str, value: object) -> None:
        """Sets a field."""

    @property
    def identity(self) -> tuple[int, int]:
        """What tells it apart from all others that are held."""

    def names(self) -> list[str]:
        """The names of its fields."""

    def methods(self) -> list[str]:
        """The names of its methods."""

    def text(self) -> str:
        """What repr gives for it in Dana."""

    def error(self) -> BaseException:
        """An exception as Python's."""

    def next(self) -> Any:
        """The next item of an iterator."""

    def send(self, value: object) -> Any:
        """Goes on with a value, and gives a generator's next item."""

    def send_async(self, value: object) -> Coroutine[Any]:
        """Goes on with a value, and awaits a generator's next item."""

    def throw(self, exception: object) -> Any:
        """Goes on with an exception, and gives a generator's next item."""

    def throw_async(self, exception: object) -> Coroutine[Any]:
        """Goes on with an exception, and awaits a generator's next item."""

    def next_async(self) -> Coroutine[Any]:
        """The next item of an iterator, awaited."""

    @property
    def type_name(self) -> str:
        """The name of its type."""

    @property
    def kind(self) -> str:
        """struct, enum, member, generator, iterator, exception or other."""

    @property
    def context_number(self) -> int:
        """The number of the context it belongs to."""

    def __eq__(self, other: object, /) -> bool: ...
    def __hash__(self) -> int: ...

@final
class Module:
    """A module that stays in its context."""

    @property
    def name(self) -> str:
        """The module's name."""

    @property
    def file(self) -> str | None:
        """The file it was read from, or None."""

    @property
    def documentation(self) -> str | None:
        """Its docstring, or None."""

    @property
    def closed(self) -> bool:
        """Whether its context is closed."""

    @property
    def context_number(self) -> int:
        """The number of the context it belongs to."""

    def names(self) -> list[str]:
        """The names it gives to others."""

    def get(self, name: str, wraps: bool = True, again: Callable[[], object] | None = None) -> Any:
        """One of its variables. A function is brought anew by `again` when its context is closed."""

    def set(self, name: str, value: object) -> None:
        """Sets one of its variables."""

    def delete(self, name: str) -> None:
        """Takes one of its variables away."""

def show_call(descriptor: object) -> None:
    """Sets what functions show as their `__call__`; calls go on as they do."""

def set_hooks(hooks: Mapping[str, Callable[..., Any]]) -> None:
    """Sets what the Python side does for the native one."""

@type_check_only
class QuestionFields(TypedDict, total=False):
    prompt: str
    messages: object
    options: dict[str, Any]
    schema: dict[str, Any]
    tools: list[dict[str, Any]]
    data_total: int
    data_summary: str

@type_check_only
class AnswerRow(tuple[
    str,
    bool,
    Any,
    str,
    str,
    str,
    str,
    tuple[int, int, int, int],
    tuple[float, float | None, float],
    str,
    list[str],
    bool,
]): ...

@type_check_only
class StepRow(tuple[AnswerRow | None, list[tuple[str, str, str]]]): ...

@type_check_only
class CallRow(tuple[
    str,
    str,
    str,
    str,
    int,
    int,
    float,
    float | None,
    float,
    str | None,
    str | None,
    str | None,
    str,
    str | None,
    int | None,
    bool,
    str | None,
    int | None,
    float | None,
    float | None,
    int | None,
    list[str],
    object,
]): ...

@final
class Models:
    """The language models of a runtime."""

    @property
    def names(self) -> list[str]:
        """The models that are in use or configured."""

    @property
    def default(self) -> str:
        """The name of the model that is asked when none is named."""

    @property
    def processes(self) -> list[int]:
        """The process ids of embedded models that run."""

    @property
    def metrics(self) -> str:
        """What was asked of the models and what came of it, as Prometheus reads it."""

    def get(
        self,
        name: str | None = None,
        priority: str | None = None,
        tenant: str | None = None,
        timeout: float | None = None,
    ) -> Model:
        """The model of a name, or the default one; the rest is how its places are asked for."""

    def add(
        self,
        name: str,
        model: str,
        terms: dict[str, str],
        headers: dict[str, str],
        *,
        size: int | None = None,
        default: bool = False,
    ) -> None:
        """Adds a model behind a server, or puts it in the place of another. The terms are `base_url`, `key` and `socket`,
        as far as they are said."""

    def listen(self, callback: Callable[[CallRow], object]) -> int:
        """Calls back when a call has ended; the number takes it back."""

    def stop_listening(self, number: int) -> None:
        """Takes a listener back."""

@final
class Model:
    """A language model, or a place in its pool that is lent."""

    @property
    def name(self) -> str:
        """The name by which the model is asked for."""

    @property
    def model(self) -> str:
        """The provider and the model."""

    @property
    def released(self) -> bool:
        """Whether the place was given back."""

    @property
    def statistics(self) -> dict[str, int]:
        """The pool's figures."""

    def lease(self) -> Model:
        """Lends a place in the pool, when there is one."""

    def try_lease(self) -> Model | None:
        """Lends a place in the pool if one is free and nobody waits; or None."""

    def lease_async(self) -> Coroutine[Model]:
        """Lends a place in the pool, when there is one."""

    def release(self) -> None:
        """Gives the place back; once more does nothing."""

    def ask(self, question: QuestionFields, method: str | None = None) -> AnswerRow:
        """The answer to a question; the method of a model that was called for it, if it was one."""

    def ask_async(self, question: QuestionFields) -> Coroutine[AnswerRow]:
        """The answer to a question."""

    def ask_many(
        self,
        questions: list[QuestionFields],
        concurrency: int | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> list[AnswerRow | BaseException]:
        """The answers to several questions, or why there is none."""

    def ask_many_async(
        self,
        questions: list[QuestionFields],
        concurrency: int | None = None,
        progress: Callable[[int], object] | None = None,
    ) -> Coroutine[list[AnswerRow | BaseException]]:
        """The answers to several questions, or why there is none."""

    def stream(self, question: QuestionFields) -> AnswerStream:
        """The answer bit by bit, once it has begun."""

    def stream_async(self, question: QuestionFields) -> Coroutine[AnswerStream]:
        """The answer bit by bit, once it has begun."""

    def embed(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""

    def embed_async(self, texts: list[str]) -> Coroutine[list[list[float]]]:
        """A vector for each text."""

    def count_tokens(self, question: QuestionFields) -> tuple[int, bool]:
        """How many tokens a question has, and whether that is exact."""

    def count_tokens_async(self, question: QuestionFields) -> Coroutine[tuple[int, bool]]:
        """How many tokens a question has, and whether that is exact."""

@final
class AnswerStream:
    """An answer that arrives bit by bit."""

    @property
    def answer(self) -> AnswerRow | None:
        """All of it, once it has ended well, or None."""

    def next(self) -> str | None:
        """The next piece of the text, or None at the end."""

    def pieces(self) -> Stream[str]:
        """The pieces of the text, for an event loop."""

    def close(self) -> None:
        """Ends the request at the provider."""

@final
class ToolRun:
    """A question for which the model may call tools."""

    def __init__(self, question: QuestionFields) -> None: ...
    def step(self, model: Model, method: str | None = None) -> StepRow:
        """The answer, or the calls that the model wants made; the method of a model that was called, if it was one."""

    def step_async(self, model: Model) -> Coroutine[StepRow]:
        """The answer, or the calls that the model wants made."""

    def answered(self, calls: list[str], texts: list[str]) -> None:
        """What the tools answered to calls of these names."""
