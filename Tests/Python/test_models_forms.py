"""Answers as values: which schema stands for which type, and what becomes of what a model answers."""

import asyncio
import enum
from dataclasses import InitVar, dataclass, field
from datetime import date
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Generic,
    List,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    TypedDict,
    TypeVar,
)

import pandas
import pytest
from model_servers import FaultServer
from pydantic import BaseModel, ConfigDict, Field

from opendxa.dana import dana, errors
from opendxa.dana._answer_form import AnswerForm
from opendxa.dana._question import asked, conversation

if TYPE_CHECKING:
    from opendxa.dana.types import LanguageModels


class Mood(enum.Enum):
    GOOD = "good"
    BAD = "bad"


@dataclass
class Review:
    """What somebody thinks."""

    mood: Mood
    score: int
    words: list[str] = field(default_factory=list)


class Place(TypedDict):
    name: str
    height: NotRequired[float]


class Point(NamedTuple):
    x: int
    y: int = 0


class Person(BaseModel):
    name: str
    age: int


@dataclass
class Tree:
    value: int
    children: list["Tree"] = field(default_factory=list)


@dataclass
class Cat:
    kind: Literal["cat"]
    name: str = ""


@dataclass
class Dog:
    kind: Literal["dog"]
    name: str = ""


class Valley(TypedDict):
    name: str
    depth: int


class Employee(BaseModel):
    name: str
    age: int
    boss: str


class Strict(BaseModel):
    model_config = ConfigDict(strict=True)
    on: date


class Shape(enum.Enum):
    SQUARE = (1, 1)


ANSWERS: list[tuple[Any, str, Any]] = [
    (bool, "true", True),
    (int, "42", 42),
    (float, "2", 2.0),
    (str, '"text"', "text"),
    (date, '"2026-01-31"', date(2026, 1, 31)),
    (Literal["a", "b"], '"b"', "b"),
    (Mood, '"good"', Mood.GOOD),
    (list[int], "[1, 2]", [1, 2]),
    (tuple[int, str], '[1, "a"]', (1, "a")),
    (tuple[int, ...], "[1, 2]", (1, 2)),
    (set[str], '["a", "a"]', {"a"}),
    (dict[str, float], '{"a": 1}', {"a": 1.0}),
    (int | None, "null", None),
    (int | None, "3", 3),
    (list[Mood], '["bad", "good"]', [Mood.BAD, Mood.GOOD]),
    (Review, '{"mood": "bad", "score": 2, "words": ["no"]}', Review(Mood.BAD, 2, ["no"])),
    (Review, '{"mood": "bad", "score": 2}', Review(Mood.BAD, 2)),
    (Place, '{"name": "Rigi", "height": 1797.8}', Place(name="Rigi", height=1797.8)),
    (Place, '{"name": "Rigi"}', Place(name="Rigi")),
    (Point, '{"x": 1}', Point(1)),
    (list[Point], '[{"x": 1, "y": 2}]', [Point(1, 2)]),
    (Person, '{"name": "Ann", "age": 3}', Person(name="Ann", age=3)),
    (list[Person], '[{"name": "Ann", "age": 3}]', [Person(name="Ann", age=3)]),
    (Tree, '{"value": 1, "children": [{"value": 2}]}', Tree(1, [Tree(2)])),
    (int, "3.0", 3),
    (list[int], "[3.0]", [3]),
    (dict[int, str], '{"1": "a"}', {1: "a"}),
    (dict[Mood, date], '{"good": "2026-01-31"}', {Mood.GOOD: date(2026, 1, 31)}),
    (Literal[Mood.BAD, 1], '"bad"', Mood.BAD),
    (Shape, '"SQUARE"', Shape.SQUARE),
    (List, "[1]", [1]),  # noqa: UP006
    (Strict, '{"on": "2026-01-31"}', Strict(on=date(2026, 1, 31))),
    (Annotated[int, Field(le=5)], "5", 5),
    (Cat | Dog, '{"kind": "dog", "name": "Rex"}', Dog("dog", "Rex")),
    (Review | Cat | Dog, '{"kind": "cat"}', Cat("cat")),
    (Place | Valley, '{"name": "Rhone", "depth": 3}', Valley(name="Rhone", depth=3)),
    (Person | Employee, '{"name": "Ann", "age": 3, "boss": "Bob"}', Employee(name="Ann", age=3, boss="Bob")),
    (list[str] | str, '"abc"', "abc"),
    (list[str] | dict, '{"a": 1}', {"a": 1}),
    (dict | list, "[1]", [1]),
    (float | int, "3", 3),
    (date | str, '"tomorrow"', "tomorrow"),
]


def wrapped(form: Any, answer: str) -> str:
    """What a provider sends: its schemas are of objects, other forms come in one as `answer`."""
    return answer if AnswerForm(form).schema.get("type") == "object" else f'{{"answer": {answer}}}'


@pytest.mark.parametrize(("form", "answer", "value"), ANSWERS)
def test_an_answer_becomes_a_value(faulty: "LanguageModels", form: Any, answer: str, value: Any) -> None:
    made: Any = faulty.get("say").reason("What?", returns=form, extra={"say": wrapped(form, answer)})
    assert made == value
    assert type(made) is type(value)


def test_a_json_schema_gives_plain_data(faulty: "LanguageModels") -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    for options in ({"returns": schema}, {"options": {"schema": schema}}):
        made = faulty.get("say").reason("What?", extra={"say": '{"n": 3}'}, **options)
        assert made.data == {"n": 3}
        assert made == '{"n": 3}'


@pytest.mark.parametrize(
    ("form", "answer"),
    [
        (int, '"three"'),
        (Review, '{"mood": "odd", "score": 1}'),
        (Literal["a"], '"b"'),
        (Person, '{"name": "Ann"}'),
        (date, '"tomorrow"'),
        (dict[int, str], '{"one": "a"}'),
        (Annotated[int, Field(le=5)], "9"),
        (Annotated[str, Field(pattern="^[a-z]$")], '"AB"'),
    ],
)
def test_an_answer_that_does_not_fit(faulty: "LanguageModels", form: Any, answer: str) -> None:
    with pytest.raises(errors.AnswerError) as caught:
        faulty.get("say").reason("What?", returns=form, extra={"say": wrapped(form, answer)})
    assert isinstance(caught.value, ValueError)
    assert caught.value.code == "schema_mismatch"
    assert answer.strip('"') in (caught.value.body or "")


def test_what_only_the_type_finds_wrong_is_asked_for_again(faulty: "LanguageModels") -> None:
    class Word(BaseModel):
        text: str = Field(pattern="^[a-z]+$")

    said = {"say": [wrapped(date, '"tomorrow"'), wrapped(date, '"2026-01-31"')]}
    assert faulty.get("say").reason("When?", returns=date, extra=said) == date(2026, 1, 31)
    assert asyncio.run(faulty.get_async("say").reason("When?", returns=date, extra=said)) == date(2026, 1, 31)
    words = {"say": ['{"text": "A"}', '{"text": "a"}']}
    assert faulty.get("say").reason("Which?", returns=Word, data=[1], extra=words) == Word(text="a")


def test_what_is_asked_again_is_the_question_with_its_data() -> None:
    options = {"data": [1, 2, 3], "batch_size": 2, "tools": [wrapped], "timeout": 5}
    question = asked("Q", options, {}, date)
    messages = [
        {"role": "user", "content": "Q\n\nData:\n3"},
        {"role": "assistant", "content": "then"},
        {"role": "user", "content": "This answer does not have the right form: no date. Give it in the right one."},
    ]
    assert question.again(1, "then", "no date", spent=2) == {
        "options": {"timeout": 3},
        "schema": {"type": "string", "format": "date"},
        "messages": messages,
    }
    frame = asked("Q", {"data": pandas.DataFrame({"n": [1, 2, 3]}), "batch_size": 2}, {}, date)
    assert frame.again(1, "then", "no date")["messages"][0]["content"] == 'Q\n\nData:\n{"n":3}'
    alone = conversation([{"role": "system", "content": "S"}], {"data": [1]}, {}, date).again(None, "then", "no date")
    assert alone["messages"] == [
        {"role": "system", "content": "S"},
        {"role": "user", "content": "Data:\n1"},
        *messages[1:],
    ]


def test_a_faulty_schema_is_refused(faulty: "LanguageModels") -> None:
    llm = faulty.get("say")
    with pytest.raises(errors.DanaValueError, match="option 'schema' is no JSON Schema at #/type: objekt is no type"):
        llm.reason("Hello?", schema={"type": "objekt"})
    assert llm.statistics["lent"] == 0


def test_batches_give_a_value_each(faulty: "LanguageModels") -> None:
    def ask(form: Any, answer: Any) -> Any:
        return faulty.get("say").reason("Q", data=[1, 2, 3], batch_size=1, returns=form, extra={"say": answer})

    assert ask(Review, '{"mood": "bad", "score": 2}') == [Review(Mood.BAD, 2)] * 3
    assert ask(int, '{"answer": 2}') == [2, 2, 2]
    assert ask(date, ['{"answer": "then"}', '{"answer": "2026-01-31"}']) == [date(2026, 1, 31)] * 3
    with pytest.raises(errors.AnswerError, match="the answer does not fit what was asked for") as caught:
        ask(date, '{"answer": "then"}')
    assert caught.value.__notes__ == ["at batch 0 of 3, counted from 0"]


def test_of_many_answers_those_that_do_not_fit_are_asked_for_again(fault_server: FaultServer) -> None:
    dana.models.add("test-say", "say", base_url=fault_server.base_url)
    said = {"say": ['{"answer": "then"}', '{"answer": "2026-01-31"}']}
    assert dana.reason_many(["a", "b"], model="test-say", returns=date, extra=said) == [date(2026, 1, 31)] * 2
    later = dana.reason_many_async(["a", "b"], model="test-say", returns=date, extra=said)
    assert asyncio.run(later) == [date(2026, 1, 31)] * 2
    with pytest.raises(errors.AnswerError) as caught:
        dana.reason_many(["a", "b"], model="test-say", returns=date, extra={"say": '{"answer": "then"}'})
    assert caught.value.__notes__ == ["at question 0 of 2, counted from 0"]


def test_records_of_the_same_name_are_told_apart(faulty: "LanguageModels") -> None:
    class Bill(BaseModel):
        class Item(BaseModel):
            price: int

        items: list[Item]

    class Menu(BaseModel):
        class Item(BaseModel):
            dish: str

        items: list[Item]

    @dataclass
    class Evening:
        menu: Menu
        bill: Bill

    answer = '{"menu": {"items": [{"dish": "soup"}]}, "bill": {"items": [{"price": 3}]}}'
    evening = faulty.get("say").reason("What?", returns=Evening, extra={"say": answer})
    assert evening == Evening(Menu(items=[Menu.Item(dish="soup")]), Bill(items=[Bill.Item(price=3)]))
    assert set(AnswerForm(Evening).schema["$defs"]) == {"Item", "Item2"}
    assert set(AnswerForm(tuple[Menu, Menu]).schema["$defs"]) == {"Item"}
    assert set(AnswerForm(tuple[Tree, Tree]).schema["$defs"]) == {"Tree"}


def test_what_a_model_is_told_of_a_class() -> None:
    assert AnswerForm(Review).schema == {
        "type": "object",
        "title": "Review",
        "description": "What somebody thinks.",
        "properties": {
            "mood": {"enum": ["good", "bad"]},
            "score": {"type": "integer"},
            "words": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["mood", "score"],
        "additionalProperties": False,
    }
    assert AnswerForm(Annotated[int, "how many"]).schema == {"type": "integer", "description": "how many"}
    assert AnswerForm(Tree).schema["properties"]["children"]["items"] == {"$ref": "#/$defs/Tree"}


@pytest.mark.parametrize("other", [{"choices": ["a"]}, {"schema": {"type": "string"}}], ids=["choices", "schema"])
def test_an_answer_has_one_form(faulty: "LanguageModels", other: dict[str, Any]) -> None:
    (name,) = other
    with pytest.raises(errors.DanaValueError, match=f"give either 'returns' or '{name}', not both"):
        faulty.get("say").reason("What?", returns=int, **other)
    with pytest.raises(errors.DanaValueError, match=f"give either 'returns' or '{name}', not both"):
        faulty.get("say").chat("What?", {"returns": int, **other})


@pytest.mark.parametrize("form", [42, object(), range, "int", Literal[b"a"]])
def test_what_is_no_form_is_refused(form: Any) -> None:
    with pytest.raises(errors.TypeConversionError, match="at argument 'returns'"):
        dana.reason("What?", returns=form)


@pytest.mark.usefixtures("engine")
class TestTheEmbeddedModel:
    """Keeps to the form, whatever it thinks."""

    def test_yes_or_no(self) -> None:
        assert isinstance(dana.reason("Is the sky blue?", returns=bool), bool)

    def test_an_enum(self) -> None:
        assert isinstance(dana.reason("'I love it': good or bad?", returns=Mood), Mood)

    def test_a_dataclass(self) -> None:
        @dataclass
        class Verdict:
            mood: Literal["good", "bad"]
            score: int

        verdict = dana.reason("Review: 'Terrible, it broke.' Give the mood and a score of 1 to 10.", returns=Verdict)
        assert isinstance(verdict, Verdict)
        assert verdict.mood in ("good", "bad") and isinstance(verdict.score, int)

    def test_optional_in_a_coroutine(self) -> None:
        number = asyncio.run(dana.reason_async("How many legs has a dog?", returns=int | None))
        assert number is None or isinstance(number, int)


X = TypeVar("X")
Stars = NewType("Stars", int)


@dataclass
class Box(Generic[X]):
    value: X
    inner: "Box[X] | None" = None


@dataclass
class Made:
    a: int
    b: InitVar[int]
    c: InitVar[int] = 3
    sum: int = field(init=False)

    def __post_init__(self, b: int, c: int) -> None:
        self.sum = self.a + b + c


def test_what_only_post_init_gets_is_asked_for() -> None:
    form = AnswerForm(Made)
    assert list(form.schema["properties"]) == ["a", "b", "c"]
    assert form.schema["required"] == ["a", "b"]
    assert form.build({"a": 1, "b": 2}).sum == 6


def test_generic_classes_have_the_form_of_their_arguments() -> None:
    form = AnswerForm(Box[list[Box[Stars]]])
    made = form.build({"value": [{"value": 1, "inner": {"value": 2}}]})
    assert made == Box([Box(1, Box(2))])
    with pytest.raises(ValueError, match="fits none of the forms"):
        form.build({"value": [{"value": 1, "inner": {"value": "two"}}]})
    assert AnswerForm(Box[str]).schema["properties"]["value"] == {"type": "string"}
    assert AnswerForm(Box).schema["properties"]["value"] == {}


def test_a_new_type_has_the_form_of_its_type_and_no_items_are_a_form() -> None:
    assert AnswerForm(Stars).schema == {"type": "integer"}
    empty = AnswerForm(tuple[()])
    assert empty.schema == {"type": "array", "minItems": 0, "maxItems": 0}
    assert empty.build([]) == ()


def test_a_name_in_quotes_is_no_type() -> None:
    with pytest.raises(errors.TypeConversionError, match="give the class, not its name"):
        AnswerForm(list["Box"])  # type: ignore[type-arg]
