"""Calls of language models as OpenTelemetry's spans and metrics, by its conventions for generative AI.

It needs the package `opentelemetry-api`, and an SDK that is set up to send somewhere.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from opendxa.dana._closing import Closing
from opendxa.dana._native import set_hooks
from opendxa.dana._one_listener import alone
from opendxa.dana._runtime import DanaRuntime, given_runtime

try:
    from opentelemetry import context, metrics, trace
except ImportError:
    raise ImportError(
        "opendxa.dana.telemetry needs OpenTelemetry: `pip install opentelemetry-sdk` installs it"
    ) from None

if TYPE_CHECKING:
    from opentelemetry.metrics import MeterProvider
    from opentelemetry.trace import TracerProvider

    from opendxa.dana._language_models import ModelCall

__all__ = ["ModelTelemetry", "instrument"]

_SECONDS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)
_SCOPE = "opendxa.dana"


class ModelTelemetry(Closing):
    """What `instrument` gives: `stop()` it, or leave its `with`, and no more calls are told."""

    __slots__ = ("_duration", "_end", "_first_chunk", "_tokens", "_tracer")

    def __init__(
        self, runtime: DanaRuntime, tracer_provider: TracerProvider | None, meter_provider: MeterProvider | None
    ) -> None:
        self._tracer = trace.get_tracer(_SCOPE, tracer_provider=tracer_provider)
        meter = metrics.get_meter(_SCOPE, meter_provider=meter_provider)
        self._duration = meter.create_histogram(
            "gen_ai.client.operation.duration",
            unit="s",
            description="How long calls took.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self._tokens = meter.create_histogram(
            "gen_ai.client.token.usage",
            unit="{token}",
            description="Tokens of calls.",
            explicit_bucket_boundaries_advisory=_TOKENS,
        )
        self._first_chunk = meter.create_histogram(
            "gen_ai.client.operation.time_to_first_chunk",
            unit="s",
            description="How long streams took to begin.",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self._end = alone(runtime, "telemetry", runtime.models._listen(self._tell))
        _note_callers()

    def stop(self) -> None:
        """Ends the telling; once more does nothing."""
        self._end()

    close = stop

    def _tell(self, call: ModelCall, caller: object) -> None:
        ended = time.time_ns()
        attributes = _attributes(call)
        span = self._tracer.start_span(
            f"{attributes['gen_ai.operation.name']} {attributes['gen_ai.request.model']}",
            context=caller if isinstance(caller, context.Context) else context.Context(),
            kind=trace.SpanKind.CLIENT,
            attributes={**attributes, **_particulars(call)},
            start_time=ended - round(call.duration * 1e9),
        )
        if call.error is not None:
            span.set_status(trace.Status(trace.StatusCode.ERROR, call.message))
        inside = trace.set_span_in_context(span)
        span.end(ended)
        self._duration.record(call.duration, attributes, context=inside)
        if call.first_token is not None:
            self._first_chunk.record(call.first_token, attributes, context=inside)
        for kind, count in (("input", call.input_tokens), ("output", call.output_tokens)):
            if count:
                self._tokens.record(count, {**attributes, "gen_ai.token.type": kind}, context=inside)


def instrument(
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
    *,
    runtime: DanaRuntime | None = None,
) -> ModelTelemetry:
    """Tells OpenTelemetry of each call of a language model from here on: a span, and three histograms.

    Without providers it is the global ones. A span stands under the one that was current where Python made the call, or
    called the program that made it. What was asked and answered is in none of it. Called again for a runtime, it takes
    the place of what it began before: a call is told once.
    """
    return ModelTelemetry(given_runtime(runtime), tracer_provider, meter_provider)


def _note_callers() -> None:
    """Has each call note OpenTelemetry's context where it is made."""
    set_hooks({"origin": context.get_current})


def _attributes(call: ModelCall) -> dict[str, str | int]:
    """What calls are told apart by, in spans and in metrics."""
    provider, _, model = call.model.partition("/")
    attributes: dict[str, str | int] = {
        "gen_ai.operation.name": "embeddings" if call.operation == "embeddings" else "chat",
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model or provider,
    }
    if call.answered_by:
        attributes["gen_ai.response.model"] = call.answered_by
    if call.server_address is not None:
        attributes["server.address"] = call.server_address
    if call.server_port is not None:
        attributes["server.port"] = call.server_port
    if call.error is not None:
        attributes["error.type"] = call.error
    return attributes


def _particulars(call: ModelCall) -> dict[str, str | int | float | tuple[str, ...]]:
    """What is of this call alone."""
    known: dict[str, str | int | float | tuple[str, ...]] = {
        "dana.model.name": call.name,
        "dana.queue_time": call.queued,
        "dana.trace_id": call.trace_id,
    }
    if call.input_tokens or call.output_tokens:
        known["gen_ai.usage.input_tokens"] = call.input_tokens
        known["gen_ai.usage.output_tokens"] = call.output_tokens
    options = {
        "gen_ai.request.max_tokens": call.max_tokens,
        "gen_ai.request.temperature": call.temperature,
        "gen_ai.request.top_p": call.top_p,
        "gen_ai.request.seed": call.seed,
        "gen_ai.request.stop_sequences": call.stop or None,
        "gen_ai.response.id": call.response_id,
    }
    known.update((name, value) for name, value in options.items() if value is not None)
    if call.finish_reason is not None:
        known["gen_ai.response.finish_reasons"] = (call.finish_reason,)
    if call.first_token is not None:
        known["gen_ai.response.time_to_first_chunk"] = call.first_token
    return known
