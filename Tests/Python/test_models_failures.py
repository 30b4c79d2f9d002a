"""What happens when a model's server misbehaves: the exceptions and what they say, and that keys stay secret."""

import asyncio
import logging
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from model_servers import FaultServer

from opendxa.dana import DanaRuntime, dana, errors
from opendxa.dana.logging import log_audit

if TYPE_CHECKING:
    from opendxa.dana.types import LanguageModels

FAILURES: list[tuple[str, type[errors.LanguageModelError], type[Exception], dict[str, Any]]] = [
    (
        "429-seconds",
        errors.ModelRateError,
        errors.ResourceError,
        {"code": "rate_limited", "status": 429, "retry_after": 7.0, "request_id": "request-2"},
    ),
    ("500", errors.LanguageModelError, RuntimeError, {"code": "server_failed", "status": 500, "retry_after": None}),
    ("401", errors.ModelAccessError, PermissionError, {"code": "authentication", "status": 401}),
    ("wrong-json", errors.AnswerError, ValueError, {"code": "invalid_reply"}),
]


@pytest.mark.parametrize(("model", "kind", "also", "facts"), FAILURES)
def test_what_a_failure_is_and_says(
    faulty: "LanguageModels",
    model: str,
    kind: type[errors.LanguageModelError],
    also: type[Exception],
    facts: dict[str, Any],
) -> None:
    with pytest.raises(kind) as caught:
        faulty.get(model).reason("Hello?")
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, also) and isinstance(error, errors.DanaError)
    assert {name: getattr(error, name) for name in facts} == facts
    assert error.model == f"compatible/{model}"
    assert str(error).startswith(f"compatible/{model}: ")
    assert faulty.get(model).statistics["leased"] == 0

    async def main() -> None:
        with pytest.raises(kind):
            await faulty.get_async(model).reason("Hello?")

    asyncio.run(main())


@pytest.mark.parametrize("model", ["reset", "no-done"])
def test_a_stream_that_breaks_off_is_no_answer(faulty: "LanguageModels", model: str) -> None:
    llm = faulty.get(model)
    stream = llm.stream("Hello?")
    with pytest.raises(errors.ModelConnectionError):
        for _ in stream:
            pass
    assert stream.text.startswith("Once ")
    assert stream.result is None
    assert llm.statistics["leased"] == 0

    async def main() -> None:
        later = faulty.get_async(model).stream("Hello?")
        with pytest.raises(ConnectionError):
            async for _ in later:
                pass
        assert later.text.startswith("Once ")

    asyncio.run(main())


def test_a_stall_ends_with_the_timeout(faulty: "LanguageModels") -> None:
    llm = faulty.get("stall")
    pieces: list[str] = []
    with pytest.raises(errors.ModelTimeoutError) as caught, llm.stream("Hello?", timeout=0.3) as stream:
        pieces.extend(stream)
    assert isinstance(caught.value, TimeoutError)
    assert pieces == ["Once "]
    assert llm.statistics["leased"] == 0


def test_nobody_there(runtime: DanaRuntime) -> None:
    runtime.models.add("nobody", "none", base_url="http://127.0.0.1:9/v1")
    with pytest.raises(errors.ModelConnectionError, match="nothing accepts connections there") as caught:
        runtime.models.get("nobody").reason("Hello?", timeout=2)
    assert isinstance(caught.value, ConnectionError)
    assert caught.value.code == "connection_refused"


def test_a_missing_key_names_its_variable(runtime: DanaRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(errors.ModelAccessError, match="put it into the environment variable OPENAI_API_KEY"):
        runtime.models.get("openai/gpt-5").reason("Hello?")


def test_names_that_are_no_models(runtime: DanaRuntime) -> None:
    with pytest.raises(errors.ResourceError, match='there is no model "nope"'):
        runtime.models.get("nope")


def test_a_timeout_holds_for_all_of_a_question(fault_server: FaultServer, runtime: DanaRuntime) -> None:
    runtime.models.add("busy", "429-seconds", base_url=fault_server.base_url)
    begun = time.monotonic()
    with pytest.raises(errors.ModelRateError) as caught:
        runtime.models.get("busy").reason("Hello?", timeout=1)
    assert caught.value.retry_after == 7 and time.monotonic() - begun < 1


def test_the_time_of_a_call_is_told_as_it_was_given(faulty: "LanguageModels") -> None:
    told = "compatible/stall: no answer within 0.25 s, the time of the call: raise its `timeout`, or ask for less"
    with faulty.get("stall").stream("Hello?", timeout=0.25) as stream:
        assert next(stream) == "Once "
        with pytest.raises(errors.ModelTimeoutError) as caught:
            next(stream)
    assert (caught.value.code, str(caught.value)) == ("timed_out", told)
    with pytest.raises(errors.ModelTimeoutError) as caught:
        faulty.get("stall").reason("Hello?", timeout=0.25)
    assert (caught.value.code, str(caught.value)) == ("timed_out", told)


def test_calls_without_patience_switch_no_model_off(fault_server: FaultServer, runtime: DanaRuntime) -> None:
    runtime.models.add("hurried", "stall-once", base_url=fault_server.base_url)
    llm = runtime.models.get("hurried")
    for number in range(8):
        with pytest.raises(errors.ModelTimeoutError):
            llm.stream("Hello?", timeout=0.1, extra={"user": f"hurried {number}"})
    assert list(llm.stream("Hello?", extra={"user": "hurried 0"}))


def test_a_model_that_rests_says_why_and_until_when(faulty: "LanguageModels") -> None:
    llm = faulty.get("500")
    for _ in range(5):
        with pytest.raises(errors.LanguageModelError) as caught:
            llm.reason("Hello?")
        assert caught.value.retry_after is None
    before = caught.value
    with pytest.raises(errors.LanguageModelError, match="after failures in a row the model rests and is asked") as rest:
        llm.reason("Hello?")
    assert (rest.value.code, rest.value.status, rest.value.body) == (before.code, before.status, before.body)
    assert rest.value.retry_after is not None and 0 < rest.value.retry_after <= 5


def test_what_is_no_text_is_named_as_the_caller_named_it(runtime: DanaRuntime) -> None:
    for argument in ("base_url", "api_key", "socket"):
        given: dict[str, Any] = {argument: 3}
        with pytest.raises(errors.TypeConversionError, match=f"Expected string, got int at argument '{argument}'"):
            runtime.models.add("wrong", "compatible/x", **given)


def test_an_answer_of_several_models_says_who_was_asked_and_whether_it_was_kept(
    faulty: "LanguageModels", fault_server: FaultServer
) -> None:
    with open("dana.toml", "a", encoding="utf-8") as file:
        file.write('[models.safe]\nmodels = ["401", "say"]\nretries = 0\ncache = { always = true }\n')
    calls: list[tuple[str, bool]] = []
    stop = faulty.listen(lambda call: calls.append((call.model, call.cached)))
    llm = faulty.get("safe")
    first, second = (llm.reason("Hello?", extra={"say": "Hi."}) for _ in range(2))
    with llm.stream("Hello?", extra={"say": "Hi."}) as stream:
        assert "".join(stream) == "Hi." and stream.result is not None
    stop()
    assert [answer.model for answer in (first, second, stream.result)] == ["compatible/say"] * 3
    assert [answer.cached for answer in (first, second, stream.result)] == [False, True, True]
    assert calls == [("compatible/say", cached) for cached in (False, True, True)]


def test_several_answers_and_what_failed_among_them(fault_server: FaultServer) -> None:
    dana.models.add("several", "say", base_url=fault_server.base_url)
    asked = {"model": "several", "extra": {"say": "many"}}
    first, second = dana.reason_many(["a", "b"], asked, returns=int, return_exceptions=True)
    assert isinstance(first, errors.AnswerError) and isinstance(second, errors.AnswerError)
    assert second.__notes__ == ["at question 1 of 2, counted from 0"]
    with pytest.raises(errors.AnswerError):
        dana.reason_many(["a"], asked, returns=int)
    assert dana.reason_many(["a"], asked, return_exceptions=True) == ["many"]
    for concurrency in (0, -1):
        with pytest.raises(errors.DanaValueError, match="is no count at argument 'concurrency'"):
            dana.reason_many(["a"], concurrency=concurrency)


def test_a_retry_after_a_failure_answers(faulty: "LanguageModels", fault_server: FaultServer) -> None:
    faulty.add("flaky", "flaky", base_url=fault_server.base_url)
    answer = faulty.get("flaky").reason("Hello?", seed=1, extra={"user": "retry-test"})
    assert answer == "at last"


def test_the_key_is_sent_and_told_nowhere(
    faulty: "LanguageModels", runtime: DanaRuntime, fault_server: FaultServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    stop = faulty.listen(lambda call: told.append(repr(call)))
    audit: list[str] = []
    with (
        log_audit(runtime),
        runtime.listen(lambda event: audit.append(f"{event!r} {event.detail}")),
        runtime.create_context(allowed_capabilities=["llm"]) as context,
    ):
        answer = faulty.get("echo").reason("Hello?")
        assert f"Bearer {fault_server.key}" in answer  # it was sent, so what follows means something
        failures: list[BaseException] = []
        for ask in (
            lambda: faulty.get("401").reason(f"my key is {fault_server.key}"),
            lambda: faulty.get("wrong-json").reason("Hello?"),
            lambda: context.eval_dana(f"reason('my key is {fault_server.key}', model='401')"),
        ):
            with pytest.raises(errors.DanaError) as caught:
                ask()
            failures.append(caught.value)
        shown = [
            *told, *audit, caplog.text, faulty.metrics, repr(faulty), repr(faulty.get("echo")), repr(runtime),
            *map(str, failures), *map(repr, failures),
            *(str(vars(failure)) for failure in failures),
        ]  # fmt: skip
    stop()
    assert len(told) == 4 and audit and "model_called" in caplog.text
    for text in shown:
        assert fault_server.key not in text
        assert "sk-test-0123456789abcdef" not in text  # what the provider quoted in its refusal


def test_a_file_that_is_no_model_is_named(tmp_path: Path, runtime: DanaRuntime) -> None:
    file = tmp_path / "junk.gguf"
    file.write_bytes(b"not a model" * 100)
    with pytest.raises(errors.LanguageModelError, match=r"junk\.gguf is no GGUF file") as caught:
        runtime.models.get(str(file)).reason("?")
    assert caught.value.code == "configuration"


def test_headers_are_sent_and_kept_secret(fault_server: FaultServer, runtime: DanaRuntime) -> None:
    secret = "Basic dXNlcjpzZWNyZXQ="
    runtime.models.add(
        "own", "echo", base_url=fault_server.base_url, headers={"Authorization": secret, "X-Tenant": "a"}
    )
    told = runtime._native.redact(f"a text {secret} a text")
    assert secret not in told and told.startswith("a text ")
    for headers, fault in (
        ({"X Y": "a"}, '"X Y" is no name'),
        ({"X": "a\nb"}, "the header field X holds a control character"),
        ({"Host": "a"}, "the field Host is written with each request"),
    ):
        with pytest.raises(errors.LanguageModelError, match=fault):
            runtime.models.add("other", "echo", base_url=fault_server.base_url, headers=headers)
    with pytest.raises(errors.LanguageModelError, match="by the setting `headers`"):
        runtime.models.add("other", "echo", base_url="https://user:secret@host/v1")
    with pytest.raises(errors.TypeConversionError, match="argument 'headers'"):
        runtime.models.add("other", "echo", headers={"X": 1})  # type: ignore[dict-item]


def test_a_name_that_is_none_is_told_with_those_there_are(runtime: DanaRuntime) -> None:
    runtime.models.add("own", "m", base_url="http://127.0.0.1:1/v1")
    with pytest.raises(errors.ModelAccessError):
        runtime.models.get("openai/gpt-5").reason("?")
    for act in (lambda: runtime.models.get("nope"), lambda: runtime.models.add("n", "mm")):
        with pytest.raises(errors.LanguageModelError, match=r"\(there are embedded, own\)"):
            act()
