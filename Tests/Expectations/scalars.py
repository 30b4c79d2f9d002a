"""Writes scalars.jsonl: a hash, for blocks of scalars, of what CPython says of each scalar."""

from common import write

PREDICATES = "alpha decimal digit numeric alnum space printable identifier upper lower title".split()
MAPPINGS = "upper lower title casefold".split()
BLOCKS = [range(start, start + 0x1000) for start in [*range(0, 0x33000, 0x1000), 0xE0000, 0x10F000]]


def fnv(data):
    state = 0xCBF29CE484222325
    for byte in data:
        state = (state ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{state:016x}"


cases = []
for block in BLOCKS:
    scalars = [chr(value) for value in block if not 0xD800 <= value < 0xE000]
    if not scalars:
        continue
    hashes = {}
    for name in PREDICATES:
        hashes["is" + name] = fnv(getattr(scalar, "is" + name)() for scalar in scalars)
    hashes["continues"] = fnv(("a" + scalar).isidentifier() for scalar in scalars)
    # A sigma before an ignored scalar and a letter stands inside of a word; before any other scalar it ends one.
    hashes["sigma"] = fnv(ord(("AΣ" + scalar + "A").lower()[1]) & 1 for scalar in scalars)
    for name in MAPPINGS:
        hashes[name] = fnv(b"".join(getattr(scalar, name)().encode() for scalar in scalars))
    cases.append([block.start, len(block), hashes])
write("scalars", cases)
