"""Writes templates.jsonl: what CPython fills into templates of str.format and of the % operator."""

import _string
import struct

from common import Values, answer, write

values = Values(31)
random = values.random
pick = random.choice
cases = []

ARGUMENTS = ["text", "é'\n", 42, -7, 3.5]


def formatted(template):
    """Fills in texts, integers and floats alone, so that the test needs no objects."""
    return answer(lambda: template.format(*ARGUMENTS, name="value", width=8))


def template():
    parts = []
    for _ in range(random.randrange(1, 4)):
        parts.append(
            pick(
                ["a", "é", "{{", "}}", "{}", "{0}", "{1!r}", "{2:>5}", "{name}", "{name!s:^{width}}", "{3:{width}d}", "{4:.2f}", "{:>{}}", "{}"]
                + ["{0!a}", "{1!a:*<12}", "{", "}", "{!r}", "{0!x}", "{0!", "{0!r", "{0!rx}", "{0:{", "{a{b}}", "{0[", "{:{:{}}}}", "{ }", "{9}"]
            )
        )
    return "".join(parts)


for _ in range(500):
    text = template()
    result = formatted(text)
    cases.append(["format", text, result])
FIELDS = ["", "0", "12", "name", "0.a", "0[1]", "0[key]", "a.b[c].d[0]", "0[]", "0.", "0..a", "0[a", "0[1]x", "[0]", ".a", "a[0][1]", "٣", "0[-1]", "9" * 25, "0[" + "9" * 25 + "]", " 0", "a b", "0[a.b]", "0[a[b]"]


for field in FIELDS:

    def taken(field=field):
        first, rest = _string.formatter_field_name_split(field)
        steps = [str(first)]
        for is_attribute, name in rest:
            steps.append("." + name if is_attribute else f"[{name}]" if isinstance(name, int) else f"['{name}']")
        return " ".join(steps)

    cases.append(["field", field, answer(taken)])


def item():
    text = "%" + pick(["", "", "-", "+", " ", "#", "0", "-0", "+0", "#0", "+ "]) + pick(["", "", "5", "12", "1"])
    text += pick(["", "", ".", ".0", ".2", ".10", ".20"]) + pick(["", "", "l", "h"])
    return text


def bits(value):
    return struct.pack(">d", value).hex()


for _ in range(700):
    kind = random.randrange(3)
    if kind == 0:
        value = pick([0, 1, -1, 42, -255, 12345678, 2**62, -(10**9)])
        text = item() + pick("diuoxX")
        cases.append(["percent int", text, str(value), answer(text.__mod__, value)])
    elif kind == 1:
        value = pick([0.0, -0.0, 1.5, -2.25, 1e10, 123.456, 1e-7, float("inf"), float("-inf"), float("nan"), 0.5, 2.5, 1e300])
        text = item() + pick("eEfFgG")
        cases.append(["percent float", text, bits(value), answer(text.__mod__, value)])
    else:
        value = values.text(6)
        text = item() + pick("sra")
        cases.append(["percent str", text, value, answer(text.__mod__, (value,))])
for text in ["%", "a%", "%5", "%.", "%(a", "%y", "é%y", "%é", "%\n", "%99999999999999999999d", "%.99999999999d", "%(a(b)c)d", "%%", "%5%", "a%%b", "%-*d", "%l"]:
    cases.append(["percent parse", text, answer(lambda: text % ({"a(b)c": 7} if "(" in text else (5, 7) if "*" in text else (5,) if text[-1] in "yé\n" else ()))])
cases = [case for case in cases if case[0] != "percent parse" or case[-1] != {"raises": "not enough arguments for format string"}]
write("templates", cases)
