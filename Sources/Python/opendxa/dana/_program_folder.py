"""The folders in which imports of Dana programs found modules of Python."""

from __future__ import annotations

import builtins
import os
import re
import sys
from hashlib import sha256
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from types import ModuleType

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Of each module that Dana's imports ran: what its file was known by then, and the module.
stamps: dict[str, tuple[tuple[int, int], ModuleType]] = {}


def file_stamp(path: str) -> tuple[int, int]:
    """What tells a file from the one that it was before."""
    status = os.stat(path)
    return status.st_mtime_ns, status.st_size


def is_found_in(name: str, file: str) -> bool:
    """Whether Python itself finds the module of this name in a file. Nothing is imported for that."""
    first, *rest = name.split(".")
    spec = _python_spec(first)
    path = os.path.realpath(file)
    if not rest:
        # A module that is frozen into Python tells where its text lies.
        found = spec.origin if spec is not None and spec.has_location else _file_of(sys.modules.get(first))
        return found is not None and os.path.realpath(found) == path
    places = None if spec is None else spec.submodule_search_locations
    parts = [os.path.join(os.path.realpath(folder), *rest) for folder in places or ()]
    return any(path in (f"{part}.py", os.path.join(part, "__init__.py")) for part in parts)


def _python_spec(name: str) -> ModuleSpec | None:
    """Where Python itself finds a module; None also for one that was not found anywhere, as a script."""
    try:
        return find_spec(name)
    except ValueError:
        return None


def _file_of(module: ModuleType | None) -> str | None:
    file = getattr(module, "__file__", None)
    return os.path.realpath(file) if isinstance(file, str) else None


class ProgramFolder:
    """A folder in which an import of a program found a module, as a package of Python's that has a name of its own.

    Modules in it import each other by their bare names, and nobody else does: modules of the same name in two folders
    are two modules, and none of them stands in the way of what the process imports.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        label = re.sub(r"\W+", "_", os.path.basename(path)) or "root"
        self.name = f"dana_{label}_{sha256(os.fsencode(path)).hexdigest()[:8]}"
        self.builtins = {**vars(builtins), "__import__": self._import}
        # Which first names the folder has, as of when it was last changed.
        self._has: dict[str, bool] = {}
        self._changed = 0

    @classmethod
    def of(cls, folder: str) -> ProgramFolder:
        """The one of a folder."""
        path = os.path.realpath(folder)
        known = _by_path.get(path)
        if known is not None:
            return known
        made = _by_path.setdefault(path, cls(path))
        _by_name[made.name] = made
        if _Finder not in sys.meta_path:
            sys.meta_path.insert(0, _Finder)
        spec = ModuleSpec(made.name, None, is_package=True)
        spec.submodule_search_locations = [path]
        sys.modules.setdefault(made.name, module_from_spec(spec))
        return made

    def has(self, name: str) -> bool:
        """Whether an import of a first name in this folder's modules means a module in it."""
        if name in sys.builtin_module_names:
            return False
        try:
            changed = os.stat(self.path).st_mtime_ns
        except OSError:
            return self._has.get(name, False)
        if changed != self._changed:
            self._has, self._changed = {}, changed
        if name not in self._has:
            self._has[name] = self._is_own(name)
        return self._has[name]

    def _is_own(self, name: str) -> bool:
        spec = _found(name, self.path)
        if spec is None:
            return False
        if spec.origin is None:
            # A folder alone is a package where there is no other.
            return _python_spec(name) is None
        return not is_found_in(name, spec.origin)

    def _import(
        self,
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """The built-in `__import__` as the modules of this folder have it."""
        first = name.partition(".")[0]
        if level != 0 or not self.has(first):
            return builtins.__import__(name, globals, locals, fromlist or (), level)
        try:
            module = builtins.__import__(f"{self.name}.{name}", globals, locals, fromlist or (), 0)
        except ModuleNotFoundError as error:
            if error.name is None or not error.name.startswith(f"{self.name}."):
                raise
            missing = error.name.removeprefix(f"{self.name}.")
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing, path=error.path) from None
        return module if fromlist else sys.modules[f"{self.name}.{first}"]


_by_path: dict[str, ProgramFolder] = {}
_by_name: dict[str, ProgramFolder] = {}


class _Loader(SourceFileLoader):
    """Runs a module whose imports look in its folder first."""

    def __init__(self, fullname: str, path: str, folder: ProgramFolder) -> None:
        super().__init__(fullname, path)
        self._folder = folder

    def exec_module(self, module: ModuleType) -> None:
        stamps[module.__name__] = (file_stamp(self.path), module)
        module.__dict__["__builtins__"] = self._folder.builtins
        super().exec_module(module)


class _Finder:
    """Finds the modules in the folders of programs, by the folders' own names, for Python's import."""

    @staticmethod
    def find_spec(fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        folder = _by_name.get(fullname.partition(".")[0])
        if folder is None or path is None:
            return None
        for place in path:
            spec = _found(fullname, place)
            if spec is None:
                continue
            if spec.origin is not None and type(spec.loader) is SourceFileLoader:
                spec.loader = _Loader(fullname, spec.origin, folder)
            return spec
        return None


def _found(fullname: str, place: str) -> ModuleSpec | None:
    """The module of a name in a folder: a file before a package, as programs find them, then what else Python finds."""
    stem = os.path.join(place, fullname.rpartition(".")[2])
    if os.path.isfile(file := f"{stem}.py"):
        return spec_from_file_location(fullname, file)
    if os.path.isfile(file := os.path.join(stem, "__init__.py")):
        return spec_from_file_location(fullname, file, submodule_search_locations=[stem])
    return PathFinder.find_spec(fullname, [place])
