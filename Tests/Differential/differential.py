"""Runs programs of a seeded generator in CPython and in Dana and holds every answer of Dana's to CPython's.

usage: differential.py PROBE [--count N] [--seed N] [--messages] [--keep-going N]

Program number n has seed SEED + n. Output, error kind and the line of the error must agree; `--messages` also compares
the messages. The first disagreements are made small and shown. PROBE is the language-probe executable.
"""

import argparse
import multiprocessing
import re
import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

from probe import Crashed, Probe
from programs import Program
from reference import Outcome, run
from shrink import shrunk

WORKERS = 2
CHUNK = 200


@dataclass(frozen=True)
class Disagreement:
    seed: int
    expected: Outcome
    got: Outcome | str


class Comparison:
    """Both sides, and what counts as the same answer."""

    def __init__(self, executable: Path, messages: bool):
        self.probe = Probe(executable)
        self.messages = messages

    def differing(self, source: str) -> tuple[Outcome, Outcome | str] | None:
        """The two answers to a program when they differ."""
        expected = run(source)
        if expected is None:
            return None
        try:
            got = self.probe.run(source)
        except Crashed as crash:
            return expected, str(crash)
        same = (in_order(got.output), got.kind, got.line) == (in_order(expected.output), expected.kind, expected.line)
        if same and (not self.messages or got.message == expected.message):
            return None
        return expected, got


def in_order(output: str) -> str:
    """The output with the items of sets sorted: Dana keeps their order of insertion, CPython has none."""
    return re.sub(r"\{([^{}:]+)\}", lambda found: "{" + ", ".join(sorted(found[1].split(", "))) + "}", output)


def signature(answers: tuple[Outcome, Outcome | str] | None) -> tuple | None:
    """In what way two answers differ, so that shrinking does not wander to another fault."""
    if answers is None:
        return None
    expected, got = answers
    if isinstance(got, str):
        return ("crash",)
    output = in_order(expected.output) != in_order(got.output) and expected.kind == got.kind
    return (expected.kind, got.kind, output, expected.message.split("'")[0][:20] if expected.kind else "")


_comparison: Comparison | None = None


def _begin(executable: Path, messages: bool) -> None:
    global _comparison
    warnings.simplefilter("ignore")
    _comparison = Comparison(executable, messages)


def _chunk(seeds: range) -> tuple[int, float, list[Disagreement]]:
    """How many of the programs ran on both sides, the CPU time, and where the answers differ."""
    started = time.process_time()
    found = []
    ran = 0
    for seed in seeds:
        answers = _comparison.differing(Program(seed).text())
        ran += 1
        if answers:
            found.append(Disagreement(seed, *answers))
    return ran, time.process_time() - started, found


def described(outcome: Outcome | str) -> str:
    if isinstance(outcome, str):
        return f"    {outcome}"
    error = f"\n    {outcome.kind} in line {outcome.line}: {outcome.message}" if outcome.kind else ""
    return "\n".join(f"    | {line}" for line in outcome.output.splitlines()) + error


def explain(disagreement: Disagreement, comparison: Comparison) -> str:
    source = Program(disagreement.seed).text()
    wanted = signature((disagreement.expected, disagreement.got))
    small = shrunk(source, lambda text: signature(comparison.differing(text)) == wanted)
    expected, got = comparison.differing(small) or (disagreement.expected, disagreement.got)
    return f"seed {disagreement.seed}:\n{small}  CPython:\n{described(expected)}\n  Dana:\n{described(got)}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("probe", type=Path)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--messages", action="store_true")
    parser.add_argument("--keep-going", type=int, default=3, metavar="N", help="how many disagreements to explain")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    last = options.seed + options.count
    chunks = [range(first, min(first + CHUNK, last)) for first in range(options.seed, last, CHUNK)]
    found: list[Disagreement] = []
    ran, seconds = 0, 0.0
    with multiprocessing.Pool(WORKERS, _begin, (options.probe, options.messages)) as pool:
        for count, taken, disagreements in pool.imap(_chunk, chunks):
            ran, seconds = ran + count, seconds + taken
            found += disagreements
    print(f"{ran} programs, seeds {options.seed} to {last - 1}: {len(found)} differ ({seconds:.0f} s of CPU in Python)")
    comparison = Comparison(options.probe, options.messages)
    seen = set()
    for disagreement in found:
        mark = signature((disagreement.expected, disagreement.got))
        if mark in seen:
            continue
        seen.add(mark)
        if len(seen) > options.keep_going:
            break
        print("\n" + explain(disagreement, comparison), flush=True)
    comparison.probe.close()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
