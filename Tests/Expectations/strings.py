"""Writes strings.jsonl: what CPython's str and bytes methods answer to random texts."""

import json

from common import Values, write

values = Values(3)
pick = values.random.choice
cases = []


def case(operation, *arguments, expected):
    cases.append([operation, *arguments, expected])


for _ in range(90):
    text, other, third = values.text(14), values.text(3), values.text(3)
    limit = pick([None, 0, 1, 2, 5])
    count = -1 if limit is None else limit
    case("find", text, other, expected=len(text[: text.find(other)].encode()) if other in text else -1)
    case("rfind", text, other, expected=len(text[: text.rfind(other)].encode()) if other in text else -1)
    case("count", text, other, expected=text.count(other))
    case("replace", text, other, third, limit, expected=text.replace(other, third, count))
    if other:
        case("split", text, other, limit, expected=text.split(other, count))
        case("rsplit", text, other, limit, expected=text.rsplit(other, count))
    case("split", text, None, limit, expected=text.split(None, count))
    case("rsplit", text, None, limit, expected=text.rsplit(None, count))
    keep = pick([True, False])
    case("splitlines", text, keep, expected=text.splitlines(keep))
    case("strip", text, other, expected=text.strip(other))
    case("lstrip", text, None, expected=text.lstrip())
    case("rstrip", text, other, expected=text.rstrip(other))
    width = pick([0, 3, 10, 15, 16])
    fill = pick(" *é")
    case("center", text, width, fill, expected=text.center(width, fill))
    case("ljust", text, width, fill, expected=text.ljust(width, fill))
    case("rjust", text, width, fill, expected=text.rjust(width, fill))
    case("zfill", text, width, expected=text.zfill(width))
    size = pick([0, 1, 4, 8])
    case("expandtabs", text, size, expected=text.expandtabs(size))
    case("json", text, True, expected=json.dumps(text))
    case("json", text, False, expected=json.dumps(text, ensure_ascii=False))
for _ in range(70):
    text = pick([values.text(12), "".join(values.scalar() for _ in range(values.random.randrange(6)))])
    case("repr", text, expected=repr(text))
    case("ascii", text, expected=ascii(text))
    for name in "upper lower title capitalize swapcase casefold".split():
        case(name, text, expected=getattr(text, name)())
    for name in "alpha decimal digit numeric alnum space printable identifier upper lower title".split():
        case("is" + name, text, expected=getattr(text, "is" + name)())
for _ in range(60):
    data = bytes(pick([0, 9, 10, 13, 11, 28, 32, 39, 34, 65, 97, 122, 92, 127, 128, 255]) for _ in range(values.random.randrange(9)))
    text = data.decode("latin-1")
    case("repr bytes", text, expected=repr(data))
    case("split bytes", text, expected=[part.decode("latin-1") for part in data.split()])
    case("splitlines bytes", text, expected=[part.decode("latin-1") for part in data.splitlines()])
    case("title bytes", text, expected=data.title().decode("latin-1"))
    case("replace bytes", text, "", "-", None, expected=data.replace(b"", b"-").decode("latin-1"))
write("strings", cases)
