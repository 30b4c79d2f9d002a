"""Answers as values: which schema stands for which type, and what becomes of what a model answers."""

import asyncio
import enum
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, NotRequired, TypedDict

import pytest
from pydantic import BaseModel

from opendxa.dana import dana, errors
from opendxa.dana._answer_form import AnswerForm

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
    [(int, '"three"'), (Review, '{"mood": "odd", "score": 1}'), (Literal["a"], '"b"'), (Person, '{"name": "Ann"}')],
)
def test_an_answer_that_does_not_fit(faulty: "LanguageModels", form: Any, answer: str) -> None:
    with pytest.raises(errors.AnswerError) as caught:
        faulty.get("say").reason("What?", returns=form, extra={"say": wrapped(form, answer)})
    assert isinstance(caught.value, ValueError)
    assert caught.value.code == "schema_mismatch"
    assert answer in (caught.value.body or "")


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


@pytest.mark.parametrize("form", [42, object(), range, "int"])
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
