"""Asking the embedded model: every way to ask, conversations, places in its pool."""

import asyncio
import contextlib
import gc
import time
import warnings
from collections.abc import Callable

import pytest

from opendxa.dana import DanaRuntime, dana, errors
from opendxa.dana.types import ReasoningResult

pytestmark = pytest.mark.usefixtures("engine")

CHOICES = ["positive", "negative"]


def test_an_answer_is_text_that_knows_more() -> None:
    answer = dana.reason("Say hi.", {"max_tokens": 3})
    assert type(answer) is ReasoningResult
    assert isinstance(answer, str)
    assert answer == answer.text == answer.data != ""
    assert answer.model == "embedded/smollm2-135m-instruct"
    assert answer.answered_by == "smollm2-135m-instruct"
    assert answer.finish_reason == "length"
    assert answer.usage.output == 3 and answer.usage.input > 5
    assert answer.usage.total == answer.usage.input + answer.usage.output
    assert answer.timing.first_token is not None
    assert 0 <= answer.timing.queued <= answer.timing.first_token <= answer.timing.total
    assert len(answer.trace_id) == 32
    assert answer.notes == ()


def test_the_same_at_temperature_nought() -> None:
    first, second = (dana.reason("Name a colour.", max_tokens=4, temperature=0, seed=1) for _ in range(2))
    assert first == second
    assert first.trace_id != second.trace_id


def test_one_of_some_choices() -> None:
    answer = dana.reason("Is 'I love this phone' positive or negative?", choices=CHOICES)
    assert answer in CHOICES
    assert answer.data == answer.text


def test_asking_in_a_coroutine() -> None:
    async def main() -> list[ReasoningResult]:
        return await asyncio.gather(*(dana.reason_async("Say hi.", max_tokens=2) for _ in range(4)))

    answers = asyncio.run(main())
    assert [answer.usage.output for answer in answers] == [2] * 4
    assert len({answer.trace_id for answer in answers}) == 4


def test_an_event_loop_goes_on_while_a_model_answers() -> None:
    async def main() -> int:
        task = asyncio.create_task(dana.reason_async("Tell a story.", max_tokens=8))
        turns = 0
        while not task.done():
            turns += 1
            await asyncio.sleep(0)
        await task
        return turns

    assert asyncio.run(main()) > 20


def test_getting_a_model_waits_for_nothing(runtime: DanaRuntime) -> None:
    """The process is not even ready to tell its number when the model is there already."""
    llm = runtime.models.get()
    assert (llm.name, llm.model) == ("embedded", "embedded/smollm2-135m-instruct")
    assert llm.statistics["lent"] == 0
    begun = set(runtime.models.processes)
    assert llm.reason("Say hi.", max_tokens=1).usage.output == 1
    (process,) = runtime.models.processes
    assert begun <= {process}
    assert llm.statistics["leased"] == 0


def test_a_conversation_is_kept() -> None:
    llm = dana.get_llm()
    first = llm.chat("My name is Bob.", max_tokens=3)
    second = llm.chat("What is my name?", max_tokens=3)
    assert second.usage.input > first.usage.input + 5
    assert llm.messages == [
        {"role": "user", "content": "My name is Bob."},
        {"role": "assistant", "content": first.text},
        {"role": "user", "content": "What is my name?"},
        {"role": "assistant", "content": second.text},
    ]
    alone = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi."}]
    assert llm.chat(alone, max_tokens=2).usage.output == 2
    assert len(llm.messages) == 4


def test_a_with_keeps_a_place() -> None:
    with dana.get_llm() as llm:
        assert llm.statistics["leased"] == 1
        assert repr(llm) == "<LanguageModel embedded/smollm2-135m-instruct lent>"
        assert llm.generate("Once upon a time", max_tokens=2).usage.output == 2
        assert llm.reason("Is the sky blue?", choices=["yes", "no"]) in ("yes", "no")
        assert llm.statistics["leased"] == 1
    assert llm.statistics["leased"] == 0
    assert llm.generate("Once upon a time", max_tokens=1).usage.output == 1

    async def main() -> None:
        async with dana.get_llm_async() as llm:
            assert llm.statistics["leased"] == 1
            assert (await llm.reason("Say hi.", {"max_tokens": 2})).usage.output == 2
            assert (await llm.generate("Once", max_tokens=1)).usage.output == 1
            await llm.chat("Hello.", max_tokens=1)
            assert [message["role"] for message in llm.messages] == ["user", "assistant"]
        assert llm.statistics["leased"] == 0

    asyncio.run(main())


def test_the_place_comes_back_after_an_exception() -> None:
    llm = dana.get_llm()
    with pytest.raises(KeyError), llm:
        raise KeyError
    assert llm.statistics["leased"] == 0


def test_who_waits_too_long_for_a_place(runtime: DanaRuntime) -> None:
    models = runtime.models
    with contextlib.ExitStack() as holders:
        for _ in range(models.get().statistics["limit"]):
            holders.enter_context(models.get())
        with pytest.raises(errors.ModelTimeoutError), models.get(timeout=0.01):
            pass
        with pytest.raises(errors.ModelTimeoutError):
            models.get().reason("Say hi.", timeout=0.01)
        assert models.get().statistics["timed_out"] == 2
    assert models.get().reason("Say hi.", max_tokens=1).usage.output == 1


def test_a_forgotten_place_is_given_back_with_a_warning() -> None:
    def forget() -> None:
        dana.get_llm().acquire()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        forget()
        gc.collect()
    (warning,) = (warning for warning in caught if warning.category is ResourceWarning)
    assert "the language model 'embedded' lent at" in str(warning.message)
    assert "test_models_asking.py" in str(warning.message)
    assert dana.get_llm().statistics["leased"] == 0


def test_releasing_twice_is_releasing_once() -> None:
    llm = dana.get_llm().acquire()
    llm.release()
    llm.release()
    assert llm.statistics["leased"] == 0


def test_a_synchronous_call_on_a_running_loop_is_refused() -> None:
    async def main() -> None:
        llm = dana.get_llm()
        messages: list[tuple[Callable[[], object], str, str]] = [
            (lambda: dana.reason("Say hi."), "reason()", "reason_async()"),
            (lambda: dana.reason_many(["Say hi."]), "reason_many()", "reason_many_async()"),
            (lambda: llm.reason("Say hi."), "reason()", "get_llm_async().reason()"),
            (lambda: llm.generate("Say hi."), "generate()", "get_llm_async().generate()"),
            (lambda: llm.generate("Say hi.", tools=[tool]), "generate()", "get_llm_async().generate()"),
            (lambda: llm.chat("Say hi."), "chat()", "get_llm_async().chat()"),
            (lambda: llm.stream("Say hi."), "stream()", "the pieces of get_llm_async().stream()"),
            (lambda: llm.embed(["Say hi."]), "embed()", "get_llm_async().embed()"),
            (lambda: llm.count_tokens("Say hi."), "count_tokens()", "get_llm_async().count_tokens()"),
        ]
        for call, name, instead in messages:
            with pytest.raises(RuntimeError) as caught:
                call()
            assert str(caught.value) == (
                f"{name} would block this thread's running event loop: await {instead} instead"
            )

    def tool() -> str:
        return "hi"

    asyncio.run(main())
    assert dana.get_llm().statistics["leased"] == 0


def test_cancelling_a_task_gives_the_place_back() -> None:
    llm = dana.get_llm()

    async def main() -> None:
        stream = dana.get_llm_async().stream("Write a long story.", max_tokens=400)
        await anext(stream)
        task = asyncio.create_task(dana.reason_async("Write a long story.", max_tokens=400))
        while llm.statistics["leased"] < 2:
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert llm.statistics["leased"] == 1
        await stream.aclose()

    begun = time.monotonic()
    asyncio.run(main())
    assert llm.statistics["leased"] == 0
    assert dana.reason("Say hi.", max_tokens=1).usage.output == 1
    assert time.monotonic() - begun < 60  # 800 tokens would have been asked for


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        (5, TypeError, "Expected dict, got int at argument 'options'"),
        ({"max_tokenz": 5}, ValueError, "there is no option 'max_tokenz': did you mean 'max_tokens'?"),
        ({"max_tokens": "x"}, TypeError, "Expected int, got string at option 'max_tokens'"),
        ({"temperature": 9.0}, ValueError, "option 'temperature' must be from 0.0 to 2.0, got 9.0"),
        ({"mode": "odd"}, ValueError, "option 'mode' must be one of brief, detailed, steps, bullets, precise"),
        ({"choices": []}, ValueError, "option 'choices' must have at least one choice"),
        ({1: 2}, TypeError, "Expected string, got int as a key of argument 'options'"),
        ({"tools": "reason"}, TypeError, "Expected a list of functions at option 'tools'"),
        ({"priority": "urgent"}, ValueError, "option 'priority' must be one of low, normal, high, got 'urgent'"),
    ],
)
def test_options_that_make_no_sense(options: object, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        dana.reason("Say hi.", options)  # type: ignore[call-overload]
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        (lambda: dana.reason("x", temprature=1), errors.DanaValueError, "no option 'temprature': did you mean 'temperature'?"),
        (lambda: dana.reason("x", nonsense=1), errors.DanaValueError, "there is no option 'nonsense'; there are: batch_size"),
        (lambda: dana.reason_many("abc"), TypeError, "Expected an iterable of strings, got string at argument 'prompts'"),
        (lambda: dana.reason_many(5), TypeError, "Expected an iterable of strings, got int at argument 'prompts'"),
        (lambda: dana.reason("x", data=object()), TypeError, "Expected data that can be written down, got object"),
        (lambda: dana.reason("x", seed=2**64), ValueError, "option 'seed' must be of 64 bits, got a larger number"),
        (lambda: dana.reason("\ud800"), ValueError, "the text has a lone surrogate, which is no Unicode, at option 'prompt'"),
        (lambda: dana.get_llm().embed("ab"), TypeError, "Expected list of strings, got string at argument 'texts'"),
        (lambda: dana.get_llm().embed(["a", 3]), TypeError, "Expected list of strings, an item of it, got int at argument 'texts'"),
        (lambda: dana.get_llm().count_tokens(3), errors.DanaError, "Expected string, got int at argument 'text'"),
        (lambda: dana.get_llm(3), errors.TypeConversionError, "Expected string, got int at argument 'name'"),
        (lambda: dana.get_llm_async(tenant=3), errors.TypeConversionError, "Expected string, got int at argument 'tenant'"),
        (lambda: dana.get_llm(timeout="x"), errors.TypeConversionError, "Expected int or float, got string at argument 'timeout'"),
        (lambda: dana.models.add("m", 3), errors.TypeConversionError, "Expected string, got int at argument 'model'"),
        (lambda: dana.reason("x", model=dana.get_llm()), errors.TypeConversionError, "LanguageModel at option 'model'"),
        (lambda: dana.reason("x", stop=["a", object()]), errors.TypeConversionError, "got object at option 'stop'"),
        (lambda: dana.reason("x", extra={"a": [object()]}), errors.TypeConversionError, "Expected plain data, got object at option 'extra'"),
        (lambda: dana.reason("x", schema={"a": object()}), errors.TypeConversionError, "Expected plain data, got object at option 'schema'"),
        (lambda: dana.reason("x", stream=1), errors.TypeConversionError, "Expected bool, got int at option 'stream'"),
        (lambda: dana.get_llm().chat([{"role": "user", "text": "a"}]), ValueError, "a message has no field 'text'"),
        (lambda: dana.get_llm().chat([{"role": "assistant", "tool_calls": [{"id": "1"}]}]), TypeError, "and has no 'name'"),
        (lambda: dana.get_llm(timeout=-3), ValueError, "option 'timeout' must be from 0 to 1e9 seconds, got -3"),
        (lambda: dana.get_llm(priority="urgent"), ValueError, "must be one of low, normal, high, got 'urgent'"),
        (
            lambda: dana.models.add("m", "x", base_url="not a url"),
            errors.LanguageModelError,
            'base_url must be an address such as http://gpu:8000/v1, got "not a url"',
        ),
        (lambda: dana.models.add("m", "x", max_size=0), errors.DanaValueError, "0 is no count at argument 'max_size'"),
        (lambda: dana.models.add("m", "x", max_size=2**70), errors.DanaValueError, "is no count at argument 'max_size'"),
        (lambda: dana.models.add("m", "x", max_size=10**9), errors.DanaValueError, "'max_size' must be from 1 to 10000000,"),
    ],
)  # fmt: skip
def test_mistakes_are_told_before_anything_is_asked(
    ask: Callable[[], object], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind) as caught:
        ask()
    assert message in str(caught.value)
    assert not hasattr(caught.value, "__notes__")
