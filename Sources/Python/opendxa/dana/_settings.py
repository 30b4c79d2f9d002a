"""Options of contexts as users write them, made into what the extension takes."""

from __future__ import annotations

import os
import sys
from os import getcwd

from opendxa.dana._log import log_line
from opendxa.dana._names import is_variable
from opendxa.dana._native import Settings
from opendxa.dana._output import write_output
from opendxa.dana._passed import checked_scopes
from opendxa.dana._policy import BOUNDS, Policy
from opendxa.dana.errors import TypeConversionError

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
# Seconds since 1970, far beyond every calendar.
_LATEST = 1e15
_KNOWN = frozenset((*BOUNDS, *_VARIABLES, *_OTHERS))


class _Defaults:
    """What contexts have that nothing is asked for: good as long as Python's path and the working folder stay."""

    __slots__ = ("folders", "here", "path", "settings")

    def __init__(self, here: str) -> None:
        self.path: list[str] = list(sys.path)
        self.here: str = here
        places = dict.fromkeys([*(folder or here for folder in sys.path), here])
        self.folders: list[str] = [folder for folder in places if os.path.isdir(folder)]
        self.settings: Settings = Settings(search_path=self.folders, log=log_line, output=write_output)


_defaults: _Defaults | None = None


def default_search_path() -> list[str]:
    """Where Python looks for its modules, then the working folder."""
    default_settings()
    assert _defaults is not None
    return _defaults.folders


def located(module: str) -> str | None:
    """The file of a Dana module beneath the default search path as it is by now; None when there is none."""
    path = module.replace(".", "/")
    for folder in default_search_path():
        for file in (f"{folder}/{path}.na", f"{folder}/{path}/__init__.na"):
            if os.path.isfile(file):
                return file
    return None


def default_settings() -> Settings:
    """The extension's settings where nothing is asked for and no policy is there."""
    global _defaults
    here, known = getcwd(), _defaults
    if known is None or known.here != here or known.path != sys.path:
        known = _defaults = _Defaults(here)
    return known.settings


def native_settings(
    options: ContextOptions, policy: Policy, defaults: ContextOptions | None = None, advice: str | None = None
) -> Settings:
    """The extension's settings; an option that does not fit is an error that names it.

    What the policy does not allow is an error where it was asked for, and left out where it is a default. `advice` says how
    a capability, `{}`, is granted where that is not an option of `create_context`.
    """
    asked: dict[str, Any] = {**options}
    if not asked.keys() <= _KNOWN:
        name = next(name for name in asked if name not in _KNOWN)
        raise TypeConversionError(f"create_context() got an unexpected keyword argument '{name}'{_near(name)}")
    given: dict[str, Any] = {**defaults, **asked} if defaults else asked
    made: dict[str, Any] = {"log": log_line, "output": write_output}
    if "allowed_capabilities" in given:
        capabilities = _texts(given["allowed_capabilities"], "allowed_capabilities")
        made["capabilities"] = policy.allowed(capabilities, narrow="allowed_capabilities" not in asked)
    limits: dict[str, int | float] = {}
    for name in BOUNDS if not policy.is_empty else [name for name in given if name in BOUNDS]:
        native, read = BOUNDS[name]
        value = _plain(given.get(name))
        bound = policy.bound(name, None if value is None else read(value, name), narrow=asked.get(name) is None)
        if bound is not None:
            made[native] = limits[name] = bound
    if not policy.is_empty and (bounds := policy.reasons(limits)):
        made["bounds"] = bounds
    path = given.get("search_path")
    made["search_path"] = default_search_path() if path is None else _texts(path, "search_path")
    if "passed_scopes" in given or not policy.is_empty:
        scopes = given.get("passed_scopes", ("public",))
        made["passed_scopes"] = policy.scopes(checked_scopes(scopes, "passed_scopes"))
    if (seed := given.get("seed")) is not None:
        seed = _plain(seed)
        if not isinstance(seed, int):
            raise TypeConversionError(f"Expected int, got {type(seed).__name__} at argument 'seed'")
        made["seed"] = seed
    if (fixed := given.get("fixed_time")) is not None:
        made["fixed_time"] = _moment(fixed)
    if (output := given.get("output")) is not None:
        if not callable(output):
            raise TypeConversionError(f"Expected function, got {type(output).__name__} at argument 'output'")
        made["output"] = output
        if callable(flush := getattr(output, "flush", None)):
            made["output_ended"] = flush
    checked_argument_help(given.get("argument_help"))
    if (overwrite := given.get("overwrite_imports")) is not None:
        if not isinstance(overwrite, bool):
            raise TypeConversionError(f"Expected bool, got {type(overwrite).__name__} at argument 'overwrite_imports'")
        made["overwrite_imports"] = overwrite
    if advice is not None:
        made["grant_advice"] = advice
    found = {name: variables(given[name], name) for name in _VARIABLES if given.get(name) is not None}
    if any(found.values()):
        made["variables"] = found
    return Settings(**made)


def checked_argument_help(value: object) -> None:
    """Says so where a value is none of the option `argument_help`."""
    if not (value is None or isinstance(value, bool) or value == "model"):
        raise TypeConversionError(f"Expected a bool or 'model', got {value!r} at argument 'argument_help'")


class KnownSettings:
    """The extension's settings for options that were asked for before, where all of them are plain values."""

    __slots__ = ("_made", "_policy")

    _MOST = 16

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        # The last used first.
        self._made: list[_MadeSettings] = []

    def settings(self, options: ContextOptions) -> Settings:
        """As `native_settings` makes them."""
        # Without folders of its own it is Python's path that counts, which changes.
        path = None if options.get("search_path") is not None else default_search_path()
        kinds = dict(zip(options, map(type, options.values())))
        for known in self._made:
            if known.kinds == kinds and known.options == options and known.path is path:
                if known is not self._made[0]:
                    self._use(known)
                return known.settings
        made = native_settings(options, self._policy)
        if _PLAIN.issuperset(kinds.values()):
            kept = {name: [*value] if isinstance(value, list) else value for name, value in options.items()}
            if all(type(item) is str for value in kept.values() if isinstance(value, (list, tuple)) for item in value):
                self._use(_MadeSettings(kept, kinds, path, made))
        return made

    def _use(self, known: _MadeSettings) -> None:
        """Puts it first, in a list of its own: another thread may be looking through the one of before."""
        others = [other for other in self._made if other is not known]
        self._made = [known, *others[: self._MOST - 1]]


class _MadeSettings:
    """What was asked for, the types of its values, and what was made of it."""

    __slots__ = ("kinds", "options", "path", "settings")

    def __init__(
        self, options: dict[str, object], kinds: dict[str, type], path: list[str] | None, settings: Settings
    ) -> None:
        self.options = options
        self.kinds = kinds
        self.path = path
        self.settings = settings


_PLAIN = frozenset((list, tuple, str, int, float, bool, type(None)))


def _plain(value: Any) -> Any:
    """An integer of a library's, such as numpy's, as Python's own; anything else as it is."""
    return value.__index__() if hasattr(value, "__index__") and not isinstance(value, int) else value


def _moment(value: Any) -> float:
    """Seconds since 1970."""
    try:
        seconds = float(value) if hasattr(value, "__float__") else _LATEST
    except (ArithmeticError, ValueError):
        seconds = _LATEST
    if not abs(seconds) < _LATEST:
        raise TypeConversionError(f"Expected seconds since 1970, got {value!r} at argument 'fixed_time'")
    return seconds


def _near(name: str) -> str:
    """A hint at the option that was probably meant."""
    from difflib import get_close_matches

    near = get_close_matches(name, sorted(_KNOWN), 1)
    return f": did you mean '{near[0]}'?" if near else ""


def _texts(value: Any, argument: str) -> list[str]:
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        raise TypeConversionError(f"Expected list of strings, got {type(value).__name__} at argument '{argument}'")
    texts = [os.fspath(item) if hasattr(item, "__fspath__") else item for item in value]
    for text in texts:
        if not isinstance(text, str):
            raise TypeConversionError(f"Expected string, got {type(text).__name__} in argument '{argument}'")
    return texts


def variables(value: Any, argument: str) -> dict[str, Any]:
    """The variables that an argument gives by name."""
    if not hasattr(value, "keys") or not hasattr(value, "__getitem__"):
        raise TypeConversionError(f"Expected dict, got {type(value).__name__} at argument '{argument}'")
    found = {name: value[name] for name in value.keys()}
    for name in found:
        if not is_variable(name):
            raise TypeConversionError(f"{name!r} is no name of a variable in argument '{argument}'")
    return found
