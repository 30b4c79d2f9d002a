"""A fast server that speaks the OpenAI protocol and always says the same, for clients under measure.

The model's name says how: `TOKENSxMILLISECONDS` streams so many tokens, so far apart; 0 for all at once. `GET /closed`
tells, and forgets, when connections were closed in the middle of an answer: nanoseconds of the monotonic clock.

Prints its port when it is ready, and ends when its standard input does.
"""

import asyncio
import json
import re
import socket
import sys
import threading
import time

import uvloop

TEXT = "The quick brown fox jumps over the lazy dog."
WHOLE = json.dumps(
    {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "echo",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": TEXT}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 10, "total_tokens": 19},
    }
).encode()
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
STREAM = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
MODEL = re.compile(rb'"model": ?"(?:openai/)?(\d+)x([\d.]+)"')


def event(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "echo", "choices": [choice]}
    return chunked(f"data: {json.dumps(chunk)}\n\n".encode())


def chunked(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


FIRST = event({"role": "assistant", "content": ""})
# Some clients refuse a model that repeats itself.
TOKENS = [event({"content": f" {word}"}) for word in TEXT.split()]
LAST = event({}, "stop") + chunked(b"data: [DONE]\n\n") + b"0\r\n\r\n"


class Connection(asyncio.Protocol):
    """One client's connection, whose requests come one after the other."""

    closed: list[int] = []

    def __init__(self) -> None:
        self._received = b""
        self._left = 0
        self._pause = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def connection_lost(self, error: Exception | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self.closed.append(time.monotonic_ns())

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end].lower()
            found = re.search(rb"content-length: *(\d+)", head)
            total = end + 4 + (int(found[1]) if found else 0)
            if len(self._received) < total:
                return
            body, self._received = self._received[end + 4 : total], self._received[total:]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"get /closed"):
            told = json.dumps(self.closed).encode()
            self.closed.clear()
            self._transport.write(ANSWER % (len(told), told))
        elif b'"stream":true' in body or b'"stream": true' in body:
            found = MODEL.search(body)
            tokens, milliseconds = (int(found[1]), float(found[2])) if found else (10, 0.0)
            self._left, self._pause = tokens, milliseconds / 1000
            self._transport.write(STREAM + FIRST)
            self._timer = asyncio.get_running_loop().call_soon(self._next)
        else:
            self._transport.write(ANSWER % (len(WHOLE), WHOLE))

    def _next(self) -> None:
        if self._left == 0:
            self._timer = None
            self._transport.write(LAST)
        elif self._pause == 0:
            tokens, self._left = self._left, 0
            self._transport.write(b"".join(TOKENS[number % len(TOKENS)] for number in range(tokens)))
            self._timer = asyncio.get_running_loop().call_soon(self._next)
        else:
            self._left -= 1
            self._transport.write(TOKENS[self._left % len(TOKENS)])
            self._timer = asyncio.get_running_loop().call_later(self._pause, self._next)


def end_with_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(stop.set)


async def main() -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=end_with_input, args=(loop, stop), daemon=True).start()
    await stop.wait()


if __name__ == "__main__":
    uvloop.run(main())
