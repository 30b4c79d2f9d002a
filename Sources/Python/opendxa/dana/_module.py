"""Modules of Dana as Python uses them."""

from __future__ import annotations

from types import ModuleType

from opendxa.dana._native import Module

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class DanaModule(ModuleType):
    """A module of Dana's in one context: its functions and variables are attributes, and setting one sets it there.

    What its functions return are Python's own types with conversions added, such as `as_float()`.
    """

    _dana_native: Module

    def __init__(self, native: Module, name: str | None = None) -> None:
        super().__init__(name or native.name, native.documentation)
        self.__dict__["_dana_native"] = native
        if native.file is not None:
            self.__dict__["__file__"] = native.file

    def __getattr__(self, name: str) -> Any:
        if name == "__all__":
            return native_module(self).names()
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        return native_module(self).get(name, True)

    def __setattr__(self, name: str, value: object) -> None:
        # Python's own import puts submodules where it finds them, as Dana's does.
        if name.startswith("_") or isinstance(value, ModuleType):
            super().__setattr__(name, value)
        else:
            native_module(self).set(name, value)

    def __delattr__(self, name: str) -> None:
        if name.startswith("_"):
            return super().__delattr__(name)
        try:
            native_module(self).delete(name)
        except AttributeError:
            if name not in self.__dict__:
                raise
        self.__dict__.pop(name, None)

    def __dir__(self) -> list[str]:
        return sorted({*(name for name in self.__dict__ if name != "_dana_native"), *native_module(self).names()})

    def __repr__(self) -> str:
        file = self.__dict__.get("__file__")
        return f"<dana module {self.__name__!r}{f' from {file!r}' if file else ''}>"


class ImportedModule(DanaModule):
    """A module that Python's `import` made: it outlives the context it began in."""

    def __init__(self, name: str) -> None:
        ModuleType.__init__(self, name)

    def __getattr__(self, name: str) -> Any:
        native = self.__dict__.get("_dana_native")
        if native is None or (name.startswith("__") and name.endswith("__") and name != "__all__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if name == "__all__":
            return native_module(self).names()
        return native_module(self).get(name, True, lambda: getattr(self, name))

    def __dir__(self) -> list[str]:
        if "_dana_native" not in self.__dict__:
            return sorted(self.__dict__)
        return sorted(name for name in super().__dir__() if name != "_dana_again")


def native_module(module: DanaModule) -> Module:
    """The native module that a user's module stands for; another one when a limit has closed what `import` brought."""
    native = module.__dict__["_dana_native"]
    if native.closed and (again := module.__dict__.get("_dana_again")) is not None:
        module.__dict__["_dana_native"] = native = again()
    assert isinstance(native, Module)
    return native


def fill(module: ImportedModule, native: Module, again: Callable[[], Module]) -> None:
    """Gives a module that Python's `import` made its content, and what brings it anew when a limit has closed it."""
    module.__dict__["_dana_native"] = native
    module.__dict__["_dana_again"] = again
    module.__doc__ = native.documentation
