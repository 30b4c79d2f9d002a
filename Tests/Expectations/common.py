"""What the generators of expectations share: a seeded choice of hostile values, and the form of the files.

A file has one case a line, a JSON array: the operation, its arguments, and what CPython 3.11 answers. An answer that
is an exception is written as {"raises": "message"}.
"""

import json
import pathlib
import random
import sys

if sys.version_info[:2] != (3, 11):
    raise SystemExit(f"expectations come from CPython 3.11, this is {sys.version.split()[0]}; run it with python3.11")


def answer(function, *arguments):
    """The value of a call, or its exception's message."""
    try:
        return function(*arguments)
    except Exception as error:  # every kind is an answer here
        return {"raises": str(error)}


def write(name, cases, limit=200_000):
    """Writes cases as a file beside this one."""
    text = "".join(json.dumps(case, ensure_ascii=True, separators=(",", ":")) + "\n" for case in cases)
    if len(text) > limit:
        raise SystemExit(f"{name} has {len(text)} bytes, at most {limit} are wanted; make fewer cases")
    (pathlib.Path(__file__).parent / f"{name}.jsonl").write_text(text)
    print(f"{name}: {len(cases)} cases, {len(text)} bytes")


class Values:
    """A seeded source of texts and numbers."""

    ALPHABETS = ["ab", "aab ", " \t\n\r\x0b\x1c\x85\u2028x", "aZß'\"\\\n\x7f\x00", "aÀéΣσςǅİı'\u0345\ufb01ẞ", "😀a\u0301日本\ue000\u200d", "+-012.eE_"]

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, longest=12):
        alphabet = self.random.choice(self.ALPHABETS)
        return "".join(self.random.choice(alphabet) for _ in range(self.random.randrange(longest + 1)))

    def scalar(self):
        while True:
            value = self.random.choice([0x80, 0x300, 0x3000, 0x11000, 0x20000, 0x110000])
            value = self.random.randrange(value)
            if not 0xD800 <= value < 0xE000:
                return chr(value)
