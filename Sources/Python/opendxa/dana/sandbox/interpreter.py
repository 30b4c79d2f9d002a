"""Dana's interpreter as Python calls it: loads modules and calls their functions by name."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from opendxa.dana._checked import text
from opendxa.dana._closing import ClosingAwaited
from opendxa.dana._context import DanaContext, file_path, native_context
from opendxa.dana._convenience import convenience_context, listed, named
from opendxa.dana._module import DanaModule, native_module
from opendxa.dana._native import Context, DanaFunction
from opendxa.dana._runtime import DanaRuntime, given_runtime
from opendxa.dana.errors import ContextClosedError, FunctionCollisionError, TypeConversionError
from opendxa.dana.sandbox.sandbox_context import SandboxContext, bind, bound_context, keep

if TYPE_CHECKING:
    from opendxa.dana._options import ContextOptions

__all__ = ["Interpreter"]


class Interpreter(ClosingAwaited):
    """Runs Dana on the variables of a `SandboxContext`. Close it, or let it go."""

    __slots__ = ("_context", "_files", "_functions", "_own", "_runtime")

    def __init__(self, context: SandboxContext | None = None, *, runtime: DanaRuntime | None = None) -> None:
        self._runtime = given_runtime(runtime)
        self._files: list[tuple[str, str | None]] = []
        self._functions: dict[str, str] = {}
        self._context = SandboxContext() if context is None else _checked(context)
        self._own = self._bound(self._context)

    @property
    def context(self) -> SandboxContext:
        """The variables that the interpreter runs on."""
        return self._context

    def load_module(self, name: str | os.PathLike[str], *, overwrite: bool = False) -> DanaModule:
        """Loads a module, by its file as `business_rules.na` or by its name, for `call_function` to find its functions.

        The main program's own functions come first. One that another module brought, or that the host has registered, is
        only replaced when that is asked for.
        """
        named, file = _name_and_file(name)
        module = self._loaded(native_context(self._running(self._context)), named, file)
        self._take_functions(module, named, file, overwrite)
        return module

    async def load_module_async(self, name: str, *, overwrite: bool = False) -> DanaModule:
        """`load_module` for a module, by its name, whose own lines may wait for something."""
        named, file = _name_and_file(name)
        if file is not None:
            return self.load_module(file, overwrite=overwrite)
        module = await self._running(self._context).import_module_async(named)
        self._take_functions(module, named, None, overwrite)
        return module

    def _take_functions(self, module: DanaModule, named: str, file: str | None, overwrite: bool) -> None:
        """Has `call_function` find the functions of a module."""
        native = native_module(module)
        found = [function for function in native.names() if isinstance(native.get(function, False), DanaFunction)]
        for function in found if not overwrite else ():
            known = self._functions.get(function)
            if known is not None and known != named:
                raise FunctionCollisionError(
                    f"'{function}' of {named} would replace '{function}' of {known}: call them as '{named}.{function}' "
                    f"and '{known}.{function}', or load with overwrite=True"
                )
            if known is None and self._runtime._native.offers(function):
                raise FunctionCollisionError(
                    f"'{function}' of {named} would replace '{function}' of the host: call it as '{named}.{function}', "
                    "or load with overwrite=True"
                )
        self._functions.update(dict.fromkeys(found, named))
        self._files.append((named, file))

    def call_function(
        self,
        name: str,
        args: Sequence[Any] | None = None,
        kwargs: Mapping[str, Any] | None = None,
        context: SandboxContext | None = None,
    ) -> Any:
        """Calls a Dana function by name: of the main program, of a loaded module, or `module.function`.

        `context` has the call run on other variables than the interpreter's own. The result is plain data where it can
        be.
        """
        running = self._running(self._context if context is None else _checked(context))
        return running.call(self._target(running, name), *listed(args), **named(kwargs))

    async def call_function_async(
        self,
        name: str,
        args: Sequence[Any] | None = None,
        kwargs: Mapping[str, Any] | None = None,
        context: SandboxContext | None = None,
    ) -> Any:
        """`call_function` for a function that may wait for something."""
        running = self._running(self._context if context is None else _checked(context))
        return await running.call_async(self._target(running, name), *listed(args), **named(kwargs))

    def eval(self, source: str) -> Any:
        """Runs a text of Dana in the main program; gives the value of its last expression."""
        return self._running(self._context).eval_dana(source)

    async def eval_async(self, source: str) -> Any:
        """`eval` for a text that may wait for something."""
        return await self._running(self._context).eval_dana_async(source)

    def close(self) -> None:
        """Closes the interpreter's own context, whose variables stay in its `SandboxContext`; closing twice is closing
        once."""
        if bound_context(self._context) is self._own:
            keep(self._context)
        self._own.close()

    async def aclose(self) -> None:
        """`close` that waits without holding the event loop."""
        if bound_context(self._context) is self._own:
            keep(self._context)
        await self._own.aclose()

    def _target(self, running: DanaContext, name: str) -> str:
        module = None if "." in text(name, "name") else self._functions.get(name)
        return name if module is None or native_context(running).has_local(name) else f"{module}.{name}"

    def _running(self, variables: SandboxContext) -> DanaContext:
        """The context that runs on the variables, with the modules loaded that this interpreter has loaded."""
        if variables is self._context:
            if self._own.closed:
                raise ContextClosedError("the interpreter is closed, by close() or by a limit: make another Interpreter")
            return self._own
        running = self._bound(variables)
        for name, file in self._files:
            self._loaded(native_context(running), name, file)
        return running

    def _bound(self, variables: SandboxContext) -> DanaContext:
        """The context that runs on the variables, made where there is none."""
        running = bound_context(variables)
        if running is None:
            options: ContextOptions = {
                "private": variables.private,
                "public": variables.public,
                "system": variables.system,
                "local": variables.local,
            }
            running = convenience_context(self._runtime, options)
            bind(variables, running)
        return running

    @staticmethod
    def _loaded(native: Context, name: str, file: str | None) -> DanaModule:
        module = native.import_module(name) if file is None else native.load_module(name, file)
        assert isinstance(module, DanaModule)
        return module


def _name_and_file(name: object) -> tuple[str, str | None]:
    """What a module is called, and its file where that was given."""
    given = file_path(name, "name")
    if not given.endswith(".na"):
        return given, None
    file = os.path.abspath(given)
    return os.path.splitext(os.path.basename(file))[0], file


def _checked(context: object) -> SandboxContext:
    """The variables that were given as an argument."""
    if not isinstance(context, SandboxContext):
        raise TypeConversionError(f"Expected SandboxContext, got {type(context).__name__} at argument 'context'")
    return context
