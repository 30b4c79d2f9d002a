"""Contexts as Python uses them: isolated executions of Dana."""

from __future__ import annotations

import os
import sys

from opendxa.dana._checked import text
from opendxa.dana._closing import Closing, close_behind
from opendxa.dana._native import Context, DanaFunction, Program
from opendxa.dana._settings import located
from opendxa.dana._texts import known_programs, program
from opendxa.dana.errors import DanaUnicodeError, DanaValueError, TypeConversionError

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from types import TracebackType
    from typing import Any, Self

    from opendxa.dana._argument_help import ArgumentHelp
    from opendxa.dana._module import DanaModule

# Bytes of the shortest key that seals a saved context.
_SHORTEST_KEY = 16


class DanaContext(Closing):
    """One isolated execution of Dana: its variables, capabilities and limits. `DanaRuntime.create_context` makes it.

    A context belongs to whoever made it, who closes it, best by `with` or `async with`. Every method may be called
    from any thread; a context does one thing at a time and takes what waits for it in turn. What comes from it
    (modules, functions, objects) lives as long as it does.
    """

    __slots__ = ("__weakref__", "_help", "_looked_for", "_modules", "_native", "_of_thread")
    _instead_of_a_copy = ": save() makes bytes of what it holds"

    def __init__(self, native: Context, *, of_thread: bool = False, help: ArgumentHelp | None = None) -> None:
        # Nobody has to close it, and it finds what comes onto `sys.path` after it was made.
        self._of_thread = of_thread
        self._help = help
        self._modules: dict[str, DanaModule] | None = None
        self._looked_for: frozenset[str] = frozenset()
        self._native = native

    def import_module(self, name: str) -> DanaModule:
        """Imports the Dana module of a name, such as `shop.prices`; what was imported before comes again."""
        module = self._known_module(text(name, "name"))
        return self._keep(name, self._imported(name)) if module is None else module

    async def import_module_async(self, name: str) -> DanaModule:
        """`import_module` for a module whose own lines may wait for something."""
        module = self._known_module(text(name, "name"))
        return self._keep(name, await self._imported_async(name)) if module is None else module

    def reload(self, module: str | DanaModule) -> DanaModule:
        """Reads a module's file again: new calls run the new code, and calls that run finish on the old.

        The module stays the same, here and for the programs that have imported it, and what is new is in it; what was
        taken out of it before, as `from module import name` does, stays what it was. Where the file fails, the
        module is what it was.
        """
        name = text(getattr(module, "__name__", module), "module")
        fresh = self._native.reload(name)
        known = self._keep(name, fresh)
        known.__doc__ = fresh.__doc__
        return known

    def eval_dana(self, source: str, *, name: str | None = None) -> Any:
        """Runs a text of Dana; gives the value of its last expression, or None when it ends with something else.

        What the text sets stays set for the next. `name` is what errors call the text.
        """
        known = known_programs.get(source) if name is None and type(source) is str else None
        return self._native.run(_program(source, name) if known is None else known)

    async def eval_dana_async(self, source: str, *, name: str | None = None) -> Any:
        """`eval_dana` for a text that may wait for something."""
        return await self._native.run_async(_program(source, name))

    def run_file(self, path: str | os.PathLike[str]) -> Any:
        """Runs a file of Dana; gives the value of its last expression."""
        file = file_path(path)
        return self._native.run(Program(_content(file), file))

    async def run_file_async(self, path: str | os.PathLike[str]) -> Any:
        """`run_file` for a file whose lines may wait for something."""
        file = file_path(path)
        return await self._native.run_async(Program(_content(file), file))

    def call(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """Calls a function by name: of the main program, of a module as `module.name`, or of the host."""
        if type(name) is not str or "." in name and name.rpartition(".")[0] not in self._looked_for:
            self._look_for_module_of(name)
        if self._help is None:
            return self._native.call(name, args, kwargs)
        with self._help.fitted(name, args, kwargs) as (positional, named):
            return self._native.call(name, tuple(positional), dict(named))

    async def call_async(self, name: str, /, *args: Any, **kwargs: Any) -> Any:
        """`call` for a function that may wait for something."""
        await self._look_for_module_of_async(name)
        if self._help is None:
            return await self._native.call_async(name, args, kwargs)
        with self._help.fitted(name, args, kwargs) as (positional, named):
            return await self._native.call_async(name, positional, named)

    def function(self, name: str) -> DanaFunction:
        """The function of a name, as `call` finds it."""
        self._look_for_module_of(name)
        return self._native.function(name)

    @property
    def public(self) -> MutableMapping[str, Any]:
        """The variables that programs write `public:name`, which pass to Python functions that take the context."""
        return self._scope("public")

    @property
    def private(self) -> MutableMapping[str, Any]:
        """The variables that programs write `private:name`."""
        return self._scope("private")

    @property
    def system(self) -> MutableMapping[str, Any]:
        """The variables that programs write `system:name` and only read."""
        return self._scope("system")

    @property
    def number(self) -> int:
        """The context's number in audit events."""
        return self._native.number

    @property
    def ticks(self) -> int:
        """Calls and loop turns so far."""
        return self._native.ticks

    @property
    def memory(self) -> int:
        """Bytes of values in use."""
        return self._native.memory

    @property
    def closed(self) -> bool:
        """Whether the context is closed, by `close` or because a limit was used up."""
        return self._native.closed

    def cancel(self, reason: str = "cancelled by the host") -> None:
        """Ends what runs in the context, from any thread; the error it ends with has the reason."""
        self._native.cancel(text(reason, "reason"))

    def save(self, key: bytes) -> bytes:
        """The context as bytes, sealed with a key, for `DanaRuntime.resume` in this process or another."""
        return self._native.save(seal_key(key))

    def go_on(self) -> Any:
        """Goes on with the program that was under way when this context was saved, and gives what it comes to.

        The call of the host's that it waited for is made again.
        """
        return self._native.go_on()

    async def go_on_async(self) -> Any:
        """`go_on`, awaited."""
        return await self._native.go_on_async()

    def close(self) -> None:
        """Ends what runs in the context and frees what it holds; closing twice is closing once."""
        self._native.close()

    cleanup = close

    async def aclose(self) -> None:
        """`close` that waits without holding the event loop."""
        if not self._native.close_if_free():
            await self._native.close_async()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            self._native.close()
        else:
            close_behind(error, self._native.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if not self._native.close_if_free():
            await self._native.close_async()

    def __del__(self) -> None:
        try:
            native = self._native
        except AttributeError:  # it was never made
            return
        if native.closed:
            return
        native.close()
        if not self._of_thread and not sys.is_finalizing():
            from warnings import warn

            warn(
                f"the Dana context {native.number} was never closed: use `with runtime.create_context() as ctx:`",
                ResourceWarning,
                stacklevel=2,
                source=self,
            )

    def __repr__(self) -> str:
        native = self._native
        return f"<DanaContext {native.number}{' closed' if native.closed else ''}>"

    def _imported(self, name: str) -> DanaModule:
        try:
            module: DanaModule = self._native.import_module(name)
        except ModuleNotFoundError as error:
            module = self._native.load_module(name, self._located(name, error))
        return module

    async def _imported_async(self, name: str) -> DanaModule:
        try:
            module: DanaModule = await self._native.import_module_async(name)
        except ModuleNotFoundError as error:
            module = self._native.load_module(name, self._located(name, error))
        return module

    def _located(self, name: str, error: ModuleNotFoundError) -> str:
        """Where a module lies that was not found; the error again when it lies nowhere else."""
        file = located(name) if self._of_thread and error.name == name else None
        if file is None:
            raise error
        return file

    def _look_for_module_of(self, name: str) -> None:
        """Imports the module of a function's name, unless it was looked for before."""
        if (module := self._unknown_module(name)) is not None:
            try:
                self._native.require_module(module)
            except ModuleNotFoundError as error:
                self._load_elsewhere(name, module, error)
            self._looked_for |= {module}

    async def _look_for_module_of_async(self, name: str) -> None:
        """`_look_for_module_of`, awaited."""
        if (module := self._unknown_module(name)) is not None:
            try:
                await self._native.require_module_async(module)
            except ModuleNotFoundError as error:
                self._load_elsewhere(name, module, error)
            self._looked_for |= {module}

    def _load_elsewhere(self, name: str, module: str, error: ModuleNotFoundError) -> None:
        """Loads the module of a function's name from where else it may lie, as it was not found. It may be no module but
        a namespace of the host's; one that lacks a module of its own fails."""
        try:
            self._native.load_module(module, self._located(module, error))
        except ModuleNotFoundError as other:
            if other.name != module or not self._has(name):
                raise

    def _has(self, name: str) -> bool:
        """Whether there is a function of this name."""
        try:
            self._native.function(name)
        except NameError:
            return False
        return True

    def _unknown_module(self, name: str) -> str | None:
        """The module of a name that has one, when the context has not looked for it before."""
        module = text(name, "name").rpartition(".")[0]
        return module if module and module not in self._looked_for else None

    def _known_module(self, name: str) -> DanaModule | None:
        return None if self._modules is None else self._modules.get(name)

    def _scope(self, name: str) -> MutableMapping[str, Any]:
        from opendxa.dana._scopes import ScopeView

        return ScopeView(self._native, name)

    def _keep(self, name: str, module: DanaModule) -> DanaModule:
        if self._modules is None:
            self._modules = {}
        return self._modules.setdefault(name, module)


def seal_key(key: object) -> bytes:
    """A key for saved contexts that was given as an argument."""
    if not isinstance(key, bytes):
        raise TypeConversionError(f"Expected bytes, got {type(key).__name__} at argument 'key'")
    if len(key) < _SHORTEST_KEY:
        raise DanaValueError(
            f"a key must be at least {_SHORTEST_KEY} bytes long, got {len(key)}: use secrets.token_bytes(32)"
        )
    return key


def native_context(context: DanaContext) -> Context:
    """The native context that a user's context stands for."""
    return context._native


async def look_for(context: DanaContext, name: str) -> None:
    """Imports the module of a function's name, unless it was looked for before."""
    await context._look_for_module_of_async(name)


def _program(source: str, name: str | None) -> Program:
    return program(text(source, "source"), None if name is None else text(name, "name"))


def file_path(path: object, argument: str = "path") -> str:
    """The path of a file that was given as an argument."""
    if isinstance(path, str | bytes | os.PathLike):
        return os.fsdecode(path)
    raise TypeConversionError(f"Expected path of a file, got {type(path).__name__} at argument '{argument}'")


def _content(file: str) -> str:
    try:
        with open(file, encoding="utf-8", newline="") as opened:
            return opened.read()
    except UnicodeDecodeError as error:
        raise DanaUnicodeError(f"{file} is no text in UTF-8: {error}") from error
    except OSError as error:
        from opendxa.dana._failure import system_failure

        raise system_failure(error) from None
