"""Values across the border: handlers of users' own, and what does not fit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from opendxa.dana import DanaRuntime, DanaType, TypeConverter, dana_function, errors


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
            assert str(caught.value) == "a value is nested more than 200 levels deep, or contains itself: flatten it"
        with pytest.raises(errors.TypeConversionError, match="a string with lone surrogates cannot be handed to Dana"):
            context.call("identity", "\ud800")
