"""Modules of Dana as Python uses them."""

from __future__ import annotations

from types import MappingProxyType, ModuleType

from opendxa.dana._native import Module

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

# What a module is by itself: its `__dict__` shows what it gives to others, too.
_own: Callable[[ModuleType], dict[str, Any]] = vars(ModuleType)["__dict__"].__get__


class DanaModule(ModuleType):
    """A module of Dana's in one context: its functions and variables are attributes, and setting one sets it there.

    What its functions return are Python's own types with conversions added, such as `as_float()`.
    """

    _dana_native: Module

    def __init__(self, native: Module, name: str | None = None) -> None:
        super().__init__(name or native.name, native.documentation)
        own = _own(self)
        own["_dana_native"] = native
        if native.file is not None:
            own["__file__"] = native.file

    if not TYPE_CHECKING:  # which knows that of `ModuleType`

        @property
        def __dict__(self) -> Mapping[str, Any]:
            """What `vars` and who patches the module see, as it is at this moment: its own names and what it exports."""
            shown = dict(_own(self))
            native = shown.pop("_dana_native", None)
            shown.pop("_dana_again", None)
            if native is not None and not native.closed:
                for name in native.names():
                    shown.setdefault(name, getattr(self, name))
            return MappingProxyType(shown)

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
            if name not in _own(self):
                raise
        _own(self).pop(name, None)

    def __dir__(self) -> list[str]:
        native = native_module(self)
        own = (name for name in _own(self) if name not in ("_dana_native", "_dana_again"))
        return sorted({*own, *(() if native.closed else native.names())})

    def __repr__(self) -> str:
        file = _own(self).get("__file__")
        return f"<dana module {self.__name__!r}{f' from {file!r}' if file else ''}>"


class ImportedModule(DanaModule):
    """A module that Python's `import` made: it outlives the context it began in."""

    def __init__(self, name: str) -> None:
        ModuleType.__init__(self, name)

    def __getattr__(self, name: str) -> Any:
        native = _own(self).get("_dana_native")
        if native is None or (name.startswith("__") and name.endswith("__") and name != "__all__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        if name == "__all__":
            return native_module(self).names()
        return native_module(self).get(name, True, lambda: getattr(self, name))

    def __dir__(self) -> list[str]:
        own = _own(self)
        return super().__dir__() if "_dana_native" in own else sorted(own)


def native_module(module: DanaModule) -> Module:
    """The native module that a user's module stands for; another one when a limit has closed what `import` brought."""
    own = _own(module)
    native = own["_dana_native"]
    if native.closed and (again := own.get("_dana_again")) is not None:
        own["_dana_native"] = native = again()
    assert isinstance(native, Module)
    return native


def fill(module: ImportedModule, native: Module, again: Callable[[], Module]) -> None:
    """Gives a module that Python's `import` made its content, and what brings it anew when a limit has closed it."""
    own = _own(module)
    own["_dana_native"], own["_dana_again"] = native, again
    module.__doc__ = native.documentation
