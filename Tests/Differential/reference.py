"""What CPython makes of a program: its output, and the kind, message and line of the error that ended it."""

import builtins
import re
import signal
from dataclasses import dataclass

SECONDS = 0.25
OUTPUT = 20_000
# Where CPython says at what address a function or a generator lies.
ADDRESS = re.compile(r" at 0x[0-9a-f]+(?=>)")


@dataclass(frozen=True)
class Outcome:
    """An error's kind is empty for a program that came to its end."""

    output: str
    kind: str = ""
    message: str = ""
    line: int = 0


class TooLong(BaseException):
    """A program that is of no use: it runs too long or says too much."""


def _too_long(*_: object) -> None:
    raise TooLong


def run(source: str) -> Outcome | None:
    """Runs a program; nothing for one that cannot be compiled, takes too long or prints too much."""
    output: list[str] = []
    size = 0

    def show(*values: object, sep: str = " ", end: str = "\n") -> None:
        nonlocal size
        text = ADDRESS.sub("", sep.join(map(str, values))) + end
        size += len(text)
        if size > OUTPUT:
            raise TooLong
        output.append(text)

    try:
        code = compile(source, "program", "exec")
    except SyntaxError:
        return None
    names = {"__builtins__": {**vars(builtins), "print": show}}
    signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        exec(code, names)
        return Outcome("".join(output))
    except (TooLong, MemoryError):
        return None
    except Exception as error:
        line = 0
        step = error.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename == "program":
                line = step.tb_lineno
            step = step.tb_next
        return Outcome("".join(output), type(error).__name__, str(error), line)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
