"""Functions and types of Dana's as `inspect`, `typing` and `isinstance` of Python see them."""

import inspect
import pickle
import typing
import unittest.mock
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaFunction, DanaModule, DanaRuntime, errors

MODULE = """
struct Item:
    size: int = 1
struct Other:
    size: int = 1
enum Color:
    RED
    BLUE
func area(item: Item, scale: float = 1.0, *more: int) -> list[int]:
    return []
func plain(x):
    return x
"""


@pytest.fixture
def context(tmp_path: Path) -> Iterator[DanaContext]:
    (tmp_path / "shapes.na").write_text(MODULE)
    with DanaRuntime().create_context(search_path=[tmp_path]) as context:
        yield context


@pytest.fixture
def module(context: DanaContext) -> DanaModule:
    return context.import_module("shapes")


def test_annotations_are_known(module: DanaModule) -> None:
    assert typing.get_type_hints(module.area) == {"item": Any, "scale": float, "more": int, "return": list[int]}
    assert module.area.__annotations__ == {"item": Any, "scale": float, "more": int, "return": list[int]}
    assert module.plain.__annotations__ == {}
    assert str(inspect.signature(module.area)) == "(item: 'Item', scale: float = 1.0, *more: int) -> list[int]"


def test_a_call_says_what_the_function_takes(module: DanaModule) -> None:
    assert inspect.signature(module.area.__call__) == inspect.signature(module.area)
    assert (module.plain.__call__(2), type(module.plain).__call__(module.plain, 3)) == (2, 3)
    assert "slot wrapper" in repr(DanaFunction.__call__)
    # Calls take their arguments as they come, without a tuple.
    assert DanaFunction.__flags__ & 1 << 11
    spec = unittest.mock.create_autospec(module.plain, return_value=5)
    assert spec(1) == 5
    with pytest.raises(TypeError, match="too many positional arguments"):
        spec(1, 2)


def test_members_of_enums_are_found_and_stay_the_same(context: DanaContext, module: DanaModule) -> None:
    color = module.Color
    assert color.RED is color.RED is next(iter(color)) is module.Color.RED
    assert module.Color is color
    assert context.eval_dana("import shapes\n[shapes.Color.RED, {'k': shapes.Color.RED}]") == [
        color.RED,
        {"k": color.RED},
    ]
    assert context.eval_dana("shapes.Color.BLUE") is color.BLUE is not color.RED
    assert (color["RED"], color(2), color(color.RED)) == (color.RED, color.BLUE, color.RED)
    assert color(1) is color["RED"]
    for name in ("PINK", "name", 1):
        with pytest.raises(KeyError) as missing:
            color[name]
        assert str(missing.value) == repr(name)
    with pytest.raises(ValueError, match="^3 is not a valid Color$"):
        color(3)
    with DanaRuntime().create_context() as other:
        assert other.eval_dana("enum Color:\n    RED\nColor.RED") is not color.RED


def test_isinstance_of_dana_takes_classes_of_python(context: DanaContext) -> None:
    context.eval_dana("func test(x, t): return isinstance(x, t)\nfunc among(x, t): return isinstance(x, (t, int))")
    path = Path()
    assert [context.call("test", value, Path) for value in (path, "a", 1.5)] == [True, False, False]
    assert [context.call("among", value, Path) for value in (path, 1, "a")] == [True, True, False]
    assert context.call("test", 1, (str, int)) is True
    with pytest.raises(TypeError, match="arg 2 must be a type"):
        context.call("test", path, 5)
    for text, message in (
        ("ord(x)", r"ord() does not take objects of the host: give it what they hold"),
        (
            "'{}'.format(x)",
            "str.format() does not take objects of the host: give it what they hold, or use an f-string",
        ),
    ):
        context.eval_dana(f"func refused(x): return {text}")
        with pytest.raises(TypeError) as caught:
            context.call("refused", path)
        assert str(caught.value) == message


class Index:
    def __index__(self) -> int:
        return 3


def test_built_ins_of_numbers_take_what_is_an_index(context: DanaContext) -> None:
    context.eval_dana("func made(x): return [range(x), hex(x), oct(x), bin(x)]")
    assert context.call("made", Index()) == [range(3), "0x3", "0o3", "0b11"]


def test_a_function_names_its_module(module: DanaModule) -> None:
    assert (module.area.__module__, module.Item.__module__) == ("shapes", "shapes")
    assert DanaFunction.__module__ == "opendxa.dana._native"
    assert repr(DanaFunction) == "<class 'opendxa.dana._native.DanaFunction'>"
    assert pickle.loads(pickle.dumps(DanaFunction)) is DanaFunction


def test_the_class_is_no_function() -> None:
    assert not hasattr(DanaFunction, "__signature__")
    assert str(inspect.signature(DanaFunction)) in ("()", "(*args, **kwargs)")


def test_types_have_names(context: DanaContext, module: DanaModule) -> None:
    kinds = context.eval_dana("import shapes\n[HostError, type(len), shapes.Item, len, [1].append]")
    assert [repr(kind) for kind in kinds] == [
        "<Dana type HostError>", "<Dana type function>", "<Dana struct Item of shapes>", "<Dana function len>",
        "<Dana function list.append>",
    ]  # fmt: skip
    assert [kind.name for kind in kinds[:2]] == ["HostError", "function"]
    assert str(inspect.signature(kinds[0])) == "(*args, **kwargs)"
    assert repr(module.area) == "<Dana function area of shapes>"


def test_functions_of_the_hosts_have_names(context: DanaContext) -> None:
    assert repr(context.eval_dana("read_text")) == "<Dana function read_text>"


def test_instances_are_known(context: DanaContext, module: DanaModule) -> None:
    item = module.Item(2)
    assert isinstance(item, module.Item)
    assert not isinstance(item, module.Other)
    assert isinstance(item, (module.Other, module.Item))
    assert not isinstance(5, module.Item)
    assert isinstance(module.Color.RED, module.Color)
    assert not isinstance(item, module.Color)
    assert not isinstance(module.Color, module.Color)
    failed, number, host_error = context.eval_dana("[ValueError, int, HostError]")
    assert isinstance(context.eval_dana("ValueError('x')"), failed)
    assert not isinstance(context.eval_dana("ValueError('x')"), host_error)
    assert isinstance(context.eval_dana("HostError('x')"), host_error)
    assert not isinstance(item, failed) and not isinstance(item, host_error)
    assert isinstance(5, number) and not isinstance("5", number)
    with pytest.raises(TypeError) as caught:
        isinstance(item, module.area)
    assert str(caught.value) == (
        "isinstance() arg 2 must be a type, a tuple of types, or a union: 'area' is a function of Dana's"
    )


def test_an_instance_of_another_context_is_none(tmp_path: Path, module: DanaModule) -> None:
    with DanaRuntime().create_context(search_path=[tmp_path]) as other:
        assert not isinstance(other.import_module("shapes").Item(), module.Item)


def test_a_function_of_pythons_tells_how_it_is_called() -> None:
    with DanaRuntime(shared=False, argument_help=True) as runtime:

        @runtime.function
        def scale(amount: float, factor: float = 2.0) -> float:
            """Scales."""
            return amount * factor

        @runtime.function("told", namespace="kit")
        def told(context: object, amount: int) -> int:
            return amount

        runtime.function("largest")(max)
        with runtime.create_context() as context:
            function = context.function("scale")
            assert str(inspect.signature(function)) == "(amount: float, factor: float = 2.0) -> float"
            assert function.__doc__ == "Scales."
            assert function.__annotations__ == {"amount": float, "factor": float, "return": float}
            inner = context.function("kit.told")
            assert str(inspect.signature(inner)) == "(amount: int) -> int"
            assert inner.__annotations__ == {"amount": int, "return": int}
            assert str(inspect.signature(context.function("largest"))) == "(*args, **kwargs)"
            assert context.call("scale", amout=3) == 6
        known = {function.qualified_name: function for function in runtime.functions}
        assert str(known["scale"].signature) == "(amount: float, factor: float = 2.0) -> float"
        assert known["scale"].documentation == "Scales."
        assert str(known["kit.told"].signature) == "(amount: int) -> int"
        assert known["largest"].signature is None


def test_an_argument_that_cannot_be_handed_over_is_named(context: DanaContext) -> None:
    context.eval_dana("func taking(a, b=1): return a")
    circle: list[Any] = []
    circle.append(circle)
    for call, place in [
        (lambda: context.call("taking", circle), "argument 1"),
        (lambda: context.call("taking", 1, b=circle), "argument 'b'"),
        (lambda: context.function("taking")(1, "\ud800"), "argument 2"),
    ]:
        with pytest.raises(errors.TypeConversionError, match=f" at {place}$"):
            call()
