"""Programs that ask language models: the functions that they have, declared types, capabilities, secrets."""

import gc
import json
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas
import pytest

from opendxa.dana import DanaContext, DanaRuntime, dana, errors

if TYPE_CHECKING:
    from model_servers import FaultServer

    from opendxa.dana.types import LanguageModels


@pytest.fixture
def asking(faulty: "LanguageModels", runtime: DanaRuntime) -> Iterator[DanaContext]:
    """A context whose programs may ask the server's models."""
    faulty.get("say")
    with runtime.create_context(allowed_capabilities=["llm"]) as context:
        yield context


def test_reason_in_declared_types(asking: DanaContext) -> None:
    value = asking.eval_dana("""
struct Plan:
    "A plan."
    goal: str
    steps: int
    done: bool = false

plan: Plan = reason("?", model="say", extra={"say": '{"goal": "bake", "steps": 3, "done": false}'})
good: bool = reason("?", model="say", extra={"say": '{"answer": true}'})
func names(count: int) -> list[str]:
    return reason("?", {"model": "say", "extra": {"say": '{"answer": ["a", "b"]}'}})
text = reason("?", model="say", extra={"say": "words"})
one = reason("?", model="say", choices=["x", "y"], extra={"say": '{"answer": "y"}'})
[plan.goal, plan.steps, plan.done, good, names(2), text, one]
""")
    assert value == ["bake", 3, False, True, ["a", "b"], "words", "y"]


SAY = """model="say", extra={"say": '{"answer": 3}'}"""


@pytest.mark.parametrize(
    ("program", "value"),
    [
        (f"n: list[int] = reason_many(['a', 'b'], {SAY})\nn", [3, 3]),
        (f"n: list[int] | None = reason_many(['a', 'b'], {SAY})\nn", [3, 3]),
        (f"func f() -> list[int]:\n    return reason_many(['a', 'b'], {SAY})\nf()", [3, 3]),
        (f"reason_many(['a', 'b'], returns=int, {SAY})", [3, 3]),
        (f"n: list = reason_many(['a'], {SAY})\nn", ['{"answer": 3}']),
        (f"n: list[str] = reason_many(['a'], {SAY})\nn", ['{"answer": 3}']),
        (f"n: list[int] = reason('a', data=[1, 2, 3], batch_size=2, {SAY})\nn", [3, 3]),
        (f"reason('a', data=[1, 2, 3], batch_size=2, returns=int, {SAY})", [3, 3]),
        (f"n: list[list[int]] = reason_many(['a', 'b'], data=[1, 2, 3], batch_size=2, {SAY})\nn", [[3, 3], [3, 3]]),
        (f"reason_many((p for p in ['a', 'b']), returns=int, {SAY})", [3, 3]),
        (f"reason_many({{'a': 1, 'b': 2}}, returns=int, {SAY})", [3, 3]),
        (f"reason_many((p for p in []), returns=int, {SAY})", []),
    ],
)
def test_several_answers_are_a_list_of_the_declared_type(asking: DanaContext, program: str, value: object) -> None:
    assert asking.eval_dana(program) == value


STREAM = "s = get_llm('words').stream('?')\n"
PIECES = ["Once ", "upon ", "a ", "time."]


@pytest.mark.parametrize(
    ("program", "value"),
    [
        ("with get_llm('words').stream('?') as s:\n    p = [piece for piece in s]\np", PIECES),
        ("list(s)", PIECES),
        ("tuple(s)", tuple(PIECES)),
        ("set(s)", set(PIECES)),
        ("frozenset(s)", frozenset(PIECES)),
        ("sorted(s, reverse=true)", sorted(PIECES, reverse=True)),
        ("['a ' in s, list(s)]", [True, PIECES[3:]]),
        ("'nothing' in s", False),
        ("3 in s", False),
        ("max(s)", max(PIECES)),
        ("[all(s), any(s), bool(s), not s]", [True, False, True, False]),
        ("list(enumerate(s))", list(enumerate(PIECES))),
        ("list(zip(s, [1, 2]))", list(zip(PIECES, [1, 2], strict=False))),
        ("list(map(len, s))", [*map(len, PIECES)]),
        ("[s.result, s.usage, s.finish_reason, s.text]", [None, None, None, ""]),
        ("''.join(s)\n[s.result, s.finish_reason, s.text]", ["".join(PIECES), "stop", "".join(PIECES)]),
        ("list(s)\n[s.usage['input'], s.usage['output'], s.usage['total']]", [7, 4, 11]),
        ("s.close()\nlist(s)", []),
        ("list(reason('?', model='words', stream=true))", PIECES),
        ("list(get_llm('words').reason('?', {'stream': true}))", PIECES),
        ("list(get_llm('words').stream('?', stream=true))", PIECES),
    ],
)
def test_streams_in_programs_are_walked_like_other_iterators(
    asking: DanaContext, runtime: DanaRuntime, fault_server: "FaultServer", program: str, value: object
) -> None:
    runtime.models.add("words", "well", base_url=fault_server.base_url)
    assert asking.eval_dana(f"{STREAM}{program}") == value


def test_leaving_the_with_of_a_stream_ends_it(
    asking: DanaContext, runtime: DanaRuntime, fault_server: "FaultServer"
) -> None:
    runtime.models.add("one", "endless", base_url=fault_server.base_url)
    program = """
with get_llm("one").stream("?", extra={"user": "left by a program"}) as s:
    for piece in s:
        break
public:kept = s
piece
"""
    assert asking.eval_dana(program) == "again "
    assert fault_server.get("/closed?tag=left+by+a+program")["nanoseconds"] > 0
    assert asking.eval_dana("list(public:kept)") == []


def test_a_model_of_a_program_says_in_python_what_it_is(asking: DanaContext) -> None:
    llm = asking.eval_dana("get_llm('say')")
    assert repr(llm) == "<llm of a program>"
    with pytest.raises(errors.DanaAttributeError, match="the 'llm' that a program holds has no attributes in Python"):
        llm.generate("?")
    with pytest.raises(errors.DanaAttributeError, match="use it in Dana"):
        llm.name = "other"
    asking.public["llm"] = llm
    assert asking.eval_dana("public:llm.name") == "say"


def test_an_answer_of_another_type_is_an_error(asking: DanaContext) -> None:
    with pytest.raises(errors.DanaValueError):
        asking.eval_dana("""n: int = reason("?", model="say", extra={"say": '{"answer": "three"}'})""")


def test_a_model_for_the_length_of_a_with(asking: DanaContext, faulty: "LanguageModels") -> None:
    value = asking.eval_dana("""
with get_llm("say") as llm:
    pieces = [piece for piece in llm.stream("?", {"extra": {"say": "words"}})]
    first = llm.chat("?", extra={"say": ["one", "two"]})
    second = llm.chat("?", extra={"say": ["one", "two"]})
    third = llm.generate("?", extra={"say": "three"})
[pieces, first, second, third, llm.model]
""")
    assert value == [["words"], "one", "two", "three", "compatible/say"]
    assert faulty.get("say").statistics["leased"] == 0


def test_many_prompts_side_by_side(asking: DanaContext) -> None:
    value = asking.eval_dana("reason_many(['a', 'b', 'c'], model='echo')")
    assert [json.loads(answer)["messages"][-1]["content"] for answer in value] == ["a", "b", "c"]


def test_a_stream_that_a_program_leaves_ends(
    asking: DanaContext, runtime: DanaRuntime, fault_server: "FaultServer"
) -> None:
    runtime.models.add("one", "endless", base_url=fault_server.base_url, max_size=1)
    program = """
func first():
    for piece in get_llm("one").stream("?"):
        return piece
first()
"""
    assert asking.eval_dana(program) == "again "
    asking.eval_dana("1")
    # Its place is free again once the stream is let go of, on whatever thread that is.
    with runtime.models.get("one", timeout=30):
        assert runtime.models.get("one").statistics["leased"] == 1


def test_frames_are_data_in_programs(asking: DanaContext) -> None:
    asking.public["frame"] = pandas.DataFrame({"n": [1, 2]})
    answer = json.loads(asking.eval_dana("reason('Q', model='echo', data=public:frame)"))
    assert answer["messages"][-1]["content"] == 'Q\n\nData:\n{"n":1}\n{"n":2}'


@pytest.mark.parametrize(
    ("program", "kind", "message"),
    [
        ("reason(5)", TypeError, "reason() expects string at argument 'prompt', got int"),
        ("reason('a', {'max_tokenz': 1})", ValueError, "there is no option 'max_tokenz'"),
        ("n: int = reason_many(['a'])", TypeError, "gives a list of answers, and 'int' is declared for its value"),
        ("n: int = reason('a', data=[1], batch_size=1)", TypeError, "reason() gives a list of answers, and 'int'"),
        ("n: int = reason('a', choices=['b'])", ValueError, "give either 'choices' or a type that is declared for"),
        ("n: int = reason('a', schema={'type': 'integer'})", ValueError, "give either 'schema' or a type that is"),
        ("reason('a', choices=['b'], returns=int)", ValueError, "reason(): give either 'choices' or 'returns', not both"),
        ("reason_many('ab')", TypeError, "reason_many() expects an iterable of strings at argument 'prompts', got string"),
        ("reason_many(range(2))", TypeError, "expects an iterable of strings, an item of it at argument 'prompts', got int"),
        ("reason_many((1 / n for n in [0]))", ZeroDivisionError, "division by zero"),
        ("reason_many(['a'], stream=true)", ValueError, "reason_many() gives whole answers: leave out 'stream'"),
        ("get_llm('say').chat('a', stream=true)", ValueError, "chat() gives whole answers: leave out 'stream'"),
        ("get_llm('say').generate('a', stream=true)", ValueError, "generate() gives whole answers: leave out 'stream'"),
        ("reason('a', stream=1)", TypeError, "Expected bool, got int at option 'stream'"),
        ("n: int = reason('a', model='say', stream=true)", ValueError, "an answer in a form does not stream"),
        ("reason('a', model='say', stream=true, data=[1], batch_size=1)", ValueError, "in batches does not stream"),
        ("len(get_llm('endless').stream('a'))", TypeError, "len() does not take a stream of an llm"),
        ("get_llm('endless').stream('a').size", AttributeError, "there is no 'size': a stream of an llm is walked"),
        ("reason('a', model='nope')", errors.DanaError, 'there is no model "nope"'),
        ("reason('a', model='429-seconds')", errors.DanaError, "slow down"),
        ("reason('a', model='stall', timeout=0.05)", TimeoutError, ""),
    ],
)
def test_what_programs_get_wrong(asking: DanaContext, program: str, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        asking.eval_dana(program)
    assert message in str(caught.value)
    assert isinstance(caught.value, errors.DanaError)


@pytest.mark.parametrize(
    ("model", "kind", "code", "status"),
    [
        ("429-seconds", errors.ModelRateError, "rate_limited", 429),
        ("401", errors.ModelAccessError, "authentication", 401),
        ("stall", errors.ModelTimeoutError, None, None),
        ("say", errors.AnswerError, "schema_mismatch", None),
    ],
)
def test_why_a_model_gave_no_answer_comes_out_of_programs(
    asking: DanaContext, model: str, kind: type[errors.LanguageModelError], code: str | None, status: int | None
) -> None:
    call = f"reason('a', model='{model}', timeout={0.05 if model == 'stall' else 60}, extra={{'say': 'words'}}"
    with pytest.raises(kind) as caught:
        asking.eval_dana(f"n = {call}, returns=int)")
    error = caught.value
    assert isinstance(error, errors.LanguageModelError) and error.model == f"compatible/{model}"
    assert code in {None, error.code} and error.status == status
    assert (error.retry_after is not None) == (model == "429-seconds") and error.stack and error.__cause__ is None
    assert asking.eval_dana(f"try:\n    {call}, returns=int)\nexcept Exception as e:\n    n = 'caught'\nn") == "caught"


def test_a_file_is_run_only_for_who_was_granted_it(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    with runtime.create_context(allowed_capabilities=["llm"]) as context:
        for number in range(60):
            with pytest.raises(errors.CapabilityError, match=r"llm:/nowhere/\d+\.gguf"):
                context.eval_dana(f"get_llm('/nowhere/{number}.gguf')")
        context.eval_dana("[get_llm(f'openai/{n}').name for n in range(3000)]")
    assert not faulty.processes and len(faulty.names) < 100


def test_models_need_the_capability(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    faulty.get("say")
    events: list[str] = []
    with runtime.listen(lambda event: events.append(f"{event.kind} {event.subject}")):
        for program in ("reason('hi')", "get_llm()", "reason_many(['hi'])"):
            with runtime.create_context() as context, pytest.raises(errors.CapabilityError, match="capability 'llm'"):
                context.eval_dana(program)
        with runtime.create_context(allowed_capabilities=["llm:say"]) as context:
            assert context.eval_dana("reason('hi', model='say', extra={'say': 'ho'})") == "ho"
            for program in ("reason('hi', model='echo')", "get_llm('echo')", "reason('hi')"):
                with pytest.raises(errors.CapabilityError, match="was not granted the capability 'llm:"):
                    context.eval_dana(program)
    assert sum(event.startswith("denied") for event in events) == 6


def test_secrets_leave_no_prompt(faulty: "LanguageModels", runtime: DanaRuntime) -> None:
    faulty.get("say")
    runtime.add_secret("correct horse battery")
    with runtime.create_context(allowed_capabilities=["llm"]) as context:
        asked = json.loads(context.eval_dana("reason('say correct horse battery staple', model='echo')"))
    (message,) = asked["messages"]
    assert "correct horse" not in message["content"] and "staple" in message["content"]
    assert runtime.redactions > 0


def test_a_cancelled_context_ends_its_call(asking: DanaContext, faulty: "LanguageModels") -> None:
    def cancel() -> None:
        while faulty.get("stall").statistics["leased"] == 0:
            pass
        asking.cancel("enough")

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(errors.DanaCancelledError, match="enough"):
        asking.eval_dana("reason('?', model='stall')")
    thread.join()
    assert faulty.get("stall").statistics["leased"] == 0


@pytest.mark.usefixtures("engine")
def test_programs_and_the_embedded_model() -> None:
    program: Any = """
answer = reason("Say hi.", max_tokens=2)
kind: bool = reason("Is the sky blue?")
with get_llm() as llm:
    text = ""
    for piece in llm.stream("Count to five.", max_tokens=3):
        text = text + piece
[answer, kind, text, llm.model]
"""
    answer, kind, text, model = dana.eval(program)
    assert answer and isinstance(kind, bool) and text
    assert model == "embedded/smollm2-135m-instruct"


@pytest.mark.parametrize(
    ("program", "asked"),
    [
        ("reason_many(['q'] * 3)", 3),
        ("reason_many(['q'] * 4)", 0),
        ("reason('q', data=[1, 2, 3, 4, 5, 6], batch_size=2)", 3),
        ("reason('q', data=[1, 2, 3, 4, 5, 6, 7], batch_size=2)", 0),
        ("llm = get_llm('say')\nllm.reason('q', data=[1, 2, 3], batch_size=1)", 0),
    ],
)
def test_what_is_asked_at_once_counts_as_so_many_calls(
    fault_server: "FaultServer", runtime: DanaRuntime, program: str, asked: int
) -> None:
    runtime.models.add("say", "echo", base_url=fault_server.base_url, default=True)
    calls: list[object] = []
    runtime.models.listen(calls.append)
    with runtime.create_context(allowed_capabilities=["llm"], max_host_calls=3) as context:
        if asked:
            context.eval_dana(program)
        else:
            with pytest.raises(errors.LimitExceeded, match="max_host_calls"):
                context.eval_dana(program)
        assert len(calls) == asked


def test_each_step_of_tools_counts_as_a_call(fault_server: "FaultServer", runtime: DanaRuntime) -> None:
    runtime.models.add("say", "say", base_url=fault_server.base_url, default=True)
    steps = [[["tool", {}]]] * 5 + ["done"]
    program = f"func tool(): return 'more'\nreason('q', tools=[tool], extra={{'say': {json.dumps(steps)}}})"
    for limit, result in ((6, "done"), (5, None)):
        with runtime.create_context(allowed_capabilities=["llm"], max_host_calls=limit) as context:
            if result:
                assert context.eval_dana(program) == result
            else:
                with pytest.raises(errors.LimitExceeded, match="max_host_calls"):
                    context.eval_dana(program)


def test_a_program_that_is_ended_within_a_with_gives_its_place_back(
    fault_server: "FaultServer", runtime: DanaRuntime, capfd: pytest.CaptureFixture[str]
) -> None:
    runtime.models.add("slow", "stall", base_url=fault_server.base_url, default=True)
    with (
        pytest.raises(errors.TimeLimitExceeded),
        runtime.create_context(allowed_capabilities=["llm"], timeout="50ms") as context,
    ):
        context.eval_dana("with get_llm() as llm:\n    llm.reason('a')")
    llm = runtime.models.get("slow")
    while llm.statistics["leased"]:
        gc.collect()
    assert llm.statistics["leaked"] == 0
    assert "not released" not in capfd.readouterr().err


def test_what_has_a_default_may_be_left_out(asking: DanaContext) -> None:
    assert asking.eval_dana("""
struct City:
    name: str
    country: str = "unknown"

city: City = reason("?", model="say", extra={"say": '{"name": "Paris"}'})
func weather(city: City, days: int = 2): return f"{city.name}, {city.country}, {days}"
told = reason("?", model="say", tools=[weather], extra={"say": [[["weather", {"city": {"name": "Rome"}}]], null]})
[city.country, told]
""") == ["unknown", "Rome, unknown, 2"]


def test_a_program_sees_what_went_wrong(asking: DanaContext) -> None:
    assert asking.eval_dana("""
func told(model):
    try:
        reason("?", model=model)
    except Exception as e:
        return [e.code, e.model, e.status, e.retry_after]
[told("429-seconds"), told("401")]
""") == [["rate_limited", "compatible/429-seconds", 429, 7.0], ["authentication", "compatible/401", 401, None]]
    with pytest.raises(errors.DanaAttributeError, match="no attribute 'code'"):
        asking.eval_dana("try:\n    [][1]\nexcept IndexError as e:\n    e.code")
