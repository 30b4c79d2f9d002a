"""A server that speaks real HTTP and misbehaves on request: the path, or the model's name, says how.

It prints one line of JSON with its ports when it is ready, and ends when its standard input does.
Usage: fault_server.py FOLDER (for its unix socket and certificate)
"""

import asyncio
import email.utils
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import urllib.parse
import zlib

# By the tags of requests that only their clients end: the moments when they were there, and when they were left.
arrived: dict[str, asyncio.Future] = {}
closed: dict[str, asyncio.Future] = {}


class Exchange:
    """One request, and the connection to answer it on."""

    def __init__(self, reader, writer, method, target, headers, body):
        self.reader, self.writer = reader, writer
        self.method, self.headers, self.body = method, headers, body
        path, _, query = target.partition("?")
        self.path = path
        self.query = dict(urllib.parse.parse_qsl(query))

    def number(self, name, default):
        return float(self.query.get(name, default))

    async def send(self, data):
        self.writer.write(data if isinstance(data, bytes) else data.encode())
        await self.writer.drain()

    async def answer(self, body=b"", status="200 OK", fields=(), kind="application/json"):
        body = body if isinstance(body, bytes) else body.encode()
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *fields, "", ""]
        await self.send("\r\n".join(lines).encode() + body)

    async def begin(self, kind="text/event-stream", fields=()):
        await self.send("\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {kind}", "Transfer-Encoding: chunked", *fields, "", ""]))

    async def piece(self, data):
        data = data if isinstance(data, bytes) else data.encode()
        await self.send(b"%x\r\n%b\r\n" % (len(data), data))

    async def end(self):
        await self.send(b"0\r\n\r\n")

    async def peer_left(self):
        """Waits until the client closes, and tells whoever asks when that was."""
        mark(arrived, self.query.get("tag"))
        try:
            await self.reader.read()
        except ConnectionError:
            pass
        mark(closed, self.query.get("tag"))

    def reset(self):
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


def moment(moments, tag):
    return moments.setdefault(tag, asyncio.get_running_loop().create_future())


def mark(moments, tag):
    if tag is not None:
        future = moment(moments, tag)
        if not future.done():
            future.set_result(time.monotonic_ns())


# ---- Faults of the transport -------------------------------------------------------------------------------------


async def echo(x):
    """Says what was asked."""
    peer = x.writer.get_extra_info("peername")
    told = {"connection": peer[1] if peer else None, "method": x.method, "path": x.path, "headers": x.headers, "body": x.body.decode(errors="replace")}
    await x.answer(json.dumps(told))


async def when_closed(x):
    """The moment at which the connection with this tag was closed, as soon as it is."""
    await x.answer(json.dumps({"nanoseconds": await moment(closed, x.query["tag"])}))


async def when_arrived(x):
    """The moment at which a request with this tag was there, as soon as it is."""
    await x.answer(json.dumps({"nanoseconds": await moment(arrived, x.query["tag"])}))


async def big(x):
    """A body of so many bytes."""
    left = int(x.number("size", 1 << 20))
    await x.send(f"HTTP/1.1 200 OK\r\nContent-Length: {left}\r\n\r\n")
    sent = 0
    while left:
        part = min(left, 65536)
        await x.send(b"x" * part)
        left -= part
        sent += part
        progress[x.query.get("tag", "")] = sent


progress: dict[str, int] = {}


async def sent(x):
    await x.answer(json.dumps({"bytes": progress.get(x.query["tag"], 0)}))


async def stall_head(x):
    await x.peer_left()


async def stall_body(x):
    await x.begin(kind="text/plain")
    await x.piece("begun")
    await x.peer_left()


async def slow_head(x):
    """One byte of the head at a time, without end."""
    await x.send("HTTP/1.1 200 OK\r\nX-Slow: ")
    watch = asyncio.create_task(x.peer_left())
    while not watch.done():
        await x.send("a")
        await asyncio.sleep(0.01)


async def big_head(x):
    await x.send("HTTP/1.1 200 OK\r\n" + "".join(f"X-{i}: {'a' * 1000}\r\n" for i in range(200)) + "\r\n")


async def big_line(x):
    await x.send(f"HTTP/1.1 200 OK\r\nX-Long: {'a' * 200_000}\r\n\r\n")


async def reset_head(x):
    x.reset()


async def reset_body(x):
    await x.begin(kind="text/plain")
    await x.piece("begun")
    await asyncio.sleep(0.02)
    x.reset()


async def truncated(x):
    """Promises more than it sends."""
    await x.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    x.writer.close()


async def not_http(x):
    await x.send("SSH-2.0-OpenSSH_9.2\r\n\r\n")
    x.writer.close()


async def until_close(x):
    """A body that the end of the connection ends."""
    await x.send("HTTP/1.1 200 OK\r\n\r\nall of it")
    x.writer.close()


async def interim(x):
    await x.send("HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n")
    await x.answer("{}", fields=["X-Late: yes"])


async def redirect(x):
    await x.answer("", "302 Found", [f"Location: http://{x.headers['host']}/echo"])


async def events(x):
    """So many events, so far apart."""
    await x.begin()
    for i in range(int(x.number("n", 20))):
        await x.piece(f"data: {i}\n\n")
        await asyncio.sleep(x.number("delay", 0))
    await x.end()


async def endless(x):
    """Events until the client leaves."""
    await x.begin()
    watch = asyncio.create_task(x.peer_left())
    while not watch.done():
        await x.piece("data: again\n\n")
        await asyncio.sleep(x.number("delay", 0.005))


async def then_close(x):
    """Answers as if the connection stayed, and closes it when the next request is about to come."""
    await x.answer("{}")
    x.writer.close()


# ---- A model of three protocols, and its faults ------------------------------------------------------------------

WORDS = ["Once ", "upon ", "a ", "time."]


def chat_chunk(delta, reason=None):
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return "data: " + json.dumps({"id": "chat-1", "model": "fault", "choices": [choice]}) + "\n\n"


CHAT_USAGE = {"prompt_tokens": 7, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 2}}


def chat_whole(text):
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return json.dumps({"id": "chat-1", "model": "fault", "choices": [choice], "usage": CHAT_USAGE})


async def chat(x):
    request = json.loads(x.body)
    fault = request["model"]
    if fault in CHAT_FAULTS:
        await CHAT_FAULTS[fault](x, request)
    elif request.get("stream"):
        await chat_stream(x, request)
    else:
        await x.answer(chat_whole("".join(WORDS)))


async def chat_stream(x, request, words=WORDS, done=True):
    await x.begin(fields=["X-Request-Id: request-1"])
    await x.piece(chat_chunk({"role": "assistant", "content": None}))
    for word in words:
        await x.piece(chat_chunk({"content": word}))
    await x.piece(chat_chunk({}, "stop"))
    await x.piece("data: " + json.dumps({"id": "chat-1", "choices": [], "usage": CHAT_USAGE}) + "\n\n")
    if done:
        await x.piece("data: [DONE]\n\n")
    await x.end()


def failing(status, body, fields=lambda: []):
    async def fail(x, request):
        await x.answer(body, status, ["X-Request-Id: request-2", *fields()])

    return fail


async def chat_compressed(x, request):
    """Compresses what nobody asked it to compress."""
    packing = zlib.compressobj(wbits=31)
    fields = ["Content-Encoding: gzip"]
    if "accept-encoding" in x.headers:
        await x.answer("compression was asked for", "400 Bad Request")
    elif request.get("stream"):
        await x.begin(fields=fields)
        for word in WORDS:
            await x.piece(packing.compress(chat_chunk({"content": word}).encode()) + packing.flush(zlib.Z_SYNC_FLUSH))
        await x.piece(packing.compress(b"data: [DONE]\n\n") + packing.flush())
        await x.end()
    else:
        await x.answer(packing.compress(chat_whole("".join(WORDS)).encode()) + packing.flush(), fields=fields)


async def chat_no_done(x, request):
    await chat_stream(x, request, done=False)


async def chat_half_line(x, request):
    await x.begin()
    await x.piece(chat_chunk({"content": "Once "}))
    await x.piece('data: {"choices": [{"delta": {"con')
    await x.end()


async def chat_wrong_event(x, request):
    await x.begin()
    await x.piece(chat_chunk({"content": "Once "}))
    await x.piece("data: {wrong}\n\n")
    await x.piece("data: [DONE]\n\n")
    await x.end()


async def chat_error_event(x, request):
    await x.begin()
    await x.piece(chat_chunk({"content": "Once "}))
    await x.piece('data: {"error": {"message": "the engine stopped", "type": "server_error"}}\n\n')
    await x.end()


async def chat_reset(x, request):
    await x.begin()
    await x.piece(chat_chunk({"content": "Once "}))
    await asyncio.sleep(0.02)
    x.reset()


async def chat_stall(x, request):
    await x.begin()
    await x.piece(chat_chunk({"content": "Once "}))
    await x.peer_left()
    mark(closed, request.get("user"))


async def chat_endless(x, request):
    """Words until the client leaves."""
    await x.begin()
    watch = asyncio.create_task(x.peer_left())
    try:
        while not watch.done():
            await x.piece(chat_chunk({"content": "again "}))
            await asyncio.sleep(0.005)
    finally:  # writing to a client that has left may fail before the watch sees it go
        mark(closed, request.get("user"))


async def chat_long_event(x, request):
    """A line longer than any limit."""
    await x.begin()
    for _ in range(200):
        await x.piece("data: " if _ == 0 else "x" * 65536)
    await x.end()


async def chat_one_byte(x, request):
    """A whole stream, each byte by itself, with CRLF ends."""
    text = "".join(chat_chunk({"content": word}) for word in WORDS) + chat_chunk({}, "stop") + "data: [DONE]\n\n"
    await x.begin()
    for byte in text.replace("\n", "\r\n").encode():
        await x.piece(bytes([byte]))
    await x.end()


async def chat_flaky(x, request):
    """Fails so often as `seed` says for this `user`, then answers."""
    flaky[request["user"]] = flaky.get(request["user"], 0) + 1
    if flaky[request["user"]] <= request.get("seed", 0):
        await x.answer('{"error": {"message": "try again", "type": "server_error"}}', "500 Internal Server Error")
    elif request.get("stream"):
        await chat_stream(x, request)
    else:
        await x.answer(chat_whole("at last"))


flaky: dict[str, int] = {}


async def chat_stall_once(x, request):
    """The first request of this `user` is answered with the head alone, the others well."""
    user = request["user"]
    stalled[user] = stalled.get(user, 0) + 1
    if stalled[user] > 1:
        await chat_stream(x, request)
        return
    await x.begin()
    await x.piece(chat_chunk({"role": "assistant", "content": None}))
    await x.peer_left()
    mark(closed, user)


stalled: dict[str, int] = {}


async def chat_held(x, request):
    """Begins, goes on when the `user` is released, and says how many requests of theirs there were."""
    user = request["user"]
    held[user] = held.get(user, 0) + 1
    await x.begin()
    await x.piece(chat_chunk({"content": "Once "}))
    await released(user).wait()
    await x.piece(chat_chunk({"content": str(held[user])}) + chat_chunk({}, "stop") + "data: [DONE]\n\n")
    await x.end()


async def chat_held_reset(x, request):
    """The same, but the connection of this `user`'s first request is lost when it is released."""
    if held.get(request["user"], 0):
        await chat_held(x, request)
        return
    held[request["user"]] = 1
    await x.begin()
    await x.piece(chat_chunk({"content": "Once "}))
    await released(request["user"]).wait()
    x.reset()


held: dict[str, int] = {}
releases: dict[str, asyncio.Event] = {}


def released(user):
    return releases.setdefault(user, asyncio.Event())


async def release(x):
    released(x.query["tag"]).set()
    await x.answer("{}")


async def chat_answer(x, request, text, calls=()):
    """A whole answer or a stream, as it was asked for."""
    if not request.get("stream"):
        message = {"role": "assistant", "content": text, "tool_calls": list(calls)} if calls else {"role": "assistant", "content": text}
        choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}
        await x.answer(json.dumps({"id": "chat-1", "model": "fault", "choices": [choice], "usage": CHAT_USAGE}))
    elif calls:
        await x.begin()
        await x.piece(chat_chunk({"tool_calls": [{"index": index, **call} for index, call in enumerate(calls)]}))
        await x.piece(chat_chunk({}, "tool_calls") + "data: [DONE]\n\n")
        await x.end()
    else:
        await chat_stream(x, request, words=[text])


async def chat_echo(x, request):
    """Answers with what it was asked, and with which headers."""
    await chat_answer(x, request, json.dumps({**request, "headers": x.headers}))


async def chat_say(x, request):
    """Answers with the field `say`: a text, or what to say at each step, where a list of names and arguments calls tools and
    null repeats the last message."""
    said = request["say"]
    if isinstance(said, list):
        said = said[sum(message["role"] == "assistant" for message in request["messages"])]
    if said is None:
        said = request["messages"][-1]["content"]
    if isinstance(said, str):
        await chat_answer(x, request, said)
        return
    calls = [
        {"id": f"call-{number}", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
        for number, (name, arguments) in enumerate(said)
    ]
    await chat_answer(x, request, None, calls)


CHAT_FAULTS = {
    "echo": chat_echo,
    "say": chat_say,
    "429-seconds": failing("429 Too Many Requests", '{"error": {"message": "slow down", "type": "rate_limit_exceeded"}}', lambda: ["Retry-After: 7"]),
    "429-date": failing("429 Too Many Requests", '{"error": {"message": "slow down"}}', lambda: ["Retry-After: " + email.utils.formatdate(time.time() + 30, usegmt=True)]),
    "500": failing("500 Internal Server Error", "<html>oops</html>"),
    "401": failing("401 Unauthorized", '{"error": {"message": "Incorrect API key provided: sk-test-0123456789abcdef", "code": "invalid_api_key"}}'),
    "wrong-json": failing("200 OK", '{"choices": ['),
    "no-choices": failing("200 OK", '{"choices": []}'),
    "compressed": chat_compressed,
    "no-done": chat_no_done,
    "half-line": chat_half_line,
    "wrong-event": chat_wrong_event,
    "error-event": chat_error_event,
    "reset": chat_reset,
    "stall": chat_stall,
    "endless": chat_endless,
    "long-event": chat_long_event,
    "one-byte": chat_one_byte,
    "flaky": chat_flaky,
    "stall-once": chat_stall_once,
    "held": chat_held,
    "held-reset": chat_held_reset,
}

ROUTES = {
    "/echo": echo,
    "/arrived": when_arrived,
    "/closed": when_closed,
    "/sent": sent,
    "/release": release,
    "/big": big,
    "/stall-head": stall_head,
    "/stall-body": stall_body,
    "/slow-head": slow_head,
    "/big-head": big_head,
    "/big-line": big_line,
    "/reset-head": reset_head,
    "/reset-body": reset_body,
    "/truncated": truncated,
    "/not-http": not_http,
    "/until-close": until_close,
    "/interim": interim,
    "/redirect": redirect,
    "/events": events,
    "/endless": endless,
    "/then-close": then_close,
    "/v1/chat/completions": chat,
}


async def serve(reader, writer):
    x = None
    try:
        while not writer.is_closing():
            head = await reader.readuntil(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            method, target, _ = lines[0].split(" ")
            if target.startswith("http://"):  # asked as a proxy
                target = "/" + target.split("/", 3)[3]
            headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            x = Exchange(reader, writer, method, target, headers, body)
            route = ROUTES.get(x.path)
            if route:
                await route(x)
            else:
                await x.answer('{"error": {"message": "no such path"}}', "404 Not Found")
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        if x:
            mark(closed, x.query.get("tag"))
        writer.close()


def certificate(folder):
    """A certificate for localhost that nobody has signed."""
    files = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-out", files[0], "-keyout", files[1]]
    subprocess.run(command, check=True, capture_output=True)
    return files


def end_with_input(loop, stop):
    """The server ends with whoever started it."""
    sys.stdin.buffer.read()
    loop.call_soon_threadsafe(stop.set)


async def main(folder):
    stop = asyncio.Event()
    plain = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=4096, limit=1 << 24)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate_file, key_file = certificate(folder)
    context.load_cert_chain(certificate_file, key_file)
    tls = await asyncio.start_server(serve, "localhost", 0, ssl=context, family=socket.AF_INET)
    path = os.path.join(folder, "server.sock")
    unix = await asyncio.start_unix_server(serve, path)
    ports = {"port": plain.sockets[0].getsockname()[1], "tls": tls.sockets[0].getsockname()[1]}
    print(json.dumps({**ports, "socket": path, "certificate": certificate_file}), flush=True)
    threading.Thread(target=end_with_input, args=(asyncio.get_running_loop(), stop), daemon=True).start()
    async with plain, tls, unix:
        await stop.wait()
    os._exit(0)


asyncio.run(main(sys.argv[1]))
