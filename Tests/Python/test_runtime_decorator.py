"""`dana_function`: Dana functions behind Python's signatures, measured against their annotations."""

import asyncio
import enum
import inspect
from collections.abc import Iterator, Set
from dataclasses import InitVar, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, NotRequired, TypedDict

import pydantic
import pytest

from opendxa.dana import DanaContext, DanaRuntime, dana_function, errors

MODULES = Path(__file__).parent / "dana_modules"


@pytest.fixture
def context() -> Iterator[DanaContext]:
    with DanaRuntime().create_context(search_path=[MODULES]) as context:
        yield context


def test_a_function_calls_dana(context: DanaContext) -> None:
    @dana_function("analytics.add", context=context)
    def add(a: int, b: int = 5) -> int:  # type: ignore[empty-body]
        """Adds."""

    assert add(1, 2) == 3
    assert add(b=1, a=1) == 2
    assert add(2) == 7
    assert (add.__name__, add.__doc__, str(inspect.signature(add))) == ("add", "Adds.", "(a: int, b: int = 5) -> int")
    with pytest.raises(TypeError) as caught:
        add("one")  # type: ignore[arg-type]
    assert str(caught.value) == "Expected int, got string at argument 'a'"
    with pytest.raises(TypeError, match="missing a required argument: 'a'"):
        add()  # type: ignore[call-arg]


def test_arguments_go_by_the_names_of_danas_parameters(context: DanaContext) -> None:
    context.eval_dana("func power(base, exp=2, *more, **named): return [base ** exp, more, named]")

    @dana_function("power", context=context)
    def power(exp: int, base: int) -> list[Any]: ...  # type: ignore[empty-body]

    @dana_function("power", context=context)
    def square(base: int, exp: int = ...) -> list[Any]: ...  # type: ignore[assignment, empty-body]

    @dana_function("power", context=context)
    def other(x: int, y: int = 4) -> list[Any]: ...  # type: ignore[empty-body]

    @dana_function("power", context=context)
    def rest(base: int, exp: int, *more: int, **named: int) -> list[Any]: ...  # type: ignore[empty-body]

    assert power(exp=3, base=2) == power(3, 2) == [8, (), {}]
    assert square(3) == [9, (), {}]
    assert square(3, 3) == square(exp=3, base=3) == [27, (), {}]
    assert other(2) == [16, (), {}]
    assert rest(2, 3, 4, 5, a=6) == [8, (4, 5), {"a": 6}]


def test_methods_keep_their_own_object(context: DanaContext) -> None:
    class Sums:
        @dana_function("analytics.add", context=context)
        def add(self, a: int, b: int = 1) -> int: ...  # type: ignore[empty-body]

        @staticmethod
        @dana_function("analytics.add", context=context)
        def plain(a: int, b: int) -> int: ...  # type: ignore[empty-body]

        @classmethod
        @dana_function("analytics.add", context=context)
        def of_class(cls, a: int, b: int) -> int: ...  # type: ignore[empty-body]

    assert (Sums().add(1), Sums().add(1, b=4), Sums.plain(1, 2), Sums.of_class(1, 2)) == (2, 5, 3, 3)


def test_types_that_only_type_checkers_know_are_left_out(context: DanaContext) -> None:
    def echo(value: Any, count: int = 1) -> Any: ...

    echo.__annotations__ = {"value": "NoSuchType", "count": "int", "return": "NoSuchType"}
    context.eval_dana("func twice(value, count): return [value, count]")
    function = dana_function("twice", context=context)(echo)
    assert function("a") == ["a", 1]
    with pytest.raises(TypeError, match="Expected int, got string at argument 'count'"):
        function("a", "b")


def test_a_coroutine_function_awaits_dana(context: DanaContext) -> None:
    @dana_function("analytics.echo", context=lambda: context)
    async def echo(value: str) -> str: ...  # type: ignore[empty-body]

    assert inspect.iscoroutinefunction(echo)
    assert asyncio.run(echo("back")) == "back"


@dataclass
class Point:
    """A place."""

    x: int
    y: int = 0


@dataclass
class Shifted:
    x: int
    by: InitVar[int] = 0

    def __post_init__(self, by: int) -> None:
        self.x += by


class Row(TypedDict):
    name: str
    tags: NotRequired[list[str]]


class Pair(NamedTuple):
    left: int
    right: str = "b"


class Model(pydantic.BaseModel):
    name: str
    tags: list[str] = []


class Shade(enum.Enum):
    DARK = "dark"
    LIGHT = "light"


FITTING: list[tuple[Any, Any, Any]] = [
    (int, 1, 1),
    (float, 1, 1.0),
    (str, "a", "a"),
    (None, None, None),
    (int | None, None, None),
    (list[int], [1, 2], [1, 2]),
    (dict[str, list[float]], {"a": [1.5]}, {"a": [1.5]}),
    (tuple[int, str], (1, "a"), (1, "a")),
    (tuple[int, ...], (1, 2, 3), (1, 2, 3)),
    (set[int], {1}, {1}),
    (frozenset[int], frozenset({1}), frozenset({1})),
    (Set[int], frozenset({1}), frozenset({1})),
    (Literal["a", "b"], "a", "a"),
    (Annotated[int, "positive"], 3, 3),
    (Any, [object], [object]),
    (Point, {"x": 1}, Point(1)),
    (Shifted, {"x": 1, "by": 2}, Shifted(3)),
    (list[Point], [{"x": 1, "y": 2}], [Point(1, 2)]),
    (Row, {"name": "n", "tags": ["t"]}, {"name": "n", "tags": ["t"]}),
    (Shade, "dark", Shade.DARK),
    (Pair, (1, "a"), Pair(1, "a")),
    (Pair, {"left": 1}, Pair(1)),
    (Model, {"name": "n", "tags": ["t"]}, Model(name="n", tags=["t"])),
    (list[Model], [{"name": "n"}], [Model(name="n")]),
    (object, 1, 1),
]


@pytest.mark.parametrize(("annotation", "value", "expected"), FITTING, ids=lambda value: str(value)[:40])
def test_results_that_fit(context: DanaContext, annotation: Any, value: Any, expected: Any) -> None:
    def echo(value: Any) -> Any: ...

    echo.__annotations__["return"] = annotation
    result = dana_function("analytics.echo", context=context)(echo)(value)
    assert result == expected
    assert type(result) is type(expected)


REFUSED: list[tuple[Any, Any, str]] = [
    (int, "a", "Expected int, got string at the result of 'analytics.echo'"),
    (int, True, "Expected int, got bool at the result of 'analytics.echo'"),
    (dict, [1], "Expected dict, got list at the result of 'analytics.echo'"),
    (None, 1, "Expected None, got int at the result of 'analytics.echo'"),
    (int | None, "a", "Expected int | None, got string at the result of 'analytics.echo'"),
    (list[int], [1, "b"], "Expected int, got string at the result of 'analytics.echo'[1]"),
    (dict[str, int], {"k": None}, "Expected int, got None at the result of 'analytics.echo'['k']"),
    (tuple[int, str], (1,), "Expected tuple[int, string], got 1 elements at the result of 'analytics.echo'"),
    (Literal["a", "b"], "c", "Expected 'a' or 'b', got string at the result of 'analytics.echo'"),
    (
        Point,
        {"y": 1},
        "Expected Point at the result of 'analytics.echo': "
        "Point.__init__() missing 1 required positional argument: 'x'",
    ),
    (Point, {"x": "a"}, "Expected int, got string at the result of 'analytics.echo'.x"),
    (Point, {"x": 1, "z": 1}, "Expected Point, got the unknown field 'z' at the result of 'analytics.echo'"),
    (Pair, (1, 2), "Expected string, got int at the result of 'analytics.echo'.right"),
    (Pair, (1, "a", 3), "Expected Pair, got tuple at the result of 'analytics.echo'"),
    (Row, {}, "Expected Row with key 'name', got none at the result of 'analytics.echo'"),
    (Row, {"name": 1}, "Expected string, got int at the result of 'analytics.echo'['name']"),
    (Row, {"name": "a", "x": 1}, "Expected Row, got the unknown key 'x' at the result of 'analytics.echo'"),
    (frozenset[int], {1}, "Expected frozenset[int], got set at the result of 'analytics.echo'"),
    (set[int], frozenset({1}), "Expected set[int], got frozenset at the result of 'analytics.echo'"),
    (Shade, "grey", "Expected Shade ('dark', 'light'), got 'grey' at the result of 'analytics.echo'"),
]


@pytest.mark.parametrize(("annotation", "value", "message"), REFUSED, ids=lambda value: str(value)[:40])
def test_results_that_do_not_fit(context: DanaContext, annotation: Any, value: Any, message: str) -> None:
    def echo(value: Any) -> Any: ...

    echo.__annotations__["return"] = annotation
    with pytest.raises(errors.TypeConversionError) as caught:
        dana_function("analytics.echo", context=context)(echo)(value)
    assert str(caught.value) == message


@dataclass
class Deep(Point):
    z: int = 9


def test_records_are_measured_and_stay_what_they_are(context: DanaContext) -> None:
    @dana_function("analytics.echo", context=context)
    def echo(value: Point) -> Point: ...  # type: ignore[empty-body]

    @dana_function("analytics.echo", context=context)
    def echoes(value: list[Point]) -> list[Point]: ...  # type: ignore[empty-body]

    @dana_function("moved", context=context)
    def moved(point: Point) -> int: ...  # type: ignore[empty-body]

    context.eval_dana("func moved(point):\n    point.x += 1\n    return point.x + point.y")
    for point in (Point(1, 2), Deep(1)):
        assert echo(point) is point
        assert echoes([point])[0] is point
    point = Point(1, 2)
    assert (moved(point), point.x) == (4, 2)
    with pytest.raises(TypeError) as caught:
        echo({"x": 1})  # type: ignore[arg-type]
    assert str(caught.value) == "Expected Point, got dict at argument 'value'"
    with pytest.raises(TypeError) as caught:
        echo(Point("a"))  # type: ignore[arg-type]
    assert str(caught.value) == "Expected int, got string at argument 'value'.x"


def test_a_frozenset_goes_in_as_one(context: DanaContext) -> None:
    @dana_function("analytics.echo", context=context)
    def echo(value: frozenset[int]) -> frozenset[int]: ...  # type: ignore[empty-body]

    assert type(echo(frozenset({1, 2}))) is frozenset


class Color(enum.Enum):
    RED = 1
    BLUE = 2


@dataclass
class Paint:
    color: Color
    more: list[Color | None]


class PaintRow(TypedDict):
    color: Color


class PaintPair(NamedTuple):
    color: Color


class PaintModel(pydantic.BaseModel):
    color: Color
    more: list[Color | None] = []
    by_name: dict[str, Color] = {}
    inner: Paint | None = None


PAINTS = """
enum Color:
    BLUE
    RED
    GREEN
struct Paint:
    color: Color
    more: list = []
struct Row:
    color: Color
struct Model:
    color: Color
    more: list = []
    by_name: dict = {}
    inner: any = null
"""
PAINTED: list[tuple[str, Any, Any]] = [
    ("Color.RED", Color, Color.RED),
    ("Color.RED", Color | None, Color.RED),
    ("[Color.RED, Color.BLUE]", list[Color], [Color.RED, Color.BLUE]),
    ("Paint(Color.RED, [Color.BLUE, null])", Paint, Paint(Color.RED, [Color.BLUE, None])),
    ("Row(Color.RED)", PaintRow, {"color": Color.RED}),
    ("Row(Color.RED)", PaintPair, PaintPair(Color.RED)),
    ("{'color': Color.RED}", Paint | PaintRow, {"color": Color.RED}),
    (
        "Model(Color.RED, [Color.BLUE, null], {'a': Color.RED}, Paint(Color.BLUE))",
        PaintModel,
        PaintModel(
            color=Color.RED, more=[Color.BLUE, None], by_name={"a": Color.RED}, inner=Paint(Color.BLUE, [])
        ),
    ),
]


@pytest.mark.parametrize(("text", "annotation", "expected"), PAINTED)
def test_members_of_enums_come_by_their_names(
    context: DanaContext, text: str, annotation: Any, expected: Any
) -> None:
    def made() -> Any: ...

    made.__annotations__["return"] = annotation
    context.eval_dana(f"{PAINTS}\nfunc made():\n    return {text}")
    assert dana_function("made", context=context)(made)() == expected


def test_a_member_that_there_is_not(context: DanaContext) -> None:
    @dana_function("made", context=context)
    def made() -> Color: ...  # type: ignore[empty-body]

    context.eval_dana(f"{PAINTS}\nfunc made():\n    return Color.GREEN")
    with pytest.raises(errors.TypeConversionError) as caught:
        made()
    assert str(caught.value) == "Expected Color (RED, BLUE), got Color.GREEN at the result of 'made'"


def test_an_objects_type_is_named(context: DanaContext) -> None:
    @dana_function("made", context=context)
    def made() -> int: ...  # type: ignore[empty-body]

    context.eval_dana(f"{PAINTS}\nfunc made():\n    return Row(Color.RED)")
    with pytest.raises(TypeError, match="Expected int, got Row at the result of 'made'"):
        made()


def test_a_name_is_needed() -> None:
    with pytest.raises(TypeError) as caught:
        dana_function(lambda: None)  # type: ignore[arg-type]
    assert str(caught.value) == (
        "Expected string, got function at argument 'name': write @dana_function('module.function')"
    )
    with pytest.raises(TypeError) as other:
        dana_function("f", context=5)  # type: ignore[arg-type]
    assert str(other.value) == "Expected DanaContext or a function that gives one, got int at argument 'context'"


def test_a_function_that_there_is_not(context: DanaContext) -> None:
    @dana_function("analytics.no_such", context=context)
    def missing() -> int: ...  # type: ignore[empty-body]

    with pytest.raises(NameError) as caught:
        missing()
    assert "no_such" in str(caught.value)


def test_arguments_that_do_not_fit_name_the_function(context: DanaContext) -> None:
    @dana_function("len", context=context)
    def size(x: list[int]) -> int: ...  # type: ignore[empty-body]

    for call, message in (
        (lambda: size(), "size(): missing a required argument: 'x'"),  # type: ignore[call-arg]
        (lambda: size([], 2), "size(): too many positional arguments"),  # type: ignore[call-arg]
    ):
        with pytest.raises(errors.TypeConversionError) as caught:
            call()
        assert str(caught.value) == message
