"""Python modules that Dana programs import by their files."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from threading import RLock
from types import ModuleType

from opendxa.dana.errors import DanaImportError

_loaded: dict[str, tuple[tuple[int, int], ModuleType]] = {}
_lock = RLock()


def load(name: str, file: str) -> ModuleType:
    """The module of a file, run once a process and again when the file has changed.

    A module that Python itself imported from the file is taken as it is.
    """
    path = os.path.realpath(file)
    with _lock:
        status = os.stat(path)
        stamp = (status.st_mtime_ns, status.st_size)
        known = _loaded.get(path)
        if known is not None and known[0] == stamp:
            return known[1]
        imported = sys.modules.get(name)
        if known is None and imported is not None and _file_of(imported) == path:
            return imported
        spec = spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise DanaImportError(f"{file} is no module of Python's", name=name, path=file)
        module = module_from_spec(spec)
        # Under its own name unless something else has it: dataclasses and pickle look modules up.
        is_named = imported is None or (known is not None and imported is known[1])
        if is_named:
            sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            if is_named:
                sys.modules.pop(name, None)
                if imported is not None:
                    sys.modules[name] = imported
            raise
        _loaded[path] = (stamp, module)
        return module


def is_found_in(name: str, file: str) -> bool:
    """Whether Python itself finds the module of this name in a file. Nothing is imported for that."""
    first, *rest = name.split(".")
    spec = find_spec(first)
    if spec is None:
        return False
    path = os.path.realpath(file)
    if not rest:
        # A module that is frozen into Python tells where its text lies.
        found = spec.origin if spec.has_location else _file_of(sys.modules.get(first))
        return found is not None and os.path.realpath(found) == path
    parts = [os.path.join(os.path.realpath(folder), *rest) for folder in spec.submodule_search_locations or ()]
    return any(path in (f"{part}.py", os.path.join(part, "__init__.py")) for part in parts)


def _file_of(module: ModuleType | None) -> str | None:
    file = getattr(module, "__file__", None)
    return os.path.realpath(file) if isinstance(file, str) else None
