"""A server that speaks HTTP/2 alone, by TLS, and answers each request with the same JSON.

It prints one line of JSON with its port and its certificate's file when it is ready, and ends when its standard input
does. Usage: http2_server.py FOLDER (for its certificate)
"""

import json
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, SETTINGS, PING = 0, 1, 4, 6
END_STREAM, ACKNOWLEDGED, END_HEADERS = 1, 1, 4
KIND = b"application/json"
# HPACK: `:status 200` is the 8th of the fixed table, `content-type` the name of the 31st.
HEAD = b"\x88\x5f" + bytes([len(KIND)]) + KIND
ANSWER = {
    "model": "http2",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "by HTTP/2"}, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 2},
}


def frame(kind: int, flags: int, stream: int, content: bytes = b"") -> bytes:
    return len(content).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + content


def read(connection: ssl.SSLSocket, length: int) -> bytes:
    content = b""
    while len(content) < length:
        part = connection.recv(length - len(content))
        if not part:
            raise EOFError
        content += part
    return content


def serve(connection: ssl.SSLSocket) -> None:
    """Answers every stream that has ended."""
    if read(connection, len(PREFACE)) != PREFACE:
        raise ValueError("this is not HTTP/2")
    connection.sendall(frame(SETTINGS, 0, 0))
    while True:
        head = read(connection, 9)
        kind, flags, stream = head[3], head[4], int.from_bytes(head[5:], "big")
        content = read(connection, int.from_bytes(head[:3], "big"))
        if kind == SETTINGS and not flags & ACKNOWLEDGED:
            connection.sendall(frame(SETTINGS, ACKNOWLEDGED, 0))
        elif kind == PING and not flags & ACKNOWLEDGED:
            connection.sendall(frame(PING, ACKNOWLEDGED, 0, content))
        elif kind in (DATA, HEADERS) and flags & END_STREAM:
            connection.sendall(frame(HEADERS, END_HEADERS, stream, HEAD))
            connection.sendall(frame(DATA, END_STREAM, stream, json.dumps(ANSWER).encode()))


def accept(listener: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        plain, _ = listener.accept()
        try:
            with context.wrap_socket(plain, server_side=True) as connection:
                serve(connection)
        except (EOFError, OSError, ValueError):
            continue


def main(folder: Path) -> None:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*command, "-out", certificate, "-keyout", key], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    listener = socket.create_server(("localhost", 0))
    threading.Thread(target=accept, args=(listener, context), daemon=True).start()
    print(json.dumps({"port": listener.getsockname()[1], "certificate": str(certificate)}), flush=True)
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
