"""A language model with no set-up: the first part of what `make demo` shows. The agent lies beside it, in agent.na."""

import asyncio
import sys
import time
from dataclasses import dataclass
from typing import Literal

from opendxa.dana import dana

REVIEWS = [
    "The tea is wonderful and came quickly.",
    "The cup was broken, and nobody answers the phone.",
    "Best shop in town!",
    "Never again: the box was empty.",
]


@dataclass
class Review:
    """A review of a product."""

    sentiment: Literal["positive", "negative"]
    mood: Literal["happy", "angry"]


def heading(text: str) -> None:
    print(f"\n{text}")


def show(what: object, note: object = "") -> None:
    print(f"  {what!s:<52} {note}")


def asked() -> None:
    heading("A language model, with no set-up: 135 million parameters, in a process of its own, on this machine")
    started = time.perf_counter()
    llm = dana.get_llm()
    show(llm, f"there after {(time.perf_counter() - started) * 1e3:.1f} ms; it loads behind")
    text = "The tea came late and the box was open, but the taste was wonderful and the shop gave me a new cup."
    result = dana.reason(f"Summarise in one sentence: {text}", {"max_tokens": 40})
    show(result)
    show(f"{result.usage.input} + {result.usage.output} tokens", f"{result.timing.total:.2f} s, its start included")


async def streamed() -> None:
    heading("A streamed answer")
    async with dana.get_llm_async() as llm:
        stream = llm.stream("Tell me in two sentences what tea is.", max_tokens=50)
        print("  ", end="")
        async for piece in stream:
            print(piece, end="", flush=True)
        print()
        if (result := stream.result) is not None and result.timing.first_token is not None:
            seconds = result.timing.total - result.timing.first_token
            show(f"first piece after {result.timing.first_token:.2f} s", f"{result.usage.output / seconds:.0f} tokens/s")


def structured() -> None:
    heading("Structured answers: the model can say nothing else")
    for text in REVIEWS[:2]:
        prompt = f"Is the sentiment of this review positive or negative? {text}"
        show(text, dana.reason(prompt, returns=Review, temperature=0.0))


def agent() -> None:
    heading("An agent in Dana: its functions, a tool, declared types (Examples/agent.na)")
    dana.enable_imports()
    import agent

    for sender, text in (("Ann", "Where is my order 17?"), ("Bob", "The cup was broken, and nobody answers the phone.")):
        answer = agent.answer(agent.Mail(sender, text))
        show(f"{sender}: {text}", f"{'happy' if answer.is_happy else 'unhappy'}: {answer.text}")


def loaded() -> None:
    heading("Twelve questions at once, for a model that answers two at a time")
    prompts = [f"Is the sentiment of this review positive or negative? {text}" for text in REVIEWS * 3]
    answers = dana.reason_many(prompts, choices=["positive", "negative"], progress=sys.stderr.isatty())
    figures = dana.get_llm().statistics
    show(f"{answers.count('positive')} positive, {answers.count('negative')} negative")
    show(f"lent {figures['lent']}, waited {figures['waited']}", f"now leased {figures['leased']} of {figures['limit']}")


def main() -> None:
    asked()
    asyncio.run(streamed())
    structured()
    agent()
    loaded()


if __name__ == "__main__":
    main()
