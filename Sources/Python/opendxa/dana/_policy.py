"""The administrator's policy: bounds on every context of the process, from files that code cannot widen.

They are `/etc/dana.toml`, the file that the environment variable `DANA_POLICY` names, and the nearest `dana.toml`
in the working folder or above it. Each narrows what the others allow:

    [dana.policy]
    capabilities = ["llm", "file_read:/srv/data"]   # at most these; a capability without a place covers all places
    passed_scopes = ["public"]                      # at most these pass to Python functions
    max_memory = "256MB"                            # at most this; also timeout, max_execution_time, max_ticks,
    timeout = "30s"                                 # max_depth, max_source_size, max_host_calls, max_output
    secret_patterns = ['AC-\\d{8}']                 # what matches is taken out of logs, errors, events and prompts

    [dana.policy.functions."analytics.*"]           # by the names of Python functions, `*` and `?` as in file names
    passed_scopes = []
"""

from __future__ import annotations

import os

from opendxa.dana._native import capability_names, pattern_fault, Settings
from opendxa.dana._passed import checked_scopes
from opendxa.dana._quantity import count, duration, shown_duration, shown_size, size
from opendxa.dana.errors import CapabilityError, DanaError, DanaValueError

# For annotations alone: importing them would be most of what importing this costs.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any, Self

_SYSTEM_FILE = "/etc/dana.toml"

BOUNDS: dict[str, tuple[str, Callable[[Any, str], int | float]]] = {
    "max_memory": ("memory", size),
    "timeout": ("timeout", duration),
    "max_execution_time": ("execution_time", duration),
    "max_ticks": ("ticks", count),
    "max_depth": ("depth", count),
    "max_source_size": ("source_size", size),
    "max_host_calls": ("host_calls", count),
    "max_output": ("output_size", size),
}
"""Limits by the names that users give them: what the extension calls each, and how it is read."""


class Policy:
    """What all the files together allow."""

    __slots__ = ("_bounds", "_capabilities", "_functions", "_scopes", "is_empty", "secret_patterns")

    def __init__(self) -> None:
        self.is_empty = True
        """Whether nothing is bounded."""
        self.secret_patterns: list[str] = []
        """Regular expressions for what is taken out of all that leaves."""
        self._capabilities: list[tuple[str, frozenset[str]]] = []
        self._scopes: list[tuple[str, frozenset[str]]] = []
        self._functions: list[tuple[str, str, frozenset[str]]] = []
        self._bounds: dict[str, tuple[str, int | float]] = {}

    @classmethod
    def found(cls) -> Self:
        """The policy of the files there are."""
        policy = cls()
        for file in _files():
            policy.read(file)
        return policy

    def read(self, file: str) -> None:
        """Narrows the policy by a file."""
        import tomllib

        try:
            with open(file, "rb") as opened:
                content = tomllib.load(opened)
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise DanaValueError(f"{file} is not TOML: {error}") from error
        table = content.get("dana", {})
        if not isinstance(table, dict):
            raise DanaValueError(f"{file}: [dana] is no table")
        if unknown := next((name for name in table if name != "policy"), None):
            raise DanaValueError(f"{file}: [dana] there is no setting '{unknown}': it has the table [dana.policy] alone")
        policy = table.get("policy", {})
        if not isinstance(policy, dict):
            raise DanaValueError(f"{file}: [dana.policy] is no table")
        self.is_empty = self.is_empty and policy.keys() <= {"secret_patterns"}
        for key, value in policy.items():
            try:
                self._take(file, key, value)
            except DanaError as error:
                raise DanaValueError(f"{file}: [dana.policy] {error}") from error

    def _take(self, file: str, key: str, value: Any) -> None:
        if key == "capabilities":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise DanaValueError("capabilities is no list of names")
            Settings(capabilities=value)  # which is an error where there is no such capability
            self._capabilities.append((file, frozenset(value)))
        elif key == "passed_scopes":
            self._scopes.append((file, frozenset(checked_scopes(value, key))))
        elif key == "functions" and isinstance(value, dict):
            for pattern, table in value.items():
                if not isinstance(table, dict) or table.keys() != {"passed_scopes"}:
                    raise DanaValueError(f"functions.{pattern} has to hold passed_scopes and nothing else")
                self._functions.append((file, pattern, frozenset(checked_scopes(table["passed_scopes"], pattern))))
        elif key == "secret_patterns":
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise DanaValueError("secret_patterns is no list of regular expressions")
            for pattern in value:
                if fault := pattern_fault(pattern):
                    raise DanaValueError(f"{pattern!r} in secret_patterns is no regular expression: {fault}")
            self.secret_patterns += value
        elif key in BOUNDS:
            bound = BOUNDS[key][1](value, key)
            known = self._bounds.get(key)
            if known is None or bound < known[1]:
                self._bounds[key] = (file, bound)
        else:
            raise DanaValueError(f"there is no setting '{key}'")

    def allowed(self, capabilities: Iterable[str], *, narrow: bool) -> list[str]:
        """The capabilities, of which those that are not allowed are an error or, to `narrow`, left out."""
        granted = []
        for capability in capabilities:
            file = next((file for file, bound in self._capabilities if not _covers(bound, capability)), None)
            if file is None:
                granted.append(capability)
            elif not narrow:
                raise CapabilityError(f"the policy in {file} does not allow the capability '{capability}'")
        return granted

    def scopes(self, scopes: tuple[str, ...], function: str | None = None) -> list[str]:
        """Those of the scopes that may pass to Python functions, or to one of a name."""
        bounds = [bound for _, bound in self._scopes]
        if function is not None and self._functions:
            from fnmatch import fnmatchcase

            bounds += [bound for _, pattern, bound in self._functions if fnmatchcase(function, pattern)]
        return [scope for scope in scopes if all(scope in bound for bound in bounds)]

    def bound(self, key: str, asked: int | float | None, *, narrow: bool) -> int | float | None:
        """A limit within its bound, or the bound when none was asked for; more is an error unless `narrow`."""
        known = self._bounds.get(key)
        if known is None:
            return asked
        file, bound = known
        if asked is None or (narrow and asked > bound):
            return bound
        if asked > bound:
            raise CapabilityError(
                f"the policy in {file} does not allow {key} above {_shown(bound, key)}, asked for was {_shown(asked, key)}"
            )
        return asked

    def reasons(self, limits: Mapping[str, int | float]) -> dict[str, str]:
        """Which file allows no more: of limits, by the names that users give them, that stand at their bounds, and of
        capabilities that it does not allow anywhere; under the names that the extension has for them."""
        from opendxa.dana._failure import OPTIONS

        found: dict[str, str] = {}
        for limit, option in OPTIONS.items():
            file, bound = self._bounds.get(option, ("", 0))
            if file and limits.get(option) == bound:
                found[limit] = file
        for file, allowed in self._capabilities:
            somewhere = {capability.partition(":")[0] for capability in allowed}
            found |= {name: file for name in capability_names() if name not in somewhere and name not in found}
        return found


def _covers(bound: frozenset[str], capability: str) -> bool:
    name, _, place = capability.partition(":")
    if capability in bound or name in bound:
        return True
    if not place:
        return False
    if name == "network":
        # A host covers its ports.
        return f"network:{place.rpartition(':')[0]}" in bound
    inside = os.path.normpath(place)
    for granted in bound:
        granted_name, _, outer = granted.partition(":")
        if granted_name == name and (inside + "/").startswith(os.path.normpath(outer).rstrip("/") + "/"):
            return True
    return False


def _shown(value: int | float, key: str) -> str:
    """A limit as its users write it."""
    read = BOUNDS[key][1]
    return shown_size(int(value)) if read is size else shown_duration(value) if read is duration else str(value)


def _files() -> list[str]:
    files = [_SYSTEM_FILE] if os.path.isfile(_SYSTEM_FILE) else []
    if named := os.environ.get("DANA_POLICY"):
        if not os.path.isfile(named):
            raise DanaValueError(f"DANA_POLICY names {named}, which is no file")
        files.append(named)
    folder = os.getcwd()
    while True:
        file = os.path.join(folder, "dana.toml")
        if os.path.isfile(file):
            return [*files, file]
        if folder == (folder := os.path.dirname(folder)):
            return files
