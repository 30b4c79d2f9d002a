"""Functions that models may call: of Python's, coroutines, and of programs'."""

import asyncio
import enum
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pytest
from pydantic import BaseModel

from opendxa.dana import DanaRuntime, dana, errors

if TYPE_CHECKING:
    from opendxa.dana.types import LanguageModels


def weather(city: str, unit: Literal["C", "F"] = "C") -> str:
    """The weather in a city."""
    return f"25 {unit} in {city}"


def read(file: Path) -> str:
    return file.read_text()


async def later(city: str) -> dict[str, int]:
    """The weather in a city, later."""
    await asyncio.sleep(0)
    return {city: 25}


def script(*steps: Any) -> dict[str, Any]:
    """What the model says at each step; a list of tools and arguments calls them."""
    return {"say": list(steps)}


CALL = [["weather", {"city": "Paris"}]]


def test_a_tool_is_called_with_what_the_model_wants(faulty: "LanguageModels") -> None:
    calls: list[str] = []

    def noted(city: str, unit: Literal["C", "F"] = "C") -> str:
        """The weather in a city."""
        calls.append(city)
        return weather(city, unit)

    noted.__name__ = "weather"
    answer = faulty.get("say").reason("Paris?", tools=[noted], extra=script(CALL, "It is warm."))
    assert answer == "It is warm."
    assert calls == ["Paris"]
    assert answer.usage.input == 14

    async def main() -> None:
        model = faulty.get_async("say")
        both = [["weather", {"city": "Paris"}], ["later", {"city": "Rome"}]]
        assert await model.reason("?", tools=[noted, later], extra=script(both, "Both are warm.")) == "Both are warm."

    asyncio.run(main())
    assert calls == ["Paris", "Paris"]


def test_a_thread_calls_coroutines_too(faulty: "LanguageModels") -> None:
    answer = faulty.get("say").reason("?", tools=[later], extra=script([["later", {"city": "Rome"}]], "Warm."))
    assert answer == "Warm."


def test_what_a_model_is_told_of_tools(faulty: "LanguageModels") -> None:
    request = json.loads(faulty.get("echo").reason("Paris?", tools=[weather, later]).text)
    tools = {tool["function"]["name"]: tool["function"] for tool in request["tools"]}
    assert tools["weather"]["description"] == "The weather in a city."
    assert tools["weather"]["parameters"] == {
        "type": "object",
        "properties": {"city": {"type": "string"}, "unit": {"enum": ["C", "F"]}},
        "required": ["city"],
        "additionalProperties": False,
    }
    assert set(tools) == {"weather", "later"}


def test_errors_of_tools_are_told_to_the_model(faulty: "LanguageModels") -> None:
    """The server's model says what the last message was where it is told to."""

    def fails(city: str) -> str:
        raise LookupError(f"no city {city}")

    async def fails_later(city: str) -> str:
        raise LookupError(f"no city {city}")

    for tool in (fails, fails_later):
        steps = script([[tool.__name__, {"city": "Atlantis"}]], None)
        answer = faulty.get("say").reason("?", tools=[tool], extra=steps)
        assert answer == "error: LookupError: no city Atlantis"
        later = asyncio.run(faulty.get_async("say").reason("?", tools=[tool], extra=steps))
        assert later == "error: LookupError: no city Atlantis"


class City(NamedTuple):
    name: str
    founded: date


class Unit(enum.Enum):
    CELSIUS = "C"


class Wish(BaseModel):
    days: int


def test_arguments_are_what_the_annotations_say(faulty: "LanguageModels") -> None:
    def forecast(city: City, unit: Unit, /, wish: Wish, dates: list[date] = []) -> str:  # noqa: B006
        return repr((city, unit, wish, dates))

    rome = City("Rome", date(753, 4, 21))
    arguments = {"city": {"name": "Rome", "founded": "0753-04-21"}, "unit": "C", "wish": {"days": 3}}
    for more, dates in (({}, []), ({"dates": ["2026-01-31"]}, [date(2026, 1, 31)])):
        steps = script([["forecast", {**arguments, **more}]], None)
        answer = faulty.get("say").reason("?", tools=[forecast], extra=steps)
        assert answer == repr((rome, Unit.CELSIUS, Wish(days=3), dates))
    wrong = {**arguments, "city": {"name": "Rome", "founded": "long ago"}}
    answer = faulty.get("say").reason("?", tools=[forecast], extra=script([["forecast", wrong]], None))
    assert answer == "error: ValueError: Invalid isoformat string: 'long ago'"


@pytest.mark.parametrize("written", ["{", "[1]", "1", ""])
def test_what_is_no_object_of_arguments_is_an_error(written: str) -> None:
    with DanaRuntime().create_context() as context:
        context.eval_dana("func f(x: int): return x")
        with pytest.raises(ValueError, match="expected an object of arguments in JSON: ") as caught:
            context.function("f").tool_arguments(written)
        assert isinstance(caught.value, errors.DanaError)
        assert context.function("f").tool_arguments('{"x": 1}') == {"x": 1}


def test_parameters_by_position_alone_may_be_left_out(faulty: "LanguageModels") -> None:
    def numbers(first: int = 1, second: int = 2, /, third: int = 3) -> str:
        return f"{first} {second} {third}"

    for arguments, told in (({}, "1 2 3"), ({"second": 5}, "1 5 3"), ({"first": 4, "third": 6}, "4 2 6")):
        answer = faulty.get("say").reason("?", tools=[numbers], extra=script([["numbers", arguments]], None))
        assert answer == told


def test_calls_that_make_no_sense_call_nothing(faulty: "LanguageModels") -> None:
    calls: list[str] = []

    def weather(city: str) -> str:
        calls.append(city)
        return city

    wrong = [["nothing", {}], ["weather", {"town": 3}], ["weather", {"city": 3}]]
    assert faulty.get("say").reason("?", tools=[weather], extra=script(wrong, "Sorry.")) == "Sorry."
    assert calls == []


def test_a_model_that_goes_on_asking_is_stopped(faulty: "LanguageModels") -> None:
    with pytest.raises(errors.AnswerError) as caught:
        faulty.get("say").reason("?", tools=[weather], max_steps=3, extra=script(*[CALL] * 9))
    assert caught.value.code == "tool_limit_reached"
    assert faulty.get("say").statistics["leased"] == 0


def test_a_model_calls_tools_so_often_as_it_may(faulty: "LanguageModels") -> None:
    for most in (1, 2):
        answer = faulty.get("say").reason("?", tools=[weather], max_steps=most, extra=script(*[CALL] * most, "Warm."))
        assert answer == "Warm."
        with pytest.raises(errors.AnswerError) as caught:
            faulty.get("say").reason("?", tools=[weather], max_steps=most, extra=script(*[CALL] * (most + 1)))
        assert str(caught.value) == (
            f"compatible/say: the model still asks for tools (weather) after {most} step{'s' if most > 1 else ''}: raise "
            "'max_steps', or say in the request when it is to answer"
        )


def test_of_a_long_result_the_beginning_is_told_and_that_it_is_one(faulty: "LanguageModels") -> None:
    def numbers(count: int) -> range:
        return range(count)

    short, long = (
        faulty.get("say").reason("?", tools=[numbers], extra=script([["numbers", {"count": count}]], None))
        for count in (1000, 10**6)
    )
    assert json.loads(short) == list(range(1000))
    told, note = long.split("\n")
    shown = len(json.loads(told))
    assert note == f"The first {shown} of 1000000 items" and 10_000 < shown < 10**6


def test_a_value_after_tools(faulty: "LanguageModels") -> None:
    steps = script(CALL, "It is 25.", '{"answer": 25}')
    assert faulty.get("say").reason("?", tools=[weather], returns=int, extra=steps) == 25


def test_a_cancelled_tool_ends_the_call(faulty: "LanguageModels") -> None:
    async def main() -> None:
        began = asyncio.Event()

        async def waits() -> None:
            began.set()
            await asyncio.Event().wait()

        model = faulty.get_async("say")
        task = asyncio.create_task(model.reason("?", tools=[waits], extra=script([["waits", {}]], "Done.")))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert model.statistics["leased"] == 0

    asyncio.run(main())


@pytest.mark.parametrize(
    ("tools", "message"),
    [
        ([weather, weather], "two tools have the name 'weather' at option 'tools'"),
        ([42], "Expected a function, got int at option 'tools'"),
        ([max], "'max' does not say which parameters it has, at option 'tools': give a function that calls it"),
        ([lambda: 1], "has no name by which a model could call it, at option 'tools'"),
        ([read], "Path has no form that a model could be asked for, at parameter 'file' of the tool 'read'"),
    ],
)
def test_what_is_no_tool(tools: list[Any], message: str) -> None:
    with pytest.raises(errors.DanaError, match=message):
        dana.reason("?", tools=tools)


def test_functions_of_dana_are_tools_in_python(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    with runtime.create_context() as context:
        context.eval_dana('func weather(city: str):\n    "The weather."\n    public:asked = city\n    return 25')
        tool = context.function("weather")
        request = json.loads(faulty.get("echo").reason("?", tools=[tool]).text)
        assert request["tools"][0]["function"]["parameters"]["properties"] == {"city": {"type": "string"}}
        assert faulty.get("say").reason("?", tools=[tool], extra=script(CALL, "Warm.")) == "Warm."
        assert context.public["asked"] == "Paris"


def test_functions_of_programs_are_tools_in_programs(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    faulty.get("say")
    program = """
func weather(city: str):
    "The weather."
    public:asked = city
    return 25
reason("?", model="say", tools=[weather, public:from_python], extra={"say": [public:calls, "Warm."]})
"""

    def from_python(city: str) -> str:
        """Of Python's."""
        return f"sunny in {city}"

    calls = [["weather", {"city": "Paris"}], ["from_python", {"city": "Rome"}]]
    public = {"calls": calls, "from_python": from_python}
    with runtime.create_context(allowed_capabilities=["llm"], public=public) as context:
        assert context.eval_dana(program) == "Warm."
        assert context.public["asked"] == "Paris"


STOPS = """
enum Colour:
    RED
    BLUE
struct Place:
    name: str
    at: list[float]
func travel(to: list[Place], /, by: Colour, days: int = 2):
    return [to[0].name, to[1].at[0], by == Colour.RED, days]
"""
TRAVEL = {"to": [{"name": "Rome", "at": []}, {"name": "Bonn", "at": [7]}], "by": "RED"}


def test_arguments_for_functions_of_dana_are_what_they_declare(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    faulty.get("say")
    with runtime.create_context(allowed_capabilities=["llm"], public={"calls": [["travel", TRAVEL]]}) as context:
        told = 'reason("?", model="say", tools=[travel], extra={"say": [public:calls, null]})'
        assert json.loads(context.eval_dana(f"{STOPS}{told}")) == ["Rome", 7.0, True, 2]
        tool = context.function("travel")
        answer = faulty.get("say").reason("?", tools=[tool], extra=script([["travel", TRAVEL]], None))
        assert json.loads(answer) == ["Rome", 7.0, True, 2]
        parameters = json.loads(faulty.get("echo").reason("?", tools=[tool]))["tools"][0]["function"]["parameters"]
        assert parameters["required"] == ["to", "by"]
        assert parameters["properties"]["to"]["items"]["title"] == "Place"
        wrong = {**TRAVEL, "by": "GREEN"}
        answer = faulty.get("say").reason("?", tools=[tool], extra=script([["travel", wrong]], None))
        assert answer.startswith("error: the arguments of travel do not fit: at $.by")


def test_arguments_for_functions_of_python_in_programs_are_what_the_annotations_say(
    faulty: "LanguageModels", runtime: DanaRuntime
) -> None:
    faulty.get("say")
    rome = City("Rome", date(753, 4, 21))

    def forecast(city: City, unit: Unit, /, wish: Wish) -> str:
        return repr((city, unit, wish))

    async def forecast_later(city: City) -> City:
        return city

    runtime.function(forecast)
    city = {"name": "Rome", "founded": "0753-04-21"}
    calls = [["forecast", {"city": city, "unit": "C", "wish": {"days": 3}}]]
    public = {"calls": calls, "later": [["forecast_later", {"city": city}]], "forecast_later": forecast_later}
    with runtime.create_context(allowed_capabilities=["llm"], public=public) as context:
        ask = "reason('?', model='say', tools=[{}], extra={{'say': [public:{}, null]}})"
        assert context.eval_dana(ask.format("forecast", "calls")) == repr((rome, Unit.CELSIUS, Wish(days=3)))
        later = context.eval_dana(ask.format("public:forecast_later", "later"))
        assert json.loads(later) == ["Rome", "0753-04-21"]


@pytest.mark.usefixtures("engine")
def test_the_embedded_model_calls_tools() -> None:
    calls: list[str] = []

    def temperature(city: Literal["Paris", "Rome"]) -> str:
        """The temperature in a city."""
        calls.append(city)
        return "25 degrees"

    answer = dana.reason("How warm is it in Paris? Use the tool temperature.", tools=[temperature], max_tokens=100)
    assert answer.finish_reason in ("stop", "length")
    assert set(calls) <= {"Paris", "Rome"}


def test_tools_are_refused_where_nobody_calls_them(faulty: "LanguageModels") -> None:
    with (
        faulty.get("say") as llm,
        pytest.raises(errors.LanguageModelError, match="tools are not called while an answer streams"),
    ):
        list(llm.stream("?", tools=[weather]))
    with pytest.raises(errors.LanguageModelError, match="the option 'model' names 'other', but this is 'say'"):
        faulty.get("say").reason("?", model="other")


def test_what_is_no_unicode_is_told_with_replacements(faulty: "LanguageModels") -> None:
    name = b"name-\xff".decode("utf-8", "surrogateescape")

    def plain() -> str:
        return name

    def inside() -> list[str]:
        return [name]

    def fails() -> str:
        raise ValueError(name)

    for tool, told in ((plain, "name-\ufffd"), (inside, '["name-\ufffd"]'), (fails, "error: ValueError: name-\ufffd")):
        assert faulty.get("say").reason("?", tools=[tool], extra=script([[tool.__name__, {}]], None)) == told


def test_what_can_be_read_only_once_is_refused(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    async def later() -> Any:
        yield 1

    def items() -> Any:
        yield 1

    for tool in (later, items):
        told = faulty.get("say").reason("?", tools=[tool], extra=script([[tool.__name__, {}]], None))
        assert told.startswith("error: TypeConversionError: ") and "which can be read only once" in told
    with runtime.create_context(allowed_capabilities=["llm"]) as context:
        program = 'func t():\n    yield 1\nreason("?", model="say", tools=[t], extra={"say": [[["t", {}]], null]})'
        told = context.eval_dana(program)
        assert told.startswith("error: TypeError: ") and "got generator, which can be read only once" in told
