"""Routes of FastAPI that call a Dana function in a fresh context, beside those that call Python's: the server's CPU.

Requests go one after the other over one connection that stays open; routes take turns within a round.
"""

import json
import socket
import subprocess
from contextlib import closing

from harness.bars import Bar
from harness.environment import BENCHMARKS, PYTHON, Missing, say
from harness.rows import OURS, Row

ROUTE = "FastAPI route with a context of its own, CPU of the server"
DEPENDENCY = "FastAPI route with the dependency dana_context, CPU of the server"
ROUTES = ("python", "dana", "nothing", "dependency")
REQUESTS = 200


class Client:
    """One connection to the service."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._answers = self._socket.makefile("rb")

    def get(self, path: str) -> object:
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        status = self._answers.readline()
        length = 0
        while (line := self._answers.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = self._answers.read(length)
        if b" 200 " not in status:
            raise Missing(f"the service answered {path} with {status.decode().strip()}: {body.decode()}")
        return json.loads(body)

    def seconds(self) -> float:
        """CPU seconds of the server so far."""
        return float(str(self.get("/time")))

    def each(self, route: str, requests: int) -> float:
        """Microseconds of the server's CPU a request."""
        start = self.seconds()
        for _ in range(requests):
            if self.get(f"/{route}?width=3&height=4") != 12:
                raise AssertionError(f"/{route} did not answer 12")
        return (self.seconds() - start) / requests * 1e6

    def close(self) -> None:
        self._answers.close()
        self._socket.close()


def measure(quick: bool) -> list[Row]:
    values: dict[str, list[float]] = {}
    server = subprocess.Popen([PYTHON, "-m", "runtime.server"], cwd=BENCHMARKS, stdout=subprocess.PIPE, text=True)
    try:
        port = server.stdout.readline().strip() if server.stdout else ""
        if not port:
            say("left out: the service, which did not start")
            return []
        with closing(Client(int(port))) as client:
            for route in ROUTES:
                client.each(route, 500)
            for number in range(9 if quick else 31):
                for route in ROUTES[:: -1 if number % 2 else 1]:
                    values.setdefault(route, []).append(client.each(route, REQUESTS))
    finally:
        server.terminate()
        server.wait()
    return [
        Row(ROUTE, "us", {OURS: values["dana"], "python": values["python"]}),
        Row(DEPENDENCY, "us", {OURS: values["dependency"], "nothing": values["nothing"]}),
    ]


def bars(rows: dict[str, Row]) -> list[Bar]:
    route, dependency = rows.get(ROUTE), rows.get(DEPENDENCY)
    return [
        Bar("FastAPI route: ratio to a function of Python's", route and route.ratio("python"), 1.1),
        Bar("FastAPI dependency: ratio to one that does nothing", dependency and dependency.ratio("nothing"), 1.1),
    ]
