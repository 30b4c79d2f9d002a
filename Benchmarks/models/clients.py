"""The clients that ask the server, each as its users would write it: threads' and event loops' ones."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from harness.rows import OURS
from models.served import KEY, Served
from runtime.our_package import use_ours

QUESTION = "What does the fox do?"
MESSAGES = [{"role": "user", "content": QUESTION}]
ANY = "1x0"


@dataclass
class Client:
    """Asks once, and streams; a stream gives the pieces of the text."""

    ask: Callable[[], str]
    stream: Callable[[str], Iterator[str]]


async def nothing() -> None:
    """What most clients do in the end."""


@dataclass
class AsyncClient:
    """The same for an event loop."""

    ask: Callable[[], Awaitable[str]]
    stream: Callable[[str], AsyncIterator[str]]
    close: Callable[[], Awaitable[None]] = field(default=nothing)


def body(model: str, *, stream: bool) -> bytes:
    return json.dumps({"model": model, "messages": MESSAGES, "stream": stream}).encode()


def piece(line: str | bytes) -> str | None:
    """The text of an event's line."""
    data = line[6:]
    if not line or data in ("[DONE]", b"[DONE]"):
        return None
    return json.loads(data)["choices"][0]["delta"].get("content")


HEADERS = {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"}


def ours(server: Served) -> Client:
    models = our_models(server)

    def stream(name: str) -> Iterator[str]:
        return models(name).stream(QUESTION)

    return Client(lambda: models(ANY).generate(QUESTION).text, stream)


def our_models(server: Served, *, of_loop: bool = False):
    """The models of a runtime by what they stream."""
    use_ours()
    from opendxa.dana import DanaRuntime

    known = DanaRuntime().models
    made = {}

    def model(name: str):
        if name not in made:
            known.add(name, name, base_url=server.base, api_key=KEY, max_size=2000)
            made[name] = known.get_async(name) if of_loop else known.get(name)
        return made[name]

    return model


def openai(server: Served) -> Client:
    from openai import OpenAI

    client = OpenAI(base_url=server.base, api_key=KEY)

    def ask() -> str:
        return client.chat.completions.create(model=ANY, messages=MESSAGES).choices[0].message.content

    def stream(name: str) -> Iterator[str]:
        for chunk in client.chat.completions.create(model=name, messages=MESSAGES, stream=True):
            if text := chunk.choices[0].delta.content:
                yield text

    return Client(ask, stream)


def litellm(server: Served) -> Client:
    import litellm as engine

    settings = {"messages": MESSAGES, "api_base": server.base, "api_key": KEY}

    def ask() -> str:
        return engine.completion(model=f"openai/{ANY}", **settings).choices[0].message.content

    def stream(name: str) -> Iterator[str]:
        for chunk in engine.completion(model=f"openai/{name}", stream=True, **settings):
            if text := chunk.choices[0].delta.content:
                yield text

    return Client(ask, stream)


def httpx(server: Served) -> Client:
    import httpx as engine

    client = engine.Client(headers=HEADERS, timeout=60)
    address = f"{server.base}/chat/completions"

    def ask() -> str:
        answer = client.post(address, content=body(ANY, stream=False))
        return answer.json()["choices"][0]["message"]["content"]

    def stream(name: str) -> Iterator[str]:
        with client.stream("POST", address, content=body(name, stream=True)) as answer:
            for line in answer.iter_lines():
                if text := piece(line):
                    yield text

    return Client(ask, stream)


def pycurl(server: Served) -> Client:
    """The least that a client can do: one handle, kept, and JSON."""
    import pycurl as engine

    handle = engine.Curl()
    handle.setopt(engine.URL, f"{server.base}/chat/completions")
    handle.setopt(engine.HTTPHEADER, [f"{name}: {value}" for name, value in HEADERS.items()])
    handle.setopt(engine.POST, 1)

    def ask() -> str:
        parts: list[bytes] = []
        handle.setopt(engine.POSTFIELDS, body(ANY, stream=False))
        handle.setopt(engine.WRITEFUNCTION, parts.append)
        handle.perform()
        return json.loads(b"".join(parts))["choices"][0]["message"]["content"]

    def stream(name: str) -> Iterator[str]:
        texts: list[str] = []
        rest = b""

        def take(data: bytes) -> None:
            nonlocal rest
            *lines, rest = (rest + data).split(b"\n")
            texts.extend(text for line in lines if (text := piece(line)))

        handle.setopt(engine.POSTFIELDS, body(name, stream=True))
        handle.setopt(engine.WRITEFUNCTION, take)
        handle.perform()
        return iter(texts)

    return Client(ask, stream)


def ours_async(server: Served) -> AsyncClient:
    models = our_models(server, of_loop=True)

    async def ask() -> str:
        return (await models(ANY).generate(QUESTION)).text

    return AsyncClient(ask, lambda name: models(name).stream(QUESTION))


def openai_async(server: Served) -> AsyncClient:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=server.base, api_key=KEY)

    async def ask() -> str:
        return (await client.chat.completions.create(model=ANY, messages=MESSAGES)).choices[0].message.content

    async def stream(name: str) -> AsyncIterator[str]:
        async for chunk in await client.chat.completions.create(model=name, messages=MESSAGES, stream=True):
            if text := chunk.choices[0].delta.content:
                yield text

    return AsyncClient(ask, stream)


def litellm_async(server: Served) -> AsyncClient:
    import litellm as engine

    settings = {"messages": MESSAGES, "api_base": server.base, "api_key": KEY}

    async def ask() -> str:
        return (await engine.acompletion(model=f"openai/{ANY}", **settings)).choices[0].message.content

    async def stream(name: str) -> AsyncIterator[str]:
        async for chunk in await engine.acompletion(model=f"openai/{name}", stream=True, **settings):
            if text := chunk.choices[0].delta.content:
                yield text

    return AsyncClient(ask, stream)


def aiohttp_async(server: Served) -> AsyncClient:
    """The least that a client of an event loop can do."""
    import aiohttp as engine

    address = f"{server.base}/chat/completions"
    made: list[engine.ClientSession] = []

    def session() -> engine.ClientSession:
        if not made:
            made.append(engine.ClientSession(headers=HEADERS, connector=engine.TCPConnector(limit=0)))
        return made[0]

    async def close() -> None:
        await session().close()

    async def ask() -> str:
        async with session().post(address, data=body(ANY, stream=False)) as answer:
            return json.loads(await answer.read())["choices"][0]["message"]["content"]

    async def stream(name: str) -> AsyncIterator[str]:
        async with session().post(address, data=body(name, stream=True)) as answer:
            async for line in answer.content:
                if text := piece(line.strip()):
                    yield text

    return AsyncClient(ask, stream, close)


CLIENTS = {OURS: ours, "openai": openai, "litellm": litellm, "httpx": httpx, "pycurl": pycurl}
ASYNC_CLIENTS = {OURS: ours_async, "openai": openai_async, "litellm": litellm_async, "aiohttp": aiohttp_async}
