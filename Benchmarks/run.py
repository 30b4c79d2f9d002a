"""Runs one benchmark: sets up what it needs, prints its table and its bars, writes Benchmarks/results/NAME.json.

usage: run.py NAME [--quick] [--only PART ...]

A missed bar is printed, and is no failure of the run.
"""

import argparse
import importlib
import sys
import time

from harness.bars import report
from harness.environment import BENCHMARKS, OUT, RESULTS, Missing, say
from harness.rows import table, write


def main() -> int:
    names = sorted(path.parent.name for path in BENCHMARKS.glob("*/suite.py"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=names, help="which benchmark")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: a first look, not a result")
    parser.add_argument("--only", action="append", metavar="PART", help="only this part; may be given again")
    options = parser.parse_args()
    suite = importlib.import_module(f"{options.name}.suite")
    unknown = set(options.only or ()) - set(suite.PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(suite.PARTS)}")
    start = time.monotonic()
    try:
        suite.prepare()
        rows = []
        for part in options.only or suite.PARTS:
            say(f"measuring {part} ({time.monotonic() - start:.0f} s)")
            rows += suite.PARTS[part](options.quick)
    except Missing as missing:
        say(f"error: {missing}")
        return 1
    partial = options.quick or options.only
    results = (OUT if partial else RESULTS) / f"{options.name}.json"
    write(results, rows)
    print(table(rows))
    print()
    print(report(suite.bars(rows, options.only or list(suite.PARTS))))
    say(f"{time.monotonic() - start:.0f} s; written to {results.relative_to(BENCHMARKS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
