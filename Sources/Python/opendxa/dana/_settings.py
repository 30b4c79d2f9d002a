"""Options of contexts as users write them, made into what the extension takes."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, cast

from opendxa.dana._log import log_line
from opendxa.dana._passed import checked_scopes
from opendxa.dana._policy import BOUNDS, Policy
from opendxa.dana.errors import TypeConversionError

if TYPE_CHECKING:
    from opendxa.dana._native import ContextSettings
    from opendxa.dana._options import ContextOptions

_VARIABLES = ("private", "public", "system", "local")
_OTHERS = (
    "allowed_capabilities",
    "search_path",
    "seed",
    "fixed_time",
    "overwrite_imports",
    "passed_scopes",
    "output",
    "argument_help",
)
_KNOWN = frozenset((*BOUNDS, *_VARIABLES, *_OTHERS))


_known_path: tuple[list[str], str, list[str]] = ([], "", [])


def default_search_path() -> list[str]:
    """Where Python looks for its modules, then the working folder."""
    global _known_path
    path, here, folders = _known_path
    if path == sys.path and here == os.getcwd():
        return folders
    here = os.getcwd()
    folders = [
        folder for folder in dict.fromkeys([*(folder or here for folder in sys.path), here]) if os.path.isdir(folder)
    ]
    _known_path = (list(sys.path), here, folders)
    return folders


def located(module: str) -> str | None:
    """The file of a Dana module beneath the default search path as it is by now; None when there is none."""
    path = module.replace(".", "/")
    for folder in default_search_path():
        for file in (f"{folder}/{path}.na", f"{folder}/{path}/__init__.na"):
            if os.path.isfile(file):
                return file
    return None


def default_settings() -> ContextSettings:
    """The extension's settings where nothing is asked for and no policy is there."""
    return {"search_path": default_search_path(), "log": log_line}


def native_settings(
    options: ContextOptions, policy: Policy, defaults: ContextOptions | None = None
) -> ContextSettings:
    """The extension's settings; an option that does not fit is an error that names it.

    What the policy does not allow is an error where it was asked for, and left out where it is a default.
    """
    asked: dict[str, Any] = {**options}
    for name in asked:
        if name not in _KNOWN:
            raise TypeConversionError(f"create_context() got an unexpected keyword argument '{name}'")
    given: dict[str, Any] = {**defaults, **asked} if defaults else asked
    made: dict[str, Any] = {"log": log_line}
    if "allowed_capabilities" in given:
        capabilities = _texts(given["allowed_capabilities"], "allowed_capabilities")
        made["capabilities"] = policy.allowed(capabilities, narrow="allowed_capabilities" not in asked)
    for name in BOUNDS.keys() & given if policy.is_empty else BOUNDS:
        native, read = BOUNDS[name]
        value = given.get(name)
        bound = policy.bound(name, None if value is None else read(value, name), narrow=asked.get(name) is None)
        if bound is not None:
            made[native] = bound
    path = given.get("search_path")
    made["search_path"] = default_search_path() if path is None else _texts(path, "search_path")
    if "passed_scopes" in given or not policy.is_empty:
        scopes = given.get("passed_scopes", ("public",))
        made["passed_scopes"] = policy.scopes(checked_scopes(scopes, "passed_scopes"))
    for name in ("seed", "fixed_time", "output"):
        if given.get(name) is not None:
            made[name] = given[name]
    if given.get("overwrite_imports"):
        made["overwrite_imports"] = True
    variables = {name: _variables(given[name], name) for name in _VARIABLES if given.get(name)}
    if variables:
        made["variables"] = variables
    return cast("ContextSettings", made)


def _texts(value: Any, argument: str) -> list[str]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise TypeConversionError(f"Expected list of strings, got {type(value).__name__} at argument '{argument}'")
    texts = [os.fspath(item) if hasattr(item, "__fspath__") else item for item in value]
    for text in texts:
        if not isinstance(text, str):
            raise TypeConversionError(f"Expected string, got {type(text).__name__} in argument '{argument}'")
    return texts


def _variables(value: Any, argument: str) -> dict[str, object]:
    if not hasattr(value, "keys") or not hasattr(value, "__getitem__"):
        raise TypeConversionError(f"Expected dict, got {type(value).__name__} at argument '{argument}'")
    variables = {name: value[name] for name in value.keys()}
    for name in variables:
        if not isinstance(name, str) or not name.isidentifier():
            raise TypeConversionError(f"{name!r} is no name of a variable in argument '{argument}'")
    return variables
