"""The programs that are measured; each has a function `main` that returns a checksum.

`NAME.py` is the program for every engine that reads it; `NAME.na` and `NAME.lua` stand in for it where that engine
needs another text. An engine without the means for a program is left out of its row.
"""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "programs"

COMMON = {
    "fib": "calls: fib(25)",
    "for_loop": "for, 3M turns",
    "while_loop": "while, 3M turns",
    "sieve": "sieve of 1M",
    "text_keys": "dict of 300k strings",
    "integer_keys": "dict of 300k integers",
    "join": "join of 300k strings",
    "concatenation": "s = s + x, 20k times",
    "sort": "sort of 200k integers",
    "keyword_calls": "500k calls with keywords",
}
OWN = {
    "objects": "attributes and methods",
    "closures": "closures",
    "exceptions": "exceptions",
    "generators": "generators",
    "scanning": "text, character by character",
    "floats": "floats",
    "big_integers": "integers of 4,000 digits",
}
TITLES = COMMON | OWN

# The features that an engine does not have, as of the pinned versions.
WITHOUT = {
    "monty": {"generators"},
    "starlark": {"while_loop", "objects", "exceptions", "generators", "scanning"},
}


def path(name: str, ending: str) -> Path | None:
    """The program's text for engines that read files of this ending; nothing where there is none."""
    own = FOLDER / f"{name}.{ending}"
    if own.exists():
        return own
    return None if ending == "lua" else FOLDER / f"{name}.py"
