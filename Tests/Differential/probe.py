"""Dana's side: a process that runs programs sent to it and says what came of each."""

import subprocess
from pathlib import Path

from reference import Outcome


class Crashed(Exception):
    """The process ended instead of answering."""


class Probe:
    """One process, started again after it has crashed.

    A program goes in as `BYTES\\n` and its text; an answer comes back as `OUTPUT KIND MESSAGE LINE\\n`, the numbers of
    bytes of the three and the error's line, and then the three.
    """

    def __init__(self, executable: Path):
        self.executable = executable
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, source: str) -> Outcome:
        if self.process is None:
            self.process = subprocess.Popen([self.executable], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        text = source.encode()
        try:
            self.process.stdin.write(b"%d\n%s" % (len(text), text))
            self.process.stdin.flush()
            head = self.process.stdout.readline().split()
        except BrokenPipeError:
            head = []
        if len(head) != 4:
            status = self.process.wait()
            self.process = None
            raise Crashed(f"the process ended with status {status}")
        sizes = [int(part) for part in head[:3]]
        output, kind, message = (self.process.stdout.read(size).decode() for size in sizes)
        return Outcome(output, kind, message, int(head[3]))

    def close(self) -> None:
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None
