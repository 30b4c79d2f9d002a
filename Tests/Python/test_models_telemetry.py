"""Calls of models seen from outside: OpenTelemetry's spans and metrics, Prometheus's text, Python's logging."""

import asyncio
import logging
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from prometheus_client.parser import text_string_to_metric_families

from opendxa.dana import DanaRuntime, dana, errors
from opendxa.dana.logging import log_models
from opendxa.dana.telemetry import ModelTelemetry, instrument

if TYPE_CHECKING:
    from model_servers import FaultServer
    from opentelemetry.trace import Tracer

    from opendxa.dana.types import LanguageModels, ModelCall


class Observed(NamedTuple):
    """What was told so far."""

    exporter: InMemorySpanExporter
    reader: InMemoryMetricReader
    tracer: "Tracer"
    telemetry: ModelTelemetry

    def span(self, name: str) -> ReadableSpan:
        """The one span of a name."""
        (span,) = (span for span in self.exporter.get_finished_spans() if span.name == name)
        return span

    def points(self, metric: str) -> list[HistogramDataPoint]:
        """The rows of a histogram."""
        data: Any = self.reader.get_metrics_data()
        return [
            point
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for found in scope.metrics
            if found.name == metric
            for point in found.data.data_points
        ]


@pytest.fixture
def observed(runtime: DanaRuntime) -> Iterator[Observed]:
    """OpenTelemetry that keeps what it is told."""
    exporter, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracers = TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    with instrument(tracers, MeterProvider([reader]), runtime=runtime) as telemetry:
        yield Observed(exporter, reader, tracers.get_tracer("test"), telemetry)


def test_a_call_is_a_span_below_the_caller_s(
    faulty: "LanguageModels", fault_server: "FaultServer", observed: Observed
) -> None:
    before = time.time_ns()
    with observed.tracer.start_as_current_span("outer") as outer:
        answer = faulty.get("say").reason("Hello?", extra={"say": "Hi."})
    after = time.time_ns()
    span = observed.span("chat say")
    assert span.kind is SpanKind.CLIENT
    assert span.parent is not None and span.parent.span_id == outer.get_span_context().span_id
    assert span.start_time is not None and span.end_time is not None
    assert before <= span.start_time < span.end_time <= after
    assert span.end_time - span.start_time == pytest.approx(answer.timing.total * 1e9, rel=0.01)
    attributes = dict(span.attributes or {})
    assert attributes.pop("dana.queue_time") == answer.timing.queued
    assert attributes.pop("dana.trace_id") == answer.trace_id
    assert attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "compatible",
        "gen_ai.request.model": "say",
        "gen_ai.response.id": "chat-1",
        "gen_ai.response.model": "fault",
        "gen_ai.usage.input_tokens": 7,
        "gen_ai.usage.output_tokens": 4,
        "gen_ai.response.finish_reasons": ("stop",),
        "server.address": "127.0.0.1",
        "server.port": fault_server.port,
        "dana.model.name": "say",
    }
    assert span.status.status_code is StatusCode.UNSET


def test_a_span_has_the_options_of_its_call(faulty: "LanguageModels", observed: Observed) -> None:
    options: dict[str, Any] = {"temperature": 0.5, "max_tokens": 9, "top_p": 0.25, "seed": 3, "stop": ["a", "b"]}
    told: dict[str, Any] = {**options, "stop_sequences": ("a", "b")}
    del told["stop"]
    calls: list[ModelCall] = []
    stop = faulty.listen(calls.append)
    faulty.get("say").reason("Hello?", options, extra={"say": "Hi."})
    assert "".join(faulty.get("say").stream("Hello?", options, extra={"say": "Hi."})) == "Hi."
    with pytest.raises(errors.ModelRateError):
        faulty.get("429-seconds").reason("Hello?", options)
    stop()
    spans = observed.exporter.get_finished_spans()
    assert len(spans) == len(calls) == 3
    for span, call in zip(spans, calls, strict=True):
        for name, value in told.items():
            assert (span.attributes or {})[f"gen_ai.request.{name}"] == value
        assert (call.max_tokens, call.temperature, call.top_p, call.seed, call.stop) == (9, 0.5, 0.25, 3, ("a", "b"))
    assert [call.response_id is None for call in calls] == [False, False, True]


def test_a_call_is_told_once_however_often_it_was_asked_for(
    faulty: "LanguageModels", runtime: DanaRuntime, observed: Observed, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="dana.models")
    exporter = InMemorySpanExporter()
    tracers = TracerProvider()
    tracers.add_span_processor(SimpleSpanProcessor(exporter))
    ends = [log_models(runtime), log_models(runtime)]
    with instrument(tracers, runtime=runtime), instrument(tracers, runtime=runtime):
        faulty.get("say").reason("Hello?", extra={"say": "Hi."})
        assert len(exporter.get_finished_spans()) == len(caplog.records) == 1
        assert observed.exporter.get_finished_spans() == ()
        ends[0]()
        observed.telemetry.stop()
        faulty.get("say").reason("Hello?", extra={"say": "Hi."})
        assert len(exporter.get_finished_spans()) == len(caplog.records) == 2
    ends[1]()
    ends[1]()
    faulty.get("say").reason("Hello?", extra={"say": "Hi."})
    assert len(exporter.get_finished_spans()) == len(caplog.records) == 2


def test_a_failure_is_an_error(faulty: "LanguageModels", observed: Observed) -> None:
    with pytest.raises(errors.ModelRateError):
        faulty.get("429-seconds").reason("Hello?")
    span = observed.span("chat 429-seconds")
    assert span.parent is None
    assert span.status.status_code is StatusCode.ERROR
    assert "slow down" in (span.status.description or "")
    assert (span.attributes or {})["error.type"] == "rate_limited"
    (point,) = observed.points("gen_ai.client.operation.duration")
    assert (point.attributes or {})["error.type"] == "rate_limited"


def test_metrics_follow_the_conventions(
    faulty: "LanguageModels", fault_server: "FaultServer", observed: Observed
) -> None:
    faulty.get("say").reason("Hello?", extra={"say": "Hi."})
    assert "".join(faulty.get("say").stream("Hello?", extra={"say": "Hi."})) == "Hi."
    (duration,) = observed.points("gen_ai.client.operation.duration")
    assert duration.count == 2
    assert duration.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "compatible",
        "gen_ai.request.model": "say",
        "gen_ai.response.model": "fault",
        "server.address": "127.0.0.1",
        "server.port": fault_server.port,
    }
    assert duration.explicit_bounds[:2] == (0.01, 0.02) and duration.explicit_bounds[-1] == 81.92
    points = observed.points("gen_ai.client.token.usage")
    tokens = {(point.attributes or {})["gen_ai.token.type"]: point.sum for point in points}
    assert tokens == {"input": 14, "output": 8}
    (first,) = observed.points("gen_ai.client.operation.time_to_first_chunk")
    assert first.count == 1 and 0 < first.sum < duration.sum


def test_every_way_to_ask_knows_its_caller(faulty: "LanguageModels", runtime: DanaRuntime, observed: Observed) -> None:
    """Threads that wait, coroutines side by side, streams, tools and programs."""

    def tool() -> str:
        """Says nothing much."""
        return "42"

    def names(word: str) -> dict[str, Any]:
        return {"extra": {"say": word}}

    async def coroutine(word: str) -> None:
        with observed.tracer.start_as_current_span(word):
            await asyncio.sleep(0)
            await faulty.get_async("say").reason("Q", **names(word))

    async def main() -> None:
        await asyncio.gather(*(coroutine(f"coroutine {number}") for number in range(5)))
        with observed.tracer.start_as_current_span("async stream"):
            stream = faulty.get_async("say").stream("Q", **names("x"))
            assert [piece async for piece in stream] == ["x"]
        with observed.tracer.start_as_current_span("async program"):
            await context.eval_dana_async("reason('Q', model='say', extra={'say': 'x'})")

    with runtime.create_context(allowed_capabilities=["llm"]) as context:
        asyncio.run(main())
        with observed.tracer.start_as_current_span("program"):
            context.eval_dana("reason('Q', model='say', extra={'say': 'x'})")
    with observed.tracer.start_as_current_span("stream"):
        list(faulty.get("say").stream("Q", **names("x")))
    with observed.tracer.start_as_current_span("tools"):
        answer = faulty.get("say").reason("Q", tools=[tool], extra={"say": [[["tool", {}]], "It is 42."]})
    assert answer == "It is 42."
    spans = observed.exporter.get_finished_spans()
    outer = {span.context.span_id: span.name for span in spans if span.context and span.name != "chat say"}
    parents = [outer[span.parent.span_id] for span in spans if span.name == "chat say" and span.parent]
    assert sorted(parents) == sorted(
        [*(f"coroutine {number}" for number in range(5)), "async stream", "async program", "program", "stream"]
        + ["tools"] * 2
    )


def test_a_model_at_a_socket_is_told_with_the_socket(runtime: DanaRuntime, observed: Observed) -> None:
    runtime.models.add("near", "m", socket="/nowhere/m.sock")
    with pytest.raises(errors.LanguageModelError):
        runtime.models.get("near").reason("Hello?", timeout=0.05)
    attributes = observed.span("chat m").attributes or {}
    assert attributes["server.address"] == "/nowhere/m.sock" and "server.port" not in attributes


def test_a_stopped_one_tells_nothing(faulty: "LanguageModels", observed: Observed) -> None:
    observed.telemetry.stop()
    observed.telemetry.stop()
    faulty.get("say").reason("Hello?", extra={"say": "Hi."})
    assert observed.exporter.get_finished_spans() == ()


def test_without_opentelemetry_the_error_names_the_command() -> None:
    program = (
        "import sys; sys.modules['opentelemetry'] = None\n"
        "import opendxa.dana, opendxa.dana.logging\n"
        "try: import opendxa.dana.telemetry\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "`pip install opentelemetry-sdk` installs it" in done.stdout


def test_prometheus_reads_the_metrics(faulty: "LanguageModels") -> None:
    faulty.get("say").reason("Hello?", extra={"say": "Hi."})
    with pytest.raises(errors.ModelAccessError):
        faulty.get("401").reason("Hello?")
    assert "".join(faulty.get("say").stream("Hello?", extra={"say": "Hi."})) == "Hi."
    families = {family.name: family for family in text_string_to_metric_families(faulty.metrics)}
    requests = families["dana_model_requests"]
    counted = {
        (sample.labels["gen_ai_request_model"], sample.labels.get("error_type")): sample.value
        for sample in requests.samples
    }
    assert counted == {("say", None): 2, ("401", "authentication"): 1}
    samples = families["gen_ai_client_token_usage"].samples
    sums = {sample.labels["gen_ai_token_type"]: sample.value for sample in samples if sample.name.endswith("_sum")}
    assert sums == {"input": 14, "output": 8}
    assert families["gen_ai_client_operation_duration_seconds"].type == "histogram"
    assert families["dana_model_queue_duration_seconds"].type == "histogram"


def test_calls_are_logged_with_their_figures(
    faulty: "LanguageModels", runtime: DanaRuntime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="dana.models")
    stop = log_models(runtime)
    answer = faulty.get("say").reason("a question", extra={"say": "an answer"})
    with pytest.raises(errors.ModelRateError):
        faulty.get("429-seconds").reason("Hello?")
    stop()
    faulty.get("say").reason("Hello?", extra={"say": "Hi."})
    well, ill = caplog.records
    assert (well.name, well.levelname) == ("dana.models", "INFO")
    assert well.getMessage().startswith("chat compatible/say ")
    assert well.getMessage().endswith("7+4 tokens")
    assert well.dana_trace_id == answer.trace_id  # type: ignore[attr-defined]
    assert well.dana_input_tokens == 7  # type: ignore[attr-defined]
    assert ill.levelname == "WARNING"
    assert ill.dana_error == "rate_limited"  # type: ignore[attr-defined]
    assert "slow down" in ill.getMessage()
    assert "a question" not in caplog.text and "an answer" not in caplog.text


@pytest.mark.usefixtures("engine")
def test_listeners_are_told_of_the_embedded_model() -> None:
    calls: list[ModelCall] = []
    stop = dana.models.listen(calls.append)
    answer = dana.reason("Say hi.", max_tokens=2)
    stop()
    dana.reason("Say hi.", max_tokens=1)
    (call,) = calls
    assert (call.operation, call.name, call.model) == ("chat", "embedded", "embedded/smollm2-135m-instruct")
    assert (call.trace_id, call.output_tokens, call.error) == (answer.trace_id, 2, None)
    assert call.server_address is None and call.server_port is None
    assert "dana_model_requests_total{" in dana.models.metrics
