"""Values across the border: handlers of users' own, and what does not fit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from opendxa.dana import DanaContext, DanaRuntime, DanaType, TypeConverter, dana_function, errors


@dataclass(frozen=True)
class Money:
    cents: int


class MoneyHandler:
    def to_dana(self, value: Money) -> dict[str, int]:
        return {"cents": value.cents}

    def from_dana(self, data: dict[str, int]) -> Money:
        return Money(data["cents"])


class Price(Money):
    pass


@pytest.fixture(autouse=True)
def no_handlers_remain() -> Any:
    yield
    TypeConverter.unregister(Decimal)
    TypeConverter.unregister(Money)


class DecimalHandler:
    def to_dana(self, value: Decimal) -> str:
        return str(value)

    def from_dana(self, data: str) -> Decimal:
        return Decimal(data)


def test_values_of_a_handlers_type_go_in_as_it_says() -> None:
    TypeConverter.register(Decimal, DecimalHandler())
    with DanaRuntime().create_context() as context:
        context.eval_dana("func join(a, b): return a + '/' + b\nfunc identity(value): return value")
        assert context.call("join", Decimal("1.10"), Decimal(2)) == "1.10/2"
        assert context.call("identity", [Decimal(1)]) == ["1"]

        @dana_function("identity", context=context)
        def identity(value: Decimal) -> Decimal: ...  # type: ignore[empty-body]

        assert identity(Decimal("2.50")) == Decimal("2.50")
        TypeConverter.unregister(Decimal)
        value = Decimal(3)
        assert context.call("identity", value) is value


def test_converting_by_hand() -> None:
    TypeConverter.register(Money, MoneyHandler())
    converter = TypeConverter()
    assert converter.to_dana(Price(5)) == (DanaType.DICT, {"cents": 5})
    assert converter.from_dana(DanaType.DICT, {"cents": 5}, Money) == Money(5)
    assert converter.to_dana(True) == (DanaType.BOOL, True)
    assert converter.to_dana(None) == (DanaType.NULL, None)
    assert converter.to_dana(len) == (DanaType.FUNCTION, len)
    assert converter.from_dana(DanaType.FLOAT, 1) == 1
    with pytest.raises(errors.TypeConversionError) as caught:
        converter.from_dana(DanaType.STRING, 1)
    assert str(caught.value) == "Expected string, got int"


def test_handlers_that_do_not_fit() -> None:
    for type_, handler, message in (
        ("Money", MoneyHandler(), "Expected type, got str at argument 'type_'"),
        (int, MoneyHandler(), "int is converted by Dana itself: register a type of your own"),
        (Money, object(), "the handler for Money has no method to_dana(value)"),
    ):
        with pytest.raises(errors.TypeConversionError) as caught:
            TypeConverter.register(type_, handler)  # type: ignore[arg-type]
        assert str(caught.value) == message


TOO_MUCH = {
    "lists of lists": ("x = [1]\nfor i in range(60):\n    x = [x, x]\nx", "is copied out of its context"),
    "tuples of tuples": ("x = (1,)\nfor i in range(60):\n    x = (x, x)\nx", "is copied out of its context"),
    "dicts of dicts": (
        "x = {}\nfor i in range(60):\n    x = {'a': x, 'b': x, 'c': x}\nx",
        "is copied out of its context",
    ),
    "one text many times": ("['a' * 1000000] * 1000", "is copied out of its context"),
    "one text of bytes many times": ("[b'a' * 1000000] * 1000", "is copied out of its context"),
    "one long integer many times": ("[10 ** 100000] * 10000", "is copied out of its context"),
    "slices of slices": ("x = slice(1)\nfor i in range(60):\n    x = slice(x, x)\nx", "is copied out of its context"),
    "sets of tuples of sets": (
        "x = frozenset([1])\nfor i in range(60):\n    x = frozenset([(x, 0), (x, 1)])\nx",
        "is copied out of its context",
    ),
    "keys of tuples of sets": (
        "x = frozenset([1])\nfor i in range(60):\n    x = frozenset([(x, 0), (x, 1)])\n{(x,): 1}",
        "is copied out of its context",
    ),
    "a list in itself": ("x = []\nx.append(x)\nx", "nested more than 200 levels deep, or contains itself"),
    "a dict in itself": ("x = {}\nx['x'] = [x]\nx", "nested more than 200 levels deep, or contains itself"),
    "a deep list": ("x = []\nfor i in range(300):\n    x = [x]\nx", "nested more than 200 levels deep"),
}


@pytest.mark.parametrize("program,message", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_what_would_be_too_much_outside_stays_inside(runtime: DanaRuntime, program: str, message: str) -> None:
    with runtime.create_context(max_memory="50MB") as context:

        @runtime.function("give", overwrite=True)
        def give(value: object) -> object:
            raise AssertionError("it was called")

        with pytest.raises(errors.TypeConversionError, match=message):
            context.eval_dana(program)
        *lines, last = program.splitlines()
        with pytest.raises(TypeError, match=message):
            context.eval_dana("\n".join([*lines, f"give({last})"]))
        assert context.eval_dana("1 + 1") == 2


def test_what_contains_itself_is_refused_on_its_way_in(context: DanaContext) -> None:
    context.eval_dana("func f(x): return 1")
    cyclic: list[Any] = []
    cyclic += [cyclic, cyclic, object()]
    mapping: dict[str, Any] = {}
    mapping.update(a=mapping, b=[mapping], c=context.eval_dana("struct S:\n    a: int\nS(1)"))
    for value in (cyclic, mapping):
        with pytest.raises(errors.TypeConversionError, match="nested more than 200 levels deep, or contains itself"):
            context.call("f", value)


@pytest.mark.parametrize("innermost", [1, object()], ids=["plain", "unknown"])
def test_what_is_shared_on_its_way_in_is_bounded_by_the_memory(runtime: DanaRuntime, innermost: object) -> None:
    shared = [innermost]
    for _ in range(60):
        shared = [shared, shared]
    with runtime.create_context(max_memory="1MB") as context:
        context.eval_dana("func f(x): return 1")
        with pytest.raises(errors.MemoryLimitExceeded):
            context.call("f", shared)


def test_numbers_are_made_plain_within_what_is_shared(context: DanaContext) -> None:
    context.eval_dana("struct S:\n    a: int\nfunc total(x): return x[0][0].a + x[1][0].a + len(x[2])")
    shared = [context.eval_dana("S(2)")]
    assert context.call("total", [shared, shared, [[index] for index in range(1000)]]) == 1004


def test_copying_out_takes_no_longer_than_a_program_may_run(runtime: DanaRuntime) -> None:
    with runtime.create_context(max_memory="1GB", max_execution_time=0.2) as context:
        program = "x = frozenset()\nfor i in range(60):\n    x = frozenset([x, (x,)])\nx"
        with pytest.raises(errors.TypeConversionError, match="takes longer than a program may run in it"):
            context.eval_dana(program)
        assert context.eval_dana("1 + 1") == 2


def test_keys_that_are_nested_come_whole(context: DanaContext) -> None:
    assert context.eval_dana("{((1, 2), 'a'): 1, frozenset([(1, (2,))]): 2}") == {((1, 2), "a"): 1, frozenset([(1, (2,))]): 2}
    assert context.eval_dana("set([((1,), 2), ((1,), 2)])") == {((1,), 2)}


def test_the_fields_of_more_objects_than_any_memory_has_are_refused(
    context: DanaContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opendxa.dana._object._MOST_OBJECTS", 1000)
    pairs = context.eval_dana("struct Pair:\n    a: any\n    b: any\nx = Pair(1, 2)\nfor i in range(60):\n    x = Pair(x, x)\nx")
    with pytest.raises(errors.DanaValueError) as caught:
        pairs.as_dict()
    assert str(caught.value) == (
        "as_dict(): Pair comes to more than 1,000 objects, those that are shared counted each time"
    )
    assert context.eval_dana("Pair(Pair(1, 2), [Pair(3, 4)])").as_dict() == {
        "a": {"a": 1, "b": 2},
        "b": [{"a": 3, "b": 4}],
    }


def test_what_is_shared_comes_each_time(context: DanaContext) -> None:
    assert context.eval_dana("x = [1, 'a']\n[x, (x, x), {'x': x}]") == [[1, "a"], ([1, "a"], [1, "a"]), {"x": [1, "a"]}]
    assert len(context.eval_dana("['a' * 1000] * 10000")) == 10_000


def test_values_that_are_too_deep() -> None:
    value: list[Any] = []
    for _ in range(1000):
        value = [value]
    cyclic: list[Any] = []
    cyclic.append(cyclic)
    with DanaRuntime().create_context() as context:
        context.eval_dana("func identity(value): return value")
        for deep in (value, cyclic):
            with pytest.raises(errors.TypeConversionError) as caught:
                context.call("identity", deep)
            assert str(caught.value) == "a value is nested more than 200 levels deep, or contains itself: flatten it at argument 1"
        with pytest.raises(errors.TypeConversionError, match="a string with lone surrogates cannot be handed to Dana"):
            context.call("identity", "\ud800")


class _Row(NamedTuple):
    price: float
    count: int = 2


class _DerivedRow(_Row):
    pass


def test_items_of_named_tuples_have_their_names(context: DanaContext) -> None:
    context.eval_dana(
        "func read(row): return [row.price, row.count, row[0], row == (1.5, 2), isinstance(row, tuple)]\n"
        "func lacks(row): return row.nothing\nfunc same(row): return row"
    )
    for row in (_Row(1.5), _DerivedRow(1.5)):
        assert context.call("read", row) == [1.5, 2, 1.5, True, True]
    assert context.call("same", _Row(1.5)) == (1.5, 2)
    with pytest.raises(AttributeError, match="'tuple' object has no attribute 'nothing'"):
        context.call("lacks", _Row(1.5))
    with pytest.raises(AttributeError, match="'price'"):
        context.eval_dana("func plain(row): return row.price\nplain((1.5, 2))")
