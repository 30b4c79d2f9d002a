"""Writes formats.jsonl: what CPython writes for numbers and texts under formats, and what it refuses."""

import struct

from common import Values, answer, write

values = Values(11)
random = values.random
pick = random.choice
cases = []

FLOATS = [
    0.0, -0.0, 1.0, -1.5, 0.1, 0.5, 1.5, 2.5, 1e15, 1e16, 9999999999999998.0, 12345678901234567.0, 1.8e16, 1e17, 1e22, 1e23,
    123456789.123456789, 1e-4, 1e-5, 0.00012345, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, 0.045, 2.675, 1e100,
    -1e-7, 999999.5, 99999.95, 0.000099999, float("inf"), float("-inf"), float("nan"), -0.0001, 1234567.0, 1e6, 1e5, 123456.0,
]


def any_float():
    kind = random.randrange(4)
    if kind == 0:
        return pick(FLOATS)
    if kind == 1:
        return struct.unpack("<d", random.randbytes(8))[0]
    if kind == 2:
        return round(random.uniform(-1000, 1000), random.randrange(6))
    return random.randrange(-(10**6), 10**6) / pick([1, 2, 4, 8, 16, 1024, 10, 100])


def any_integer():
    return pick([0, 1, -1, 7, 42, -255, 1000, 12345, 1234567, -98765432, 2**40, 2**63 - 1, -(2**63), random.randrange(-(10**9), 10**9)])


def bits(value):
    """A float as text that names it exactly."""
    return struct.pack(">d", value).hex()


def specification():
    if random.randrange(12) == 0:
        return "".join(pick("0123456789,_.<>^=+- z#dfgs%xné") for _ in range(random.randrange(1, 6)))
    parts = [
        pick(["", "", "", "<", ">", "^", "=", "*<", "é^", "0=", "_>"]),
        pick(["", "", "", "+", "-", " "]),
        pick(["", "", "", "", "", "z"]),
        pick(["", "", "", "#"]),
        pick(["", "", "0"]),
        pick(["", "", "1", "5", "8", "9", "12", "13", "20", "21"]),
        pick(["", "", "", ",", "_"]),
        pick(["", "", "", ".0", ".1", ".2", ".3", ".5", ".10", ".17", ".25"]),
        pick(["", "", "", "d", "b", "o", "x", "X", "c", "n", "e", "E", "f", "F", "g", "G", "%", "s", "q"]),
    ]
    return "".join(parts)


for value in FLOATS + [any_float() for _ in range(150)]:
    cases.append(["repr", bits(value), repr(value)])
for _ in range(500):
    value, spec = any_float(), specification()
    cases.append(["float", bits(value), spec, answer(format, value, spec)])
for _ in range(500):
    value, spec = any_integer(), specification()
    cases.append(["int", str(value), spec, answer(format, value, spec)])
for _ in range(300):
    value, spec = values.text(8), specification()
    cases.append(["str", value, spec, answer(format, value, spec)])
for _ in range(120):
    value, precision = any_float(), pick([0, 1, 5, 17, 40, 330, 800])
    letter = pick("eEfFgG")
    cases.append(["float", bits(value), f".{precision}{letter}", format(value, f".{precision}{letter}")])
    if len(cases[-1][-1]) > 420:
        cases.pop()
for _ in range(300):
    value, places = any_float(), pick([0, 1, 2, 3, 5, 10, 20, 330, -1, -2, -5, -300, -309])
    if value - value == 0:
        result = answer(round, value, places)
        cases.append(["round", bits(value), places, result if isinstance(result, dict) else bits(result)])
cases.append(["round", bits(1.7e308), -308, answer(round, 1.7e308, -308)])
TEXTS = [
    "", " ", "1", " 1.5\n", "1_000.5e3", "1__0", "_1", "1_", "1_.5", "1._5", "1e1_0", "1e_1", ".5", "5.", ".", "e5", "1e", "1e+", "inf",
    "-Infinity", "+nan", "NAN", "infinit", "in_f", "0x10", "1,5", "٣.٥", "\u00a01\u2003", "1 2", "--1", "+-1", "1e400", "-1e400", "1e-400",
    "9007199254740993", "9007199254740992.5", "4.9406564584124654e-324", "2.4703282292062327e-324", "2.4703282292062328e-324",
    "0.1e-1_0", "１２", "1\x00", "123456789012345678901234567890", "1e23", "8.5e22", "1" + "0" * 400, "0." + "0" * 400 + "1", "é", "1é",
]
for text in TEXTS + ["".join(pick("0123456789.eE+-_ ") for _ in range(random.randrange(1, 9))) for _ in range(150)]:
    result = answer(float, text)
    cases.append(["parse", text, result if isinstance(result, dict) else bits(result) if result == result else "nan"])
INTEGERS = [
    "", " ", "0", "-0", "+7", " 42\n", "1_000", "1__0", "_1", "1_", "0x1F", "0X_1f", "0x", "0x_", "0b101", "0b2", "0o17", "017", "00", "0_0",
    "00_1", "٣٤", "1.0", "1e3", "zz", "Z", "--1", "- 1", "9" * 18, "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "9" * 40, "1" * 4300, "1" * 4301, "1" * 4301 + "x", "é", "1é", "x" * 300, "'", "0b", "b1", "0x10 ", "f" * 20,
]
for text in INTEGERS:
    for base in [10, 0, 16, 2, 36, 8]:
        result = answer(int, text, base)
        result = {"raises": result["raises"].partition("; use sys")[0]} if isinstance(result, dict) else hex(result)
        if len(str(result)) < 1000 and len(text) < 1000 or base == 10:
            cases.append(["integer", text, base, result])
for base in [1, -1, 37]:
    cases.append(["integer", "1", base, answer(int, "1", base)])
write("formats", cases)
