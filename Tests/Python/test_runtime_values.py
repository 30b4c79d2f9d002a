"""Objects, iterators, modules and results of Dana's as Python uses them."""

import asyncio
import json
import pydoc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest

from opendxa.dana import DanaContext, DanaFunction, DanaModule, DanaObject, DanaRuntime, errors, types

MODULES = Path(__file__).parent / "dana_modules"


@pytest.fixture
def context() -> Iterator[DanaContext]:
    with DanaRuntime().create_context(search_path=[MODULES]) as context:
        yield context


@pytest.fixture
def module(context: DanaContext) -> DanaModule:
    return context.import_module("math_utils")


def test_a_module_shows_what_it_has(module: DanaModule) -> None:
    assert {"PI", "Rectangle", "calculate_area"} <= set(dir(module))
    assert module.PI == 3.14159
    assert module.__name__ == "math_utils"
    assert module.__doc__ == "Areas of things."
    assert module.__file__ == str(MODULES / "math_utils.na")
    assert repr(module) == f"<dana module 'math_utils' from '{MODULES / 'math_utils.na'}'>"
    with pytest.raises(AttributeError) as caught:
        module.no_such
    assert str(caught.value) == "module 'math_utils' has no attribute 'no_such'"
    with pytest.raises(AttributeError) as near:
        module.calculate_aera
    assert near.value.__notes__ == ["did you mean 'calculate_area'?"]


def test_a_module_is_imported_once(context: DanaContext, module: DanaModule) -> None:
    assert context.import_module("math_utils") is module


def test_a_variable_of_a_module_is_set_in_dana(tmp_path: Path) -> None:
    (tmp_path / "rated.na").write_text(
        "RATE = 2\nfunc price(n): return n * RATE\nfunc change(): global RATE; RATE = 5\n", encoding="utf-8"
    )
    with DanaRuntime().create_context(search_path=[tmp_path]) as context:
        module = context.import_module("rated")
        module.RATE = 7
        assert module.price(1) == 7
        module.change()
        assert (module.RATE, module.price(1)) == (5, 5)
        module.price = lambda n: n + 100
        assert module.price(1) == 101
        with pytest.raises(TypeError, match="lone surrogates"):
            module.RATE = "\ud800"
    with pytest.raises(errors.ContextClosedError):
        module.RATE = 1


def test_one_object_of_pythons_is_one_object() -> None:
    def function() -> None:
        pass

    with DanaRuntime().create_context(local={"a": function, "b": function, "c": len}) as context:
        assert context.eval_dana("[a is b, a is not b, a is c, a is null, {a: 1}[b], [a].index(b)]") == [
            True, False, False, False, 1, 0,
        ]  # fmt: skip


def test_a_changed_module_is_reloaded(tmp_path: Path) -> None:
    file = tmp_path / "changing.na"
    file.write_text("func version(): return 1\n", encoding="utf-8")
    with DanaRuntime().create_context(search_path=[tmp_path]) as context:
        module = context.import_module("changing")
        assert module.version() == 1
        file.write_text("func version(): return 2\n", encoding="utf-8")
        assert context.reload(module).version() == 2
        assert context.import_module("changing").version() == 2


def test_a_module_that_there_is_not(context: DanaContext) -> None:
    with pytest.raises(ModuleNotFoundError) as caught:
        context.import_module("no_such_module")
    assert str(caught.value).startswith("No module named 'no_such_module' (looked for ")
    assert caught.value.name == "no_such_module"


def test_help_explains_modules_and_functions(module: DanaModule) -> None:
    text = pydoc.plain(pydoc.render_doc(module))
    assert "Areas of things." in text
    assert "calculate_area(width: float, height: float = 1) -> float" in text
    assert "The area of a rectangle." in pydoc.plain(pydoc.render_doc(module.calculate_area))


def test_results_of_a_module_have_conversions(module: DanaModule) -> None:
    area = module.calculate_area(2, 3.5)
    assert (area, type(area)) == (7.0, types.DanaFloat)
    assert area.as_int() == 7
    assert module.identity("12").as_int() == 12
    assert module.identity("1.5").as_float() == 1.5
    assert module.identity(5).as_str() == "5"
    assert module.identity([]).as_bool() is False
    assert module.identity((1, 2)).as_list() == [1, 2]
    assert module.identity({"a": 1}).as_dict() == {"a": 1}
    assert module.identity(None) is None
    assert module.identity(True) is True
    assert json.dumps(module.identity({"a": [1, "b"]})) == '{"a": [1, "b"]}'


CONVERSIONS = [
    ("text", "as_int", "Expected int, got str 'text'"),
    (1.5, "as_int", "Expected int, got float 1.5"),
    ([1], "as_float", "Expected float, got list [1]"),
    (3, "as_list", "Expected list, got int 3"),
    ([1], "as_dict", "Expected dict, got list [1]"),
]


@pytest.mark.parametrize(("value", "conversion", "message"), CONVERSIONS)
def test_conversions_that_do_not_fit(module: DanaModule, value: Any, conversion: str, message: str) -> None:
    with pytest.raises(errors.TypeConversionError) as caught:
        getattr(module.identity(value), conversion)()
    assert str(caught.value) == message


def test_calls_elsewhere_give_plain_values(context: DanaContext) -> None:
    assert type(context.call("math_utils.calculate_area", 2.0, 3)) is float


def test_a_struct_is_an_object(module: DanaModule) -> None:
    made = module.rectangle(2.0, 3.0)
    assert isinstance(made, DanaObject)
    assert (made.width, made.height, made.area()) == (2.0, 3.0, 6.0)
    made.width = 5.0
    assert made.area() == 15.0
    assert repr(made) == "Rectangle(width=5.0, height=3.0)"
    assert {"width", "height", "area", "as_dict"} <= set(dir(made))
    assert made == module.rectangle(5.0, 3.0)
    assert made != module.rectangle(5.0, 4.0)
    assert made != 5
    assert made.as_dict() == {"width": 5.0, "height": 3.0}
    assert made._repr_html_() == (
        "<table><caption>Rectangle</caption><tr><th>width</th><td>5.0</td></tr>"
        "<tr><th>height</th><td>3.0</td></tr></table>"
    )
    with pytest.raises(TypeError, match="unhashable type: 'Rectangle'"):
        hash(made)
    with pytest.raises(AttributeError, match="'Rectangle' object has no attribute 'depth'") as caught:
        made.depth
    assert not hasattr(caught.value, "__notes__")
    with pytest.raises(AttributeError) as near:
        made.widht
    assert near.value.__notes__ == ["did you mean 'width'?"]
    with pytest.raises(TypeError, match="field 'width' must be float, got str"):
        made.width = "wide"


def test_structs_are_made_from_python(module: DanaModule) -> None:
    made = module.Rectangle(2.0, height=4.0)
    assert made.area() == 8.0
    assert isinstance(module.Rectangle, DanaFunction)


def test_objects_go_back_as_what_they_are(module: DanaModule) -> None:
    made = module.rectangle(2.0, 3.0)
    assert module.identity(made) == made
    (again,) = module.identity([made])
    assert again == made
    assert module.apply(lambda rectangle: rectangle.width, made) == 2.0


def test_fields_within_fields(context: DanaContext) -> None:
    context.eval_dana("struct Node:\n    value: any\n    rest: any = null")
    assert context.eval_dana("Node(1, [Node(2)])").as_dict() == {
        "value": 1,
        "rest": [{"value": 2, "rest": None}],
    }
    with pytest.raises(errors.DanaValueError) as caught:
        context.eval_dana("n = Node(1)\nn.rest = n\nn").as_dict()
    assert str(caught.value) == "as_dict(): Node contains itself or is nested too deep"


def test_enums(module: DanaModule) -> None:
    assert repr(module.Color.RED) == "Color.RED"
    assert (module.Color.RED.name, module.Color.GREEN.value) == ("RED", 2)
    assert module.Color.RED == module.Color.RED
    assert module.Color.RED != module.Color.GREEN
    assert {module.Color.RED: 1}[module.Color.RED] == 1
    with pytest.raises(AttributeError, match="enum 'Color' has no member 'GREN'") as caught:
        module.Color.GREN
    assert caught.value.__notes__ == ["did you mean 'GREEN'?"]
    assert list(module.Color) == module.Color.as_list() == [module.Color.RED, module.Color.GREEN]


def test_objects_have_conversions(module: DanaModule) -> None:
    made = module.rectangle(2.0, 3.0)
    assert isinstance(made, types.DanaResult)
    assert (made.as_str(), made.as_bool()) == ("Rectangle(width=2.0, height=3.0)", True)
    assert module.Color.RED.as_str() == "Color.RED"
    assert module.count_to(3).as_list() == [0, 1, 2]
    with pytest.raises(errors.TypeConversionError) as caught:
        made.as_int()
    assert str(caught.value) == "Expected int, got Rectangle Rectangle(width=2.0, height=3.0)"
    with pytest.raises(errors.TypeConversionError, match="Expected list, got Rectangle"):
        made.as_list()


def test_vars_has_the_fields(module: DanaModule) -> None:
    made = module.rectangle(2.0, 3.0)
    assert vars(made) == {"width": 2.0, "height": 3.0}
    assert json.dumps({"made": made}, default=vars) == '{"made": {"width": 2.0, "height": 3.0}}'
    assert vars(module.Color.RED) == {"name": "RED", "value": 1}
    assert vars(module.Color) == {"RED": module.Color.RED, "GREEN": module.Color.GREEN}
    with pytest.raises(TypeError):
        vars(module.count_to(3))


def test_generators_are_iterators(module: DanaModule) -> None:
    assert list(module.count_to(4)) == [0, 1, 2, 3]
    counting = module.count_to(2)
    assert iter(counting) is counting
    assert (next(counting), next(counting)) == (0, 1)
    with pytest.raises(StopIteration):
        next(counting)
    with pytest.raises(TypeError):
        iter(module.rectangle(1.0, 1.0))


def test_generators_are_asynchronous_iterators(module: DanaModule) -> None:
    async def collected() -> list[Any]:
        stream: AsyncIterator[Any] = module.count_to(5)
        return [item async for item in stream]

    assert asyncio.run(collected()) == [0, 1, 2, 3, 4]


def test_pythons_generators_are_iterated_in_dana(context: DanaContext) -> None:
    def numbers() -> Iterator[int]:
        yield from (1, 2, 3)

    context.eval_dana("func total(items): return sum(items)")
    assert context.call("total", numbers()) == 6


def inner(value: Any) -> Any:
    """The first thing in containers that is none, or a frozenset."""
    while isinstance(value, list | tuple | set | dict):
        value = value["k"] if isinstance(value, dict) and "k" in value else next(iter(value))
    return value


def test_a_frozenset_stays_one_whatever_it_holds(context: DanaContext) -> None:
    context.eval_dana("enum Colour:\n    RED\n    GREEN\ns = frozenset([Colour.RED, 2])")
    found = context.eval_dana("s")
    assert type(found) is frozenset
    assert {type(item) for item in found} == {DanaObject, int}
    for text in ("[s]", "(s,)", "{'k': s}", "{s: 1}", "{s}", "frozenset([s])", "[(s, {'k': [s]})]"):
        outer = context.eval_dana(text)
        assert type(inner(outer)) is frozenset
    assert type(context.eval_dana("{Colour.RED}")) is set


def test_ranges_and_slices_are_python_s_own(context: DanaContext) -> None:
    context.eval_dana("func same(x): return x\nfunc total(xs):\n    t = 0\n    for x in xs:\n        t += x\n    return t")
    for value in (range(3), range(5, -5, -3), range(0)):
        assert context.call("same", value) == value
        assert context.call("total", value) == sum(value)
    context.eval_dana("func part(xs, s): return [xs[s], s.start]")
    for value in (slice(2), slice(numpy.int64(0), numpy.int64(2)), slice(None, None, -1)):
        assert context.call("same", value) == value
        assert context.call("part", [1, 2, 3], value) == [[1, 2, 3][value], value.start]
    found = context.call("same", slice("a", context, [1]))
    assert (found.start, found.stop, found.step) == ("a", context, [1])
    wide = range(0, 2**70, 2**69)
    assert context.call("same", wide) is wide
    assert context.call("total", wide) == 2**69


class Counted:
    """Counts what is taken of it."""

    def __init__(self, count: int) -> None:
        self.left = count

    def __iter__(self) -> "Counted":
        return self

    def __next__(self) -> int:
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        return self.left


def test_loops_take_from_iterators_item_by_item(context: DanaContext) -> None:
    context.eval_dana("func first(xs):\n    for x in xs:\n        return x")
    counted = Counted(1000)
    assert context.call("first", counted) == 999
    assert counted.left == 999
    lazy = (number for number in range(10))
    assert context.call("first", lazy) == 0
    assert next(lazy) == 1


def test_loops_over_views_take_many_items_at_once() -> None:
    numbers = {number: -number for number in range(1000)}
    with DanaRuntime().create_context(max_host_calls=20) as context:
        context.eval_dana(
            "func total(xs):\n    t = 0\n    for x in xs:\n        t += x\n    return t\n"
            "func pairs(xs): return [a + b for a, b in xs]\n"
        )
        assert context.call("total", numbers.values()) == -sum(range(1000))
        assert context.call("pairs", numbers.items()) == [0] * 1000
    with DanaRuntime().create_context() as context:
        context.eval_dana(
            "func nested(xs): return sum([x * y for x in xs for y in xs if x < 2 and y < 2])\n"
            "func every(xs): return [x for x in xs]\n"
        )
        assert context.call("nested", {0: 0, 1: 1, 2: 2}.keys()) == 1
        assert context.call("every", {}.keys()) == []
        mixed = {"a": [1], "b": DanaRuntime}
        assert context.call("every", mixed.values()) == [[1], DanaRuntime]


def test_what_is_left_of_a_closed_context_says_so() -> None:
    with DanaRuntime().create_context() as context:
        made = context.eval_dana("struct S:\n    a: int\nS(1)")
    assert repr(made) == "<S of a closed context>"


def test_a_text_with_half_a_character_is_no_program() -> None:
    with DanaRuntime().create_context() as context:
        for name in (None, "named"):
            with pytest.raises(errors.DanaSyntaxError, match="Unicode without lone surrogates"):
                context.eval_dana("x = '\ud800'", name=name)
        assert context.eval_dana("1 + 1") == 2


def test_sets_of_a_module_print_as_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "sets.na").write_text("func some(): return {1}\nfunc frozen(): return frozenset([1])")
    with DanaRuntime().create_context(search_path=[tmp_path]) as context:
        module = context.import_module("sets")
        assert f"{module.some()} {module.frozen()!r} {module.some().as_str()}" == "{1} frozenset({1}) {1}"


def test_fields_cannot_be_deleted(tmp_path: Path) -> None:
    (tmp_path / "points.na").write_text("struct P:\n    x: int\n", encoding="utf-8")
    with DanaRuntime().create_context(search_path=[tmp_path]) as context:
        point = context.import_module("points").P(1)
        with pytest.raises(AttributeError, match="^attribute 'x' of 'P' object cannot be deleted$"):
            del point.x
        with pytest.raises(AttributeError, match="^'P' object has no attribute 'y'$"):
            del point.y
