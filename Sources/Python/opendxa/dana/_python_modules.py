"""Python modules that Dana programs import by their files."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from threading import RLock
from types import ModuleType

from opendxa.dana._program_folder import ProgramFolder, file_stamp, is_found_in, stamps

__all__ = ["is_found_in", "load"]

_lock = RLock()
# What the files that Python itself does not find go by, by their names and paths.
_names: dict[tuple[str, str], str] = {}


def load(name: str, file: str) -> ModuleType:
    """The module of a file, run once a process and again when the file has changed.

    A module that Python itself finds in the file is Python's. Any other has a name of its own among Python's modules,
    and what it imports is looked for beside it first.
    """
    path = os.path.realpath(file)
    full = _name_of(name, os.path.abspath(file), path)
    before = sys.modules.get(full)
    if before is None:
        stamp = file_stamp(path)
        module = import_module(full)
        stamps[full] = (stamp, module)
        return module
    if not _has_changed(full, before, path):
        # Which waits for a thread that still runs it.
        return import_module(full)
    with _lock:
        if sys.modules.get(full) is before:
            return _run_again(full, before)
    return import_module(full)


def _run_again(full: str, before: ModuleType) -> ModuleType:
    """Runs a module's file again; where that fails the module is what it was."""
    known = stamps[full]
    del sys.modules[full]
    try:
        module = import_module(full)
        path = module.__file__
        assert path is not None
        stamps[full] = (file_stamp(path), module)
        return module
    except BaseException:
        sys.modules[full], stamps[full] = before, known
        raise


def _name_of(name: str, file: str, path: str) -> str:
    """What a module goes by among Python's."""
    if known := _names.get((name, file)):
        return known
    if is_found_in(name, path):
        return name
    # Beneath the folder in which the search found it lie the parts of its name.
    folder = os.path.dirname(file)
    if os.path.basename(file) == "__init__.py":
        folder = os.path.dirname(folder)
    for _ in range(name.count(".")):
        folder = os.path.dirname(folder)
    full = f"{ProgramFolder.of(folder).name}.{name}"
    _names[name, file] = full
    return full


def _has_changed(full: str, module: ModuleType, path: str) -> bool:
    """Whether a module's file is another than when it ran. What another import of Python's brought stays as it is."""
    known = stamps.get(full)
    return known is not None and known[1] is module and known[0] != file_stamp(path)

