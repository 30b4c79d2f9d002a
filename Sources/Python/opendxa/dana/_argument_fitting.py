"""What a caller meant whose arguments do not fit: found by names that are nearly right and by types that fit.

Nothing is guessed where two ways would do, unless somebody is there to choose, and nothing for functions that take
whatever they are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from inspect import _ParameterKind as Kind
from itertools import islice
from math import perm
from typing import Any

from opendxa.dana._conversion import DanaType, dana_type

# How alike a name has to be to the one it is taken for, as `difflib` measures it.
_ALIKE = 0.7
# With more ways to place the values that have no place, nothing is clear, and to look at them would take long.
_MOST_WAYS = 10_000
# With more ways to choose from, nobody is asked.
_MOST_CHOICES = 12
_SAME = {"str": "string", "None": "null", "none": "null", "frozenset": "set", "Any": "any", "object": "any"}
_FITS = {("float", "int")}


@dataclass(frozen=True)
class Place:
    """A parameter that one argument goes to."""

    name: str
    kind: Kind
    is_required: bool
    types: frozenset[str]
    """Dana's types that fit; none when every value does."""

    def takes(self, value: object) -> bool:
        """Whether a value is of a type that fits."""
        found = dana_type(value)
        if not self.types or found is DanaType.ANY:
            return True
        return any(found.value == wanted or (wanted, found.value) in _FITS for wanted in self.types)


@dataclass(frozen=True)
class Fitting:
    """Arguments that fit, by name but for those that have none, and what was done to make them fit."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    changes: tuple[str, ...]


@dataclass(frozen=True)
class _Value:
    """An argument that has no place yet: where it was given, by number from 0 or by name."""

    given: int | str
    value: Any


def fitting(
    parameters: list[tuple[str, int, str | None, str | None]],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
    public: Mapping[str, Any],
    choose: Callable[[list[str]], int | None] | None = None,
) -> Fitting | None:
    """How the arguments fit the parameters; None when they do as they are, or when nothing says what was meant.

    What is missing may come from the public variable of its name. `choose` is asked where several ways would do, or a
    name says nothing: with the arguments of each way as text, for the number of one.
    """
    places = [_place(*parameter) for parameter in parameters]
    if any(place.kind in (Kind.VAR_POSITIONAL, Kind.VAR_KEYWORD) for place in places) or _fit(places, args, kwargs):
        return None
    return _Search(places, args, kwargs, public).found(choose)


def _place(name: str, kind: int, default: str | None, annotation: str | None) -> Place:
    return Place(name, Kind(kind), default is None, _types(annotation))


def _types(annotation: str | None) -> frozenset[str]:
    known = {type_.value for type_ in DanaType}
    names = {part.partition("[")[0].strip() for part in (annotation or "any").split("|")}
    types = {_SAME.get(name, name) for name in names}
    return frozenset() if "any" in types or not types <= known else frozenset(types)


def _fit(places: list[Place], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> bool:
    """Whether the arguments fit as they are."""
    by_order = [place for place in places if place.kind is not Kind.KEYWORD_ONLY]
    if len(args) > len(by_order):
        return False
    by_name = {place.name: place for place in places if place.kind is not Kind.POSITIONAL_ONLY}
    if any(name not in by_name for name in kwargs):
        return False
    taken = list(zip(by_order, args)) + [(by_name[name], value) for name, value in kwargs.items()]
    names = {place.name for place, _ in taken}
    if len(names) < len(taken) or any(place.is_required and place.name not in names for place in places):
        return False
    return all(place.takes(value) for place, value in taken)


class _Search:
    """Looks for the one way in which every argument has a place."""

    def __init__(
        self, places: list[Place], args: tuple[Any, ...], kwargs: Mapping[str, Any], public: Mapping[str, Any]
    ) -> None:
        self._places = places
        self._public = public
        self._taken: dict[str, Any] = {}
        self._changes: list[str] = []
        self._values: list[_Value] = []
        self._place_named(kwargs)
        self._place_ordered(args)

    def found(self, choose: Callable[[list[str]], int | None] | None) -> Fitting | None:
        free = [place for place in self._places if place.name not in self._taken]
        if not 0 < perm(len(free), len(self._values)) <= _MOST_WAYS:
            return None
        ways = list(self._ways(free, 0))
        fewest = min((_inversions(way) for way in ways), default=0)
        best = [way for way in ways if _inversions(way) == fewest]
        if len(best) == 1:
            return self._made(free, best[0])
        return None if choose is None else self._chosen(free, choose)

    def _chosen(self, free: list[Place], choose: Callable[[list[str]], int | None]) -> Fitting | None:
        """The way that somebody chooses, who may know what names mean."""
        ways = list(islice(self._ways(free, 0, names_matter=False), _MOST_CHOICES + 1))
        if not 0 < len(ways) <= _MOST_CHOICES:
            return None
        shown = [
            ", ".join(f"{free[number].name}={value.value!r}" for value, number in zip(self._values, way)) for way in ways
        ]
        number = choose(shown)
        if number is None:
            return None
        self._changes.append(f"the language model chose among {len(ways)} ways")
        return self._made(free, ways[number])

    def _place_named(self, kwargs: Mapping[str, Any]) -> None:
        """Places what has the name of a parameter, then what nearly has one."""
        by_name = {place.name: place for place in self._places}
        others: dict[str, Any] = {}
        for name, value in kwargs.items():
            if name in by_name and by_name[name].takes(value):
                self._taken[name] = value
            else:
                others[name] = value
        for name, value in others.items():
            meant = self._nearly(name, value)
            if meant is None:
                self._values.append(_Value(name, value))
            else:
                self._taken[meant] = value
                self._changes.append(f"'{name}' was taken for '{meant}'")

    def _place_ordered(self, args: tuple[Any, ...]) -> None:
        """Places what was given by order, if all of it fits in that order; else every way is looked at."""
        ordered = [place for place in self._places if place.kind is not Kind.KEYWORD_ONLY][: len(args)]
        pairs = list(zip(ordered, args))
        if len(pairs) == len(args) and all(
            place.name not in self._taken and place.takes(value) for place, value in pairs
        ):
            self._taken.update((place.name, value) for place, value in pairs)
        else:
            self._values[:0] = [_Value(index, value) for index, value in enumerate(args)]

    def _nearly(self, name: str, value: object) -> str | None:
        """The free parameter whose name is the nearest, and near enough."""
        likeness = {
            place.name: SequenceMatcher(None, _plain(name), _plain(place.name)).ratio()
            for place in self._places
            if place.name not in self._taken and place.name != name and place.takes(value)
        }
        best = max(likeness.values(), default=0.0)
        nearest = [known for known, ratio in likeness.items() if ratio == best >= _ALIKE]
        return nearest[0] if len(nearest) == 1 else None

    def _ways(
        self, free: list[Place], index: int, used: tuple[int, ...] = (), names_matter: bool = True
    ) -> Iterator[tuple[int, ...]]:
        """Every way to give each value a place of its own, as the places' numbers."""
        if index == len(self._values):
            if all(
                number in used or not place.is_required or self._is_public(place) for number, place in enumerate(free)
            ):
                yield used
            return
        value = self._values[index]
        for number, place in enumerate(free):
            # A name that is not even nearly right says that something else was meant, unless the type tells.
            is_told = isinstance(value.given, int) or bool(place.types) or not names_matter
            if number not in used and place.takes(value.value) and is_told:
                yield from self._ways(free, index + 1, (*used, number), names_matter)

    def _is_public(self, place: Place) -> bool:
        return place.name in self._public and place.takes(self._public[place.name])

    def _made(self, free: list[Place], way: tuple[int, ...]) -> Fitting:
        for value, number in zip(self._values, way):
            place = free[number]
            self._taken[place.name] = value.value
            if isinstance(value.given, str):
                self._changes.append(f"'{value.given}' was taken for '{place.name}' by its type")
            elif place.kind is Kind.KEYWORD_ONLY or self._places.index(place) != value.given:
                self._changes.append(f"argument {value.given + 1} was taken for '{place.name}'")
        for number, place in enumerate(free):
            if number not in way and place.is_required:
                self._taken[place.name] = self._public[place.name]
                self._changes.append(f"'{place.name}' was taken from public:{place.name}")
        ordered = [place.name for place in self._places if place.kind is Kind.POSITIONAL_ONLY]
        args = tuple(self._taken.pop(name) for name in ordered if name in self._taken)
        return Fitting(args, self._taken, tuple(self._changes))


def _inversions(way: tuple[int, ...]) -> int:
    """How many pairs of values change their order."""
    return sum(later < earlier for index, earlier in enumerate(way) for later in way[index + 1 :])


def _plain(name: str) -> str:
    return name.lower().replace("_", "")
