"""Every plain Python value goes through Swift and comes back the same: typed conversions and PythonValue."""

import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import gc
import math
import pathlib
import struct
import sys
import types
import typing
import uuid
import zoneinfo

import bridge_probe as probe
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st


def same(a: object, b: object) -> bool:
    """Equality that tells types, NaN bits and signed zeros apart, and keeps the order of dicts."""
    if type(a) is not type(b):
        return False
    if isinstance(a, float):
        return struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return same(a.real, b.real) and same(a.imag, b.imag)
    if isinstance(a, enum.Enum):
        return a is b
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a.items(), b.items(), strict=True))
    if isinstance(a, (set, frozenset)):
        return sorted(map(repr, a)) == sorted(map(repr, b))
    if isinstance(a, decimal.Decimal):
        return str(a) == str(b)
    if dataclasses.is_dataclass(a):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    if isinstance(a, (datetime.datetime, datetime.time)):
        return a.replace(tzinfo=None) == b.replace(tzinfo=None) and a.fold == b.fold and a.tzinfo == b.tzinfo
    return a == b


class Shade(enum.Enum):
    DARK = 1
    PALE = "pale"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Permission(enum.Flag):
    READ = 1
    WRITE = 2


@dataclasses.dataclass
class Item:
    name: object
    price: object = 0.5
    tags: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    x: object
    y: object = None


class Point(typing.NamedTuple):
    x: object
    y: object = 0


offsets = st.integers(-86399_999999, 86399_999999).map(lambda us: datetime.timedelta(microseconds=us))
zones = st.one_of(
    st.none(),
    st.builds(datetime.timezone, offsets),
    st.builds(datetime.timezone, offsets, st.text(max_size=5, alphabet=st.characters(codec="utf-8"))),
    st.sampled_from([zoneinfo.ZoneInfo("UTC"), zoneinfo.ZoneInfo("Europe/Zurich")]),
)
folds = st.sampled_from([0, 1])
times = st.builds(lambda t, z, f: t.replace(tzinfo=z, fold=f), st.times(), zones, folds)
moments = st.builds(lambda t, z, f: t.replace(tzinfo=z, fold=f), st.datetimes(), zones, folds)
any_text = st.text(alphabet=st.characters())  # lone surrogates included
decimals = st.one_of(
    st.decimals(),
    st.builds(lambda s, d, e: decimal.Decimal((s, d, e)), folds, st.lists(st.integers(0, 9), min_size=1).map(tuple),
              st.integers(-400, 400)),
    st.sampled_from([decimal.Decimal(x) for x in ("NaN", "-sNaN12", "Infinity", "-Infinity", "-0", "1E+3", "0.00")]),
)
ranges = st.builds(range, st.integers(), st.integers(), st.integers().filter(bool))
paths = any_text.filter(lambda t: "\0" not in t).map(pathlib.Path)
hashable = st.one_of(
    st.none(), st.booleans(), st.integers(), st.integers(-(2**300), 2**300), st.floats(), st.complex_numbers(),
    any_text, st.binary(), ranges, st.dates(), times, moments, st.timedeltas(),
    zones.filter(lambda z: z is not None), decimals.filter(lambda d: not d.is_snan()), st.fractions(), st.uuids(),
    paths, st.sampled_from([*Shade, *Level, Permission.READ, Permission.READ | Permission.WRITE]),
)  # fmt: skip
values = st.recursive(
    st.one_of(hashable, st.binary().map(bytearray), decimals),
    lambda inner: st.one_of(
        st.lists(inner), st.lists(inner).map(tuple), st.dictionaries(hashable, inner), st.sets(hashable),
        st.frozensets(hashable), st.builds(Item, any_text, inner, st.lists(inner)), st.builds(Frozen, inner, inner),
        st.builds(Point, inner, inner),
    ),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=500)
@given(values)
def test_any_plain_value_comes_back_the_same(value: object) -> None:
    assert same(probe.roundtrip_value(value), value)


TYPED = {
    "bool": st.booleans(),
    "int": st.integers(-(2**63), 2**63 - 1),
    "int8": st.integers(-(2**7), 2**7 - 1),
    "int16": st.integers(-(2**15), 2**15 - 1),
    "int32": st.integers(-(2**31), 2**31 - 1),
    "int128": st.integers(-(2**127), 2**127 - 1),
    "uint8": st.integers(0, 2**8 - 1),
    "uint16": st.integers(0, 2**16 - 1),
    "uint32": st.integers(0, 2**32 - 1),
    "uint64": st.integers(0, 2**64 - 1),
    "uint128": st.integers(0, 2**128 - 1),
    "big": st.integers(-(2**400), 2**400),
    "float": st.floats(),
    "complex": st.complex_numbers(),
    "str": st.text(alphabet=st.characters(codec="utf-8")),
    "bytes": st.binary(),
    "optional": st.none() | st.integers(-(2**63), 2**63 - 1),
    "ints": st.lists(st.integers(-(2**63), 2**63 - 1)),
    "strs": st.lists(st.text(alphabet=st.characters(codec="utf-8"))),
    "nested": st.lists(st.dictionaries(st.text("abc"), st.lists(st.floats()), max_size=1)),
    "set": st.sets(st.integers(-(2**63), 2**63 - 1)),
    "pairs": st.dictionaries(st.text(alphabet=st.characters(codec="utf-8")), st.integers(-9, 9)),
    "pair": st.tuples(st.integers(-9, 9), st.text("ab")),
    "triple": st.tuples(st.integers(-9, 9), st.text("ab"), st.none() | st.floats()),
    "stepped_range": st.builds(
        range, st.integers(-99, 99), st.integers(-99, 99), st.integers(-9, 9).filter(bool)
    ),
    "duration": st.timedeltas(),
    "date": st.dates(),
    "time": times,
    "datetime": moments,
    "timedelta": st.timedeltas(),
    "timezone": zones.filter(lambda z: z is not None),
    "decimal": decimals,
    "fraction": st.fractions(),
    "uuid": st.uuids(),
    "path": paths,
}


@pytest.mark.parametrize("name", TYPED)
def test_typed_values_come_back_the_same(name: str) -> None:
    convert = getattr(probe, f"roundtrip_{name}")

    @settings(max_examples=150)
    @given(TYPED[name])
    def check(value: object) -> None:
        assert same(convert(value), value)

    check()


@given(st.dictionaries(st.text("abcdef"), st.integers(-9, 9)))
def test_a_dictionary_loses_only_the_order(value: dict) -> None:
    assert probe.roundtrip_dict(value) == value


@given(st.floats(width=32))
def test_float32_values_come_back_the_same(value: float) -> None:
    assert same(probe.roundtrip_float32(value), value) or math.isnan(value)


@pytest.mark.parametrize(
    ("name", "bits", "signed"),
    [("int", 64, True), ("int8", 8, True), ("int32", 32, True), ("int128", 128, True), ("uint8", 8, False),
     ("uint64", 64, False), ("uint128", 128, False)],
)  # fmt: skip
def test_integers_out_of_range_are_refused(name: str, bits: int, signed: bool) -> None:
    convert = getattr(probe, f"roundtrip_{name}")
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    assert (convert(low), convert(high)) == (low, high)
    for value in (low - 1, high + 1, 10**1000, -(10**1000)):
        with pytest.raises(OverflowError, match="between"):
            convert(value)


def test_bool_and_int_are_told_apart_one_way() -> None:
    assert same(probe.roundtrip_int(True), 1)
    with pytest.raises(TypeError, match="expected bool, got int"):
        probe.roundtrip_bool(1)


def test_index_and_float_protocols_are_used_after_exact_types() -> None:
    class Index:
        def __index__(self) -> int:
            return 7

    class Real:
        def __float__(self) -> float:
            return 1.5

    assert probe.roundtrip_int(Index()) == probe.roundtrip_value(Index()) == 7
    assert probe.roundtrip_float(Real()) == probe.roundtrip_value(Real()) == 1.5
    with pytest.raises(TypeError, match="expected int, got float"):
        probe.roundtrip_int(1.0)
    with pytest.raises(TypeError, match="expected float, got str"):
        probe.roundtrip_float("1")


def test_subclasses_and_abstract_classes_become_what_they_stand_for() -> None:
    class Text(str):
        pass

    cases = [
        (Text("a\ud800"), "a\ud800"),
        (collections.OrderedDict(a=1), {"a": 1}),
        (collections.Counter("aab"), {"a": 2, "b": 1}),
        (collections.UserDict(a=[1]), {"a": [1]}),
        (types.MappingProxyType({"a": 1}), {"a": 1}),
        (collections.deque([1, 2]), [1, 2]),
        (collections.UserList([1, 2]), [1, 2]),
        ({1: 2}.keys(), {1}),
    ]
    for value, expected in cases:
        assert same(probe.roundtrip_value(value), expected)
    assert probe.roundtrip_dict(collections.UserDict(a=1)) == {"a": 1}
    assert probe.roundtrip_ints(collections.UserList([1, 2])) == [1, 2]
    assert probe.roundtrip_ints((1, 2)) == probe.roundtrip_ints(range(1, 3)) == [1, 2]
    assert probe.roundtrip_set({1: 2}.keys()) == {1}


def test_objects_without_another_form_stay_themselves() -> None:
    class Day(datetime.date):
        pass

    class Zone(datetime.tzinfo):
        pass

    moment = datetime.datetime(2024, 1, 1, tzinfo=Zone())
    for value in (object(), len, int, memoryview(b"abc"), Day(2024, 1, 1), moment, pathlib.PureWindowsPath("a")):
        assert probe.roundtrip_value([value, {"k": value}])[1]["k"] is value


def test_the_timezone_utc_stays_the_singleton() -> None:
    assert probe.roundtrip_value(datetime.UTC) is datetime.UTC
    assert probe.roundtrip_timezone(datetime.UTC) is datetime.UTC


def test_text_is_no_list_and_lone_surrogates_are_no_text() -> None:
    for value in ("abc", b"abc", bytearray(b"abc"), {"a": 1}, 5, None):
        with pytest.raises(TypeError, match="argument 'value': expected list, got"):
            probe.roundtrip_strs(value)
    with pytest.raises(UnicodeEncodeError) as caught:
        probe.roundtrip_strs(["a", "\ud800"])
    assert caught.value.__notes__ == ["argument 'value': at $[1]"]
    assert probe.roundtrip_str("a\0b\U0001f600") == "a\0b\U0001f600"


def test_enums_of_raw_values() -> None:
    class Paint(enum.Enum):
        RED = "red"

    assert probe.roundtrip_enum("green") == "green"
    assert probe.roundtrip_enum(Paint.RED) == "red"
    with pytest.raises(ValueError, match="'blue' is no Color"):
        probe.roundtrip_enum("blue")


def test_ranges() -> None:
    assert probe.roundtrip_range(range(2, 5)) == probe.roundtrip_closed_range(range(2, 5)) == range(2, 5)
    with pytest.raises(ValueError, match="step 1, got step 2"):
        probe.roundtrip_range(range(0, 4, 2))
    with pytest.raises(ValueError, match="not empty"):
        probe.roundtrip_closed_range(range(3, 3))


def test_a_failure_names_the_place() -> None:
    order = [{"items": [1.0, 2.0]}, {"items": [1.0, "x"]}]
    with pytest.raises(TypeError) as caught:
        probe.roundtrip_nested(order)
    assert str(caught.value) == "argument 'value': at $[1].items[1]: expected float, got str"
    with pytest.raises(TypeError, match=r"^argument 'value': at \$\['a b'\]: expected int, got str$"):
        probe.roundtrip_pairs({"a b": "x"})
    with pytest.raises(TypeError, match=r"^argument 'value': at \$\[5\]: expected str, got int$"):
        probe.roundtrip_pairs({5: 1})
    with pytest.raises(ValueError, match="expected a tuple of two, got one of 3"):
        probe.roundtrip_pair((1, "a", 2))


class Bad:
    """Cannot be converted to a number: fails with an error of its own."""

    def __index__(self) -> int:
        raise ZeroDivisionError("no number")


def references(objects: list) -> list[int]:
    return [sys.getrefcount(o) for o in objects]


@pytest.mark.parametrize("size", [1, 2, 7])
def test_a_bad_element_at_every_place_leaves_nothing_behind(size: int) -> None:
    words = [f"word number {i} of some length" for i in range(size)]
    numbers = [10**6 + i for i in range(size)]
    for bad_at in range(size):
        bad = Bad()
        attempts = [
            (probe.roundtrip_strs, [*words[:bad_at], bad, *words[bad_at + 1 :]], TypeError),
            (probe.roundtrip_ints, [*numbers[:bad_at], bad, *numbers[bad_at + 1 :]], ZeroDivisionError),
            (probe.roundtrip_pairs, {w: bad if i == bad_at else numbers[i] for i, w in enumerate(words)},
             ZeroDivisionError),
            (probe.roundtrip_dict, {bad if i == bad_at else w: numbers[i] for i, w in enumerate(words)}, TypeError),
            (probe.roundtrip_ints, (*numbers[:bad_at], bad, *numbers[bad_at + 1 :]), ZeroDivisionError),
            (probe.roundtrip_set, {*numbers, bad}, ZeroDivisionError),
            (probe.roundtrip_pairs, collections.UserDict(zip(words, [*numbers[:-1], bad], strict=True)),
             ZeroDivisionError),
            (probe.roundtrip_held, [(w, bad if i == bad_at else numbers[i]) for i, w in enumerate(words)],
             ZeroDivisionError),
            (probe.roundtrip_value, {w: [bad] if i == bad_at else [words] for i, w in enumerate(words)},
             ZeroDivisionError),
        ]  # fmt: skip
        for convert, value, error in attempts:
            held = [bad, value, *words, *numbers]
            before = references(held)
            for _ in range(50):
                with pytest.raises(error):
                    convert(value)
            gc.collect()
            assert references(held) == before, convert


def test_conversions_leave_reference_counts_alone() -> None:
    value = {"a": [1, 2.5, ("x" * 30, b"y", {3, 4})], "b": Item("n"), "c": Shade.DARK, "d": Point(1), "e": object()}
    held = [value, *value.values(), Item, Point, Shade]
    probe.roundtrip_value(value)  # classes are remembered
    before = references(held)
    for _ in range(1000):
        probe.roundtrip_value(value)
    assert references(held) == before


def test_cycles_are_found_and_named() -> None:
    value: dict = {"a": [1, {"b": []}]}
    value["a"][1]["b"].append(value["a"])
    with pytest.raises(ValueError, match=r"at \$\.a\[1\]\.b\[0\]: the value contains itself"):
        probe.roundtrip_value(value)
    record = Item("x")
    record.tags.append(record)
    with pytest.raises(ValueError, match=r"at \$\.tags\[0\]: the value contains itself"):
        probe.roundtrip_value(record)


def nest(depth: int) -> list:
    value: list = []
    for _ in range(depth - 1):
        value = [value]
    return value


def depth(value: list) -> int:
    levels = 1
    while value:
        (value,) = value
        levels += 1
    return levels


def test_depth_is_limited_and_the_limit_is_a_parameter() -> None:
    assert depth(probe.roundtrip_value(nest(1000))) == 1000
    with pytest.raises(RecursionError, match=r"at \$(\[0\])+<.* more>(\[0\])+: the value is nested deeper than 1000"):
        probe.roundtrip_value(nest(1001))
    with pytest.raises(RecursionError, match=r"at \$\[0\]\[0\]\[0\]: the value is nested deeper than 3 levels"):
        probe.roundtrip_limited(nest(4), 3)
    assert depth(probe.roundtrip_limited(nest(100_000), 100_000)) == 100_000


def test_size_is_limited() -> None:
    shared: list = ["x" * 100] * 10
    for _ in range(12):
        shared = [shared] * 10
    with pytest.raises(ValueError, match="larger than 1000000 bytes"):
        probe.roundtrip_limited(shared, 100, 1_000_000)
    with pytest.raises(ValueError, match="larger than 10 bytes"):
        probe.roundtrip_limited("x" * 11, 100, 10)


class Meddler:
    """An int that changes the container it stands in while it is converted."""

    def __init__(self, action: object) -> None:
        self.action = action

    def __index__(self) -> int:
        self.action()  # type: ignore[operator]
        return 1


@pytest.mark.parametrize("convert", [probe.roundtrip_ints, probe.roundtrip_value])
def test_a_list_changed_while_it_is_converted_is_refused(convert: object) -> None:
    for action in (list.clear, lambda v: v.append(1), lambda v: v.__delitem__(0)):
        value: list = []
        value += [5, Meddler(lambda v=value, a=action: a(v)), 7]
        with pytest.raises(RuntimeError, match="list changed size during conversion"):
            convert(value)
    nested: list = [[Meddler(lambda: nested.clear()), 2, 3], 4]
    with pytest.raises((RuntimeError, TypeError)):
        convert(nested)


@pytest.mark.parametrize("convert", [probe.roundtrip_pairs, probe.roundtrip_value])
def test_a_dict_changed_while_it_is_converted_is_refused(convert: object) -> None:
    for action in (dict.clear, lambda v: v.update(zip(map(str, range(99)), range(99), strict=True))):
        value: dict = {}
        value |= {"a": 5, "b": Meddler(lambda v=value, a=action: a(v)), "c": 2}
        with pytest.raises(RuntimeError, match="dict changed size during conversion"):
            convert(value)


def test_different_keys_that_become_equal_are_refused() -> None:
    with pytest.raises(ValueError, match="become equal"):
        probe.roundtrip_float_keys({2**53: 1, 2**53 + 1: 2})


def test_a_frozen_dataclass_and_a_subclass_with_state_are_rebuilt_without_their_initialisers() -> None:
    @dataclasses.dataclass
    class Strict:
        n: int
        twice: int = dataclasses.field(init=False)

        def __post_init__(self) -> None:
            self.twice = self.n * 2

    value = Strict(2)
    value.twice = 5
    assert same(probe.roundtrip_value(value), value)
