"""The module `http` of programs: granted hosts, redirects, limits and cancellation, against a server of the tests' own."""

import asyncio
import json
import textwrap
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from opendxa.dana import DanaRuntime, errors


class Server(ThreadingHTTPServer):
    """A server that knows who was there."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.seen: list[str] = []
        self.has_begun = threading.Event()
        self.peer_left = threading.Event()
        self.may_leave = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


class Handler(BaseHTTPRequestHandler):
    """`/echo` tells what was asked, `/to?URL` redirects, `/big` answers with a megabyte, `/held` with most of one
    until it may leave, `/stall` never does."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.seen.append(f"{self.command} {path}")
        if path == "/to":
            self._answer(b"", 302, {"Location": query})
        elif path == "/big":
            self._answer(b"x" * (1 << 20))
        elif path == "/stall":
            self.server.has_begun.set()
            self.rfile.read(1)
            self.server.peer_left.set()
        elif path == "/held":
            self.send_response(200)
            self.send_header("Content-Length", str(1 << 20))
            self.end_headers()
            self.wfile.write(b"x" * 900_000)
            self.server.may_leave.wait(60)
            self.close_connection = True
        elif path == "/missing":
            self._answer(b"nothing here", 404)
        else:
            told = {"method": self.command, "headers": dict(self.headers), "body": body.decode(), "query": query}
            self._answer(json.dumps(told).encode(), 200, {"X-Twice": "a", "Content-Type": "application/json"})

    do_POST = do_PUT = do_GET

    def _answer(self, body: bytes, status: int = 200, fields: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (fields or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def run(text: str, *capabilities: str, **variables: Any) -> Any:
    with DanaRuntime(shared=False).create_context(allowed_capabilities=capabilities, local=variables) as context:
        return context.eval_dana("import http\n" + text)


def test_a_program_gets_what_is_at_an_address(server: Server) -> None:
    text = "r = http.get(url, headers={'X-Key': 'k'})\n[r.status, r.url, r.headers['x-twice'], r.json(), len(r.body), r.text]"
    status, url, twice, told, size, shown = run(text, "network:127.0.0.1", url=server.url("/echo?a=1"))
    assert (status, url, twice) == (200, server.url("/echo?a=1"), "a")
    assert (told["method"], told["query"], told["headers"]["X-Key"]) == ("GET", "a=1", "k")
    assert size == len(shown) and json.loads(shown) == told


@pytest.mark.parametrize(
    ("body", "kind", "sent"),
    [
        ("'grüße'", "text/plain; charset=utf-8", "grüße"),
        ("b'raw'", None, "raw"),
        ("{'n': [1, 2.5, null]}", "application/json", '{"n": [1, 2.5, null]}'),
    ],
)
def test_bodies_go_as_what_they_are(server: Server, body: str, kind: str | None, sent: str) -> None:
    told = run(f"http.post(url, {body}).json()", "network", url=server.url("/echo"))
    assert (told["method"], told["body"]) == ("POST", sent)
    if kind is not None:
        assert told["headers"]["Content-Type"] == kind


def test_a_content_type_of_the_program_stays(server: Server) -> None:
    text = "http.request('PUT', url, {'a': 1}, headers={'content-type': 'application/x'}).json()"
    told = run(text, "network", url=server.url("/echo"))
    assert told["method"] == "PUT"
    assert [value for name, value in told["headers"].items() if name.lower() == "content-type"] == ["application/x"]


def test_a_status_is_no_error(server: Server) -> None:
    assert run("r = http.get(url)\n(r.status, r.text)", "network", url=server.url("/missing")) == (404, "nothing here")


def test_without_a_grant_nothing_is_asked(server: Server) -> None:
    with pytest.raises(errors.CapabilityError, match=r"network:127\.0\.0\.1"):
        run("http.get(url)", url=server.url("/echo"))
    for granted in ("network:example.com", "network:127.0.0.1:1", "network:127.0.0.1.example.com"):
        with pytest.raises(errors.CapabilityError):
            run("http.get(url)", granted, url=server.url("/echo"))
    assert server.seen == []
    assert run("http.get(url).status", f"network:127.0.0.1:{server.port}", url=server.url("/echo")) == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1@example.com/",
        "http://example.com\\@127.0.0.1/",
        "file:///etc/passwd",
        "http:///path",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:99999/",
        "127.0.0.1/",
        "http://exa mple.com/",
    ],
)
def test_an_address_that_two_readers_could_take_for_two_hosts_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="expects an address"):
        run("http.get(url, timeout=2)", "network", url=url)


def test_redirects_are_followed_to_granted_hosts_only(server: Server) -> None:
    target = server.url("/echo", host="localhost")
    text = "http.get(url, headers={'Authorization': 'secret', 'X-Other': 'o'})"
    start = server.url(f"/to?{target}")
    reached = run(f"r = {text}\n[r.url, r.json()]", "network:127.0.0.1", "network:localhost", url=start)
    assert reached[0] == target
    assert "Authorization" not in reached[1]["headers"]
    assert reached[1]["headers"]["X-Other"] == "o"
    server.seen.clear()
    with pytest.raises(errors.CapabilityError, match="network:localhost"):
        run(text, "network:127.0.0.1", url=start)
    assert server.seen == ["GET /to"]


def test_a_post_that_is_sent_on_becomes_a_get(server: Server) -> None:
    told = run("http.post(url, 'text').json()", "network", url=server.url("/to?/echo"))
    assert (told["method"], told["body"]) == ("GET", "")


def test_redirects_in_a_circle_end(server: Server) -> None:
    with pytest.raises(ConnectionError, match="more than 10 times"):
        run("http.get(url)", "network", url=server.url("/to?/to"))


def test_an_answer_has_a_size(server: Server) -> None:
    with pytest.raises(OSError, match="1048575|bytes|large"):
        run("http.get(url, max_size=1048575)", "network", url=server.url("/big"))
    assert run("len(http.get(url, max_size=1048576).body)", "network", url=server.url("/big")) == 1 << 20


@pytest.mark.parametrize("size", [1 << 20, 10**15])
def test_answers_that_are_more_than_a_context_may_hold_are_not_read(server: Server, size: int) -> None:
    with DanaRuntime(shared=False).create_context(allowed_capabilities=["network"], max_memory="1MB") as context:
        with pytest.raises(OSError, match="1000000 bytes"):
            context.eval_dana(f"import http\nhttp.get('{server.url('/big')}', max_size={size})")
        assert context.eval_dana("6 * 7") == 42


def test_answers_side_by_side_count_together(server: Server) -> None:
    runtime = DanaRuntime(shared=False)
    runtime.function("let_go")(server.may_leave.set)
    with runtime.create_context(allowed_capabilities=["network"], max_memory="4MB") as context:
        program = f"""
            import http
            func fetch():
                try:
                    return http.get('{server.url("/held")}').status
                except OSError as error:
                    let_go()
                    return str(error)
            parallel(*[fetch for _ in range(8)])
        """
        found = context.eval_dana(textwrap.dedent(program))
        assert 1 <= len([text for text in found if "more than the context may hold" in text]) <= 7
        assert context.eval_dana("6 * 7") == 42


def test_null_headers_are_none(server: Server) -> None:
    assert run("http.get(url, headers=null).status", "network", url=server.url("/echo")) == 200


def test_a_request_has_a_time(server: Server) -> None:
    with pytest.raises(TimeoutError):
        run("http.get(url, timeout=0.2)", "network", url=server.url("/stall"))


def test_a_cancelled_request_closes_its_connection(server: Server) -> None:
    async def main() -> None:
        async with DanaRuntime(shared=False).create_context(allowed_capabilities=["network"]) as context:
            task = asyncio.create_task(context.eval_dana_async(f"import http\nhttp.get('{server.url('/stall')}')"))
            assert await asyncio.to_thread(server.has_begun.wait, 60)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(server.peer_left.wait, 60)

    asyncio.run(main())


def test_what_cannot_be_asked_says_why(server: Server) -> None:
    cases = [
        ("http.get(1)", TypeError, "url"),
        ("http.get(url, timeout=0)", ValueError, "timeout"),
        ("http.get(url, max_size=0)", ValueError, "max_size"),
        ("http.get(url, headers={'a b': 'c'})", ValueError, "header"),
        ("http.get(url, headers={'a': 1})", TypeError, r"http.get\(\) expects a dict .* 'headers', got one that holds int"),
        ("http.post(url, 'x', headers=[1])", TypeError, r"http.post\(\) expects a dict .* 'headers', got list"),
        ("http.get(url, timeout=10 ** 400)", ValueError, "up to 86400 seconds, got an int of more than 64 bits"),
        ("http.request('A B', url)", ValueError, "method"),
        ("http.get('http://127.0.0.1:1/')", ConnectionError, "127.0.0.1:1"),
    ]
    for text, kind, word in cases:
        with pytest.raises(kind, match=word):
            run(text, "network", url=server.url("/echo"))
    assert server.seen == []


def test_listeners_hear_where_requests_go(server: Server) -> None:
    events: list[tuple[str, str]] = []
    runtime = DanaRuntime(shared=False)
    with runtime.listen(lambda event: events.append((event.kind, event.subject))):
        with runtime.create_context(allowed_capabilities=["network"]) as context:
            context.eval_dana(f"import http\nhttp.get('{server.url('/to?/echo')}&key=secret').status")
    assert [subject for kind, subject in events if kind == "requested"] == [
        f"GET {server.url('/to')}",
        f"GET {server.url('/echo&key=secret')}",
    ]


@pytest.mark.parametrize("field", ["Host", "host", "Content-Length", "Transfer-Encoding", "Connection", "Expect"])
def test_no_field_says_that_the_request_is_for_another_host(server: Server, field: str) -> None:
    with pytest.raises(ValueError, match=f"sets the header field '{field}' itself"):
        run(f"http.get(url, headers={{'{field}': 'other'}})", "network:127.0.0.1", url=server.url("/echo"))
    assert server.seen == []
