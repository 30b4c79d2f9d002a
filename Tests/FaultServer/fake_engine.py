"""Stands for the embedded model's engine: the same start, key and socket, and answers that say what happened.

The name of the model says how it starts: `fails`, `dies`, `hangs`, or anything else for well. The last message of a
request says how it answers: `die` ends the process before the answer, `break` within it.
"""

import asyncio
import json
import os
import shutil
import sys
import threading

settings = json.loads(sys.argv[1])
mode = settings.get("model", "")


def tell(event, **facts):
    os.write(1, (json.dumps({"event": event, **facts}) + "\n").encode())


def chunk(text, reason=None):
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
    return "data: " + json.dumps({"id": "1", "model": "fake", "choices": [choice]}) + "\n\n"


async def serve(reader, writer):
    async def piece(text):
        writer.write(f"{len(text):x}\r\n{text}\r\n".encode())
        await writer.drain()

    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = {k.lower(): v for k, _, v in (line.partition(": ") for line in head.split("\r\n")[1:])}
            request = json.loads(await reader.readexactly(int(fields["content-length"])))
            word = request["messages"][-1]["content"]
            if fields.get("authorization") != f"Bearer {key}":
                writer.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
                continue
            if word == "die":
                os._exit(9)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            await piece(chunk(f"{os.getpid()} {request.get('temperature')} {request['stream']}"))
            if word == "break":
                await asyncio.sleep(0.02)
                os._exit(9)
            await piece(chunk("", "stop") + "data: [DONE]\n\n")
            writer.write(b"0\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def end_with_owner():
    while os.read(0, 4096):
        pass
    shutil.rmtree(settings["folder"], ignore_errors=True)
    os._exit(0)


async def main():
    path = os.path.join(settings["folder"], "engine.sock")
    server = await asyncio.start_unix_server(serve, path)
    tell("ready", socket=path, model="fake")
    await server.serve_forever()


key = b""
while (byte := os.read(0, 1)) not in (b"", b"\n"):
    key += byte
key = key.decode()
tell("fetching", package="fake==1", bytes=7)
if mode == "fails":
    tell("failed", reason="the engine is not installed")
    os._exit(1)
if mode == "dies":
    os._exit(3)
threading.Thread(target=end_with_owner, daemon=True).start()
if mode == "hangs":
    threading.Event().wait()
tell("loading")
asyncio.run(main())
