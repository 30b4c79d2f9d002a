"""What models are told of frames, tables, arrays and lists; batches; many questions side by side."""

import asyncio
import enum
import json
import math
from collections import deque
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy
import pandas
import polars
import pyarrow
import pytest
from model_servers import FaultServer

from opendxa.dana import DanaRuntime, dana, errors

if TYPE_CHECKING:
    from opendxa.dana.types import LanguageModels

ROWS = [{"text": "good", "stars": 5}, {"text": "bad", "stars": 1}]
SHOWN = 'Data:\n{"text":"good","stars":5}\n{"text":"bad","stars":1}'


class Colour(enum.Enum):
    RED = "red"


class Right(enum.Flag):
    READ = enum.auto()


@dataclass
class Item:
    name: str
    on: date


DATA: list[tuple[Any, str]] = [
    (pandas.DataFrame(ROWS), SHOWN),
    (polars.DataFrame(ROWS), SHOWN),
    (polars.DataFrame(ROWS).lazy(), SHOWN),
    (pyarrow.Table.from_pylist(ROWS), SHOWN),
    (ROWS, SHOWN),
    (pandas.Series([1, 2], name="n"), 'Data:\n{"n":1}\n{"n":2}'),
    (pyarrow.array([1, None]), "Data:\n1\nnull"),
    (numpy.array([[1, 2], [3, 4]]), "Data:\n[1,2]\n[3,4]"),
    (numpy.float64(1.5), "Data:\n1.5"),
    ({"a": 1, "b": [True, None]}, "Data:\na: 1\nb: [true,null]"),
    ((1, math.nan), "Data:\n1\nnull"),
    ([Colour.RED, Item("tea", date(2026, 1, 31))], 'Data:\nred\n{"name":"tea","on":"2026-01-31"}'),
    ("only text", "Data:\nonly text"),
    (pandas.DataFrame(ROWS).groupby("text").sum(), 'Data:\n{"text":"bad","stars":1}\n{"text":"good","stars":5}'),
    (pandas.Series([1], index=["a"]), 'Data:\n{"index":"a","0":1}'),
    (pandas.Series([1], index=pandas.MultiIndex.from_tuples([("a", 2)])), 'Data:\n{"level_0":"a","level_1":2,"0":1}'),
    (pandas.date_range("2026-01-31", periods=1, name="on"), 'Data:\n{"on":"2026-01-31T00:00:00"}'),
    (pandas.DataFrame([[1, 2, pandas.NA]], columns=["a", "a", "b"]), 'Data:\n{"a":1,"a (2)":2,"b":null}'),
    (pyarrow.table([[1], [2]], names=["a", "a"]), 'Data:\n{"a":1,"a (2)":2}'),
    (numpy.array(["2026-01-31", "NaT"], dtype="M8[ns]"), "Data:\n2026-01-31T00:00:00\nnull"),
    (numpy.datetime64("2026-01-31", "ns"), "Data:\n2026-01-31T00:00:00"),
    (numpy.array([(1, 2)], dtype=[("a", int), ("b", int)]), 'Data:\n{"a":1,"b":2}'),
    (range(2), "Data:\n0\n1"),
    (deque([1]), "Data:\n1"),
    ({"a": 1}.values(), "Data:\n1"),
    ({Colour.RED: 1}, "Data:\nred: 1"),
    ([Right.READ], "Data:\n1"),
]


def told(models: "LanguageModels", data: object, **options: Any) -> tuple[str, tuple[str, ...]]:
    """What the model is told, and what the asker is."""
    answer = models.get("echo").reason("Q", data=data, **options)
    text = json.loads(answer.text)["messages"][-1]["content"]
    assert text.startswith("Q\n\n")
    return text.removeprefix("Q\n\n"), answer.notes


@pytest.mark.parametrize(("data", "shown"), DATA, ids=[type(data).__name__ for data, _ in DATA])
def test_short_data_is_told_whole(faulty: "LanguageModels", data: object, shown: str) -> None:
    assert told(faulty, data) == (shown, ())


LONG = {"n": list(range(5000)), "word": ["x"] * 5000}


@pytest.mark.parametrize(
    ("data", "summary"),
    [
        (pandas.DataFrame(LONG), "n: int64, from 0 to 4999, mean 2499.5"),
        (polars.DataFrame(LONG), "2499.5"),
        (numpy.arange(5000), "from 0 to 4999, mean 2499.5"),
        (pyarrow.table(LONG), ""),
        (list(range(5000)), ""),
        (range(5000), ""),
        (pandas.DataFrame({"n": [[1]] * 5000}), "n: object"),
        (pandas.DataFrame([[1, 2]] * 5000, columns=["n", "n"]), "n (2): int64, from 2 to 2, mean 2"),
        (pandas.DataFrame({"n": pandas.arrays.IntervalArray.from_breaks(range(5001))}), "5000 different values"),
        (numpy.zeros((5000, 0)), ""),
    ],
    ids=["pandas", "polars", "numpy", "pyarrow", "list", "range", "lists", "same names", "intervals", "nothing"],
)
def test_of_long_data_the_beginning_is_told_and_that_it_is_one(
    faulty: "LanguageModels", data: object, summary: str
) -> None:
    shown, (note,) = told(faulty, data)
    count = int(note.partition(" ")[0])
    assert note == f"{count} of 5000 items shown to the model"
    assert shown.startswith(f"Data (the first {count} of 5000 items):\n")
    assert summary in shown
    assert 5900 < len(shown.encode()) < 6100
    whole, notes = told(faulty, data, max_data=1_000_000)
    assert whole.startswith("Data:\n") and whole.count("\n") == 5000 and notes == ()


def test_programs_are_shown_as_many_rows_as_fit(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    faulty.get("echo")
    public = {"frame": pandas.DataFrame(LONG)}
    with runtime.create_context(allowed_capabilities=["llm"], public=public) as context:
        for most, rows in ((6000, 299), (200_000, 5000)):
            asked = json.loads(context.eval_dana(f"reason('Q', model='echo', data=public:frame, max_data={most})"))
            assert asked["messages"][0]["content"].count('{"n":') == pytest.approx(rows, abs=20)


def test_data_has_bounds() -> None:
    cycle: list[Any] = []
    cycle.append(cycle)
    deep: Any = 1
    wide: Any = 1
    for level in range(101):
        deep = [deep]
        wide = [wide, wide] if level < 60 else wide
    for data, found in (
        (cycle, "a list that contains itself"),
        (deep, "more than 100 levels"),
        (wide, "more than 64 MiB"),
        ({"a": ["x" * 2**20] * 100}, "more than 64 MiB"),
        ((number for number in [1]), "generator, which can be read only once"),
    ):
        with pytest.raises(errors.TypeConversionError, match=f"Expected data that can be written down, got {found}"):
            dana.reason("Q", data=data)


def test_how_much_is_told_can_be_chosen(faulty: "LanguageModels") -> None:
    shown, (note,) = told(faulty, list(range(100)), max_data=20)
    assert note == "10 of 100 items shown to the model"
    assert shown == "Data (the first 10 of 100 items):\n" + "\n".join(map(str, range(10)))


def test_batches_are_asked_each_for_itself(faulty: "LanguageModels") -> None:
    frame = pandas.DataFrame({"n": range(5)})
    extra = {"say": '{"answer": "b"}'}
    answer = faulty.get("say").reason("Q", data=frame, batch_size=2, choices=["a", "b"], extra=extra)
    assert answer.data == ["b", "b", "b"]
    assert answer.notes == ("asked in 3 batches",)
    assert answer.usage.input == 3 * 7


def test_of_no_rows_nothing_is_asked(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    empty: list[Any] = [[], pandas.DataFrame({"n": []}), numpy.zeros(0)]
    for data in empty:
        answer = faulty.get("say").reason("Q", data=data, batch_size=2)
        assert (answer, answer.data, answer.usage.total, answer.notes) == ("", [], 0, ("asked in 0 batches",))
        assert not answer.cached
        assert faulty.get("say").reason("Q", data=data, batch_size=2, returns=int) == []
        with faulty.get("say") as llm:
            assert llm.reason("Q", data=data, batch_size=2, returns=int) == []
    with runtime.create_context(allowed_capabilities=["llm"]) as context:
        assert context.eval_dana("n: list[int] = reason('Q', model='say', data=[], batch_size=2)\nn") == []
    assert "dana_model_requests_total{" not in faulty.metrics


@pytest.fixture
def added(fault_server: FaultServer) -> None:
    """Models of the server for `dana` itself."""
    for name in ("say", "500", "echo"):
        dana.models.add(f"test-{name}", name, base_url=fault_server.base_url)


@pytest.mark.usefixtures("added")
def test_many_answers_come_in_the_order_of_the_questions(capsys: pytest.CaptureFixture[str]) -> None:
    answers = dana.reason_many([f"question {number}" for number in range(20)], model="test-echo", progress=True)
    asked = [json.loads(answer.text)["messages"][-1]["content"] for answer in answers]
    assert asked == [f"question {number}" for number in range(20)]
    assert "20/20" in capsys.readouterr().err
    later = asyncio.run(dana.reason_many_async(iter(["a", "b"]), model="test-echo", concurrency=1))
    assert [json.loads(answer.text)["messages"][-1]["content"] for answer in later] == ["a", "b"]
    assert dana.reason_many([]) == []
    assert capsys.readouterr().err == ""
    numbers = dana.reason_many(["a", "b"], model="test-say", returns=int, extra={"say": '{"answer": 3}'})
    assert numbers == [3, 3]


@pytest.mark.usefixtures("added")
def test_of_many_questions_one_that_fails_says_which() -> None:
    with pytest.raises(errors.LanguageModelError) as caught:
        dana.reason_many(["a", "b"], model="test-500", timeout=0.2)
    assert caught.value.__notes__ == ["at question 0 of 2, counted from 0"]
    with pytest.raises(errors.TypeConversionError, match="Expected string, got int at argument 'prompt'"):
        dana.reason_many(["a", 2], model="test-say")  # type: ignore[list-item]
    with pytest.raises(errors.LanguageModelError, match="tools are not called for several questions at once"):
        dana.reason_many(["a"], model="test-say", tools=[len])


@pytest.mark.usefixtures("engine")
def test_the_embedded_model_and_a_frame() -> None:
    frame = pandas.DataFrame({"text": ["I love it", "I hate it", "Great"]})
    answer = dana.reason("Positive or negative?", data=frame, batch_size=1, choices=["positive", "negative"])
    assert len(answer.data) == 3 and set(answer.data) <= {"positive", "negative"}
    assert answer.notes == ("asked in 3 batches",)
    many = dana.reason_many(["Is 2 even?", "Is 3 even?"], choices=["yes", "no"])
    assert len(many) == 2 and set(many) <= {"yes", "no"}


def test_a_conversation_keeps_its_data(faulty: "LanguageModels") -> None:
    llm = faulty.get("echo")
    llm.chat("Sum?", data=[1, 2])
    told = json.loads(llm.chat("And the mean?").text)["messages"]
    assert told[0] == llm.messages[0] == {"role": "user", "content": "Sum?\n\nData:\n1\n2"}
    assert told[-1]["content"] == "And the mean?"


def test_a_turn_of_a_conversation_may_be_a_value(faulty: "LanguageModels") -> None:
    llm = faulty.get("say")
    assert llm.chat("How many?", returns=int, extra={"say": '{"answer": 3}'}) == 3
    assert llm.messages[-1] == {"role": "assistant", "content": "3"}

    async def main() -> None:
        later = faulty.get_async("say")
        assert await later.chat("How many?", returns=int, extra={"say": '{"answer": 3}'}) == 3
        assert later.messages[-1] == {"role": "assistant", "content": "3"}
        assert await later.embed([]) == []

    asyncio.run(main())
    assert llm.embed([]) == []


def test_calls_of_tools_in_a_conversation_are_read_as_openai_has_them(faulty: "LanguageModels") -> None:
    function = {"name": "add", "arguments": '{"a":1}'}
    message = {"role": "assistant", "content": None, "refusal": None}
    result = {"role": "tool", "content": "1", "tool_call_id": "c"}
    for call in ({"id": "c", "type": "function", "function": function}, {"id": "c", **function}):
        told = faulty.get("echo").chat([{**message, "tool_calls": [call]}, result])
        (sent,) = json.loads(told.text)["messages"][0]["tool_calls"]
        assert sent == {"id": "c", "type": "function", "function": function}
