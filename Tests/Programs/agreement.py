"""Holds the programs in Python/ to what CPython 3.11 does: tells the differences, or writes the expectations.

usage: agreement.py [--write] [FILE ...]
"""

import argparse
import ast
import builtins
import re
import sys
import traceback
import warnings
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = Path(__file__).resolve().parent / "Python"
EXPECTATION = re.compile(r"(?:^|  )# (?:prints:|error(?: \d+)?:)")
OPEN_ERROR = re.compile(r"# error(?: \d+)?: (\w+: .*)…$")
WIDTH = 120


@dataclass
class Outcome:
    """What a program did: the lines each of its statements printed, and the error that ended it."""

    printed: list[tuple[int, list[str]]] = field(default_factory=list)
    error_line: int | None = None
    error: str = ""


def stripped(lines: list[str]) -> list[str]:
    """The program's lines without their expectations."""
    kept = []
    for line in lines:
        if found := EXPECTATION.search(line):
            line = line[: found.start()].rstrip()
            if not line:
                continue
        kept.append(line)
    return kept


def place(error: BaseException, name: str) -> tuple[int, int]:
    """Line and column, in characters from 1, of the innermost frame of the program."""
    if isinstance(error, SyntaxError) and error.filename == name:
        return error.lineno, error.offset
    frames = [frame for frame in traceback.walk_tb(error.__traceback__) if frame[0].f_code.co_filename == name]
    tables = [step for step in _steps(error) if step.tb_frame.f_code.co_filename == name]
    step = tables[-1]
    positions = list(step.tb_frame.f_code.co_positions())[step.tb_lasti // 2]
    return positions[0] or frames[-1][1], (positions[2] or 0) + 1


def _steps(error: BaseException):
    step = error.__traceback__
    while step is not None:
        yield step
        step = step.tb_next


def run(source: str, name: str) -> Outcome:
    """Runs a program statement by statement, so that each line of output has the statement that ended it."""
    outcome = Outcome()
    output: list[str] = []

    def show(*values: object, sep: str | None = " ", end: str | None = "\n") -> None:
        for name, given in (("sep", sep), ("end", end)):
            if given is not None and not isinstance(given, str):
                raise TypeError(f"{name} must be None or a string, not {type(given).__name__}")
        output.append((" " if sep is None else sep).join(map(str, values)) + ("\n" if end is None else end))

    names = {"__name__": "__main__", "__builtins__": {**vars(builtins), "print": show}}
    try:
        tree = ast.parse(source, name)
        for statement in tree.body:
            try:
                exec(compile(ast.Module([statement], []), name, "exec"), names)
            finally:
                text = "".join(output)
                if text.endswith("\n") or text and statement is tree.body[-1]:
                    outcome.printed.append((statement.end_lineno, text.removesuffix("\n").split("\n")))
                    output.clear()
    except BaseException as error:
        line, column = place(error, name)
        if output:
            outcome.printed.append((line, "".join(output).split("\n")))
        source_line = source.split("\n")[line - 1]
        column = len(source_line.encode()[: column - 1].decode()) + 1
        kind = type(error).__name__
        outcome.error_line = line
        message = error.msg if isinstance(error, SyntaxError) else str(error)
        outcome.error = f"# error {column}: {kind}" + (f": {message}" if message else "")
    return outcome


def left_open(error: str, open_errors: list[str]) -> str:
    """The error, shortened to what the program said of it where it left the message's end open."""
    where, _, said = error.partition(": ")
    for begun in open_errors:
        if said.startswith(begun):
            return f"{where}: {begun}…"
    return error


def expected(program: list[str], name: str) -> list[str]:
    """The program with the expectations that CPython gives it."""
    open_errors = [found[1] for line in program if (found := OPEN_ERROR.search(line))]
    lines = stripped(program)
    outcome = run("\n".join(lines), name)
    after: dict[int, list[str]] = {}
    written = list(lines)
    for line, printed in outcome.printed:
        after.setdefault(line, []).extend(printed)
    for line, printed in list(after.items()):
        short = f"{written[line - 1]}  # prints: {printed[0]}"
        if len(printed) == 1 and len(short) <= WIDTH and line != outcome.error_line:
            written[line - 1] = short
            del after[line]
    if outcome.error_line is not None:
        written[outcome.error_line - 1] += f"  {left_open(outcome.error, open_errors)}"
    result = []
    for number, line in enumerate(written, 1):
        result.append(line)
        result.extend(f"# prints: {text}" for text in after.get(number, ()))
    return result


def rewritten(path: Path) -> str:
    programs: list[list[str]] = [[]]
    for line in path.read_text().removesuffix("\n").split("\n"):
        if line == "---":
            programs.append([])
        else:
            programs[-1].append(line)
    return "\n---\n".join("\n".join(expected(lines, path.name)) for lines in programs) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the expectations into the files")
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    if sys.version_info[:2] != (3, 11):
        print(f"error: the programs are held to Python 3.11; this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore", SyntaxWarning)
    differing = 0
    files = options.files or sorted(PROGRAMS.glob("*.na"))
    for path in files:
        old, new = path.read_text(), rewritten(path)
        if old == new:
            continue
        if options.write:
            path.write_text(new)
            continue
        differing += 1
        for number, (ours, theirs) in enumerate(zip(old.split("\n"), new.split("\n")), 1):
            if ours != theirs:
                print(f"{path.name}:{number}: says {ours.strip()!r}, CPython {theirs.strip()!r}")
                break
    print(f"{len(files)} files, {differing} not as CPython has it")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
