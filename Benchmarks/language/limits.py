"""How far built-ins run beyond a limit of time and beyond a cancellation: long deeds of single built-ins, CPU time."""

import json
import subprocess
import sys

from harness.bars import Bar
from harness.rounds import Rounds
from harness.rows import OURS, Row
from language.our_build import PEER

LIMIT = "longest run beyond a limit of time"
CANCELLATION = "longest run beyond a cancellation"

# What is made before the time counts, and what is then stopped, which would go on for long.
DEEDS = {
    "sort of integers": ("x = [i * 7919 % 1000003 for i in range(1500000)]", "while true:\n    sorted(x)"),
    "sort of long texts": (
        "p = 'a' * 20000\nx = [p + str(i * 7919 % 1009) for i in range(1000)]",
        "while true:\n    sorted(x)",
    ),
    "sort by keys": ("x = [i * 7919 % 1000003 for i in range(300000)]", "while true:\n    sorted(x, key=lambda i: -i)"),
    "join": ("x = ['abc'] * 3000000", "while true:\n    ','.join(x)"),
    "replace": ("s = 'ab' * 10000000", "while true:\n    s.replace('a', 'xyz')"),
    "find": ("s = 'ab' * 20000000\np = 'ab' * 1000 + 'b'", "while true:\n    s.find(p)"),
    "in": ("s = 'a' * 20000000\np = 'a' * 5000 + 'b' + 'a' * 5000", "while true:\n    p in s"),
    "count": ("s = 'ab' * 20000000", "while true:\n    s.count('ab')"),
    "split": ("s = 'ab ' * 1000000", "while true:\n    s.split()"),
    "lines": ("s = 'ab\\n' * 1000000", "while true:\n    s.splitlines()"),
    "upper": ("s = 'äb' * 3000000", "while true:\n    s.upper()"),
    "strip": ("s = ' ' * 40000000", "while true:\n    s.strip()"),
    "is alpha": ("s = 'ab' * 20000000", "while true:\n    s.isalpha()"),
    "encode and decode": ("s = 'äb' * 5000000", "while true:\n    s.encode().decode()"),
    "index of text": ("s = 'ä' * 20000000", "while true:\n    (s + 'x')[10000000]"),
    "slice": ("x = [1] * 10000000", "while true:\n    x[::2]"),
    "repetition": ("", "while true:\n    [0] * 30000000"),
    "repetition of text": ("", "while true:\n    'abc' * 50000000"),
    "list of range": ("", "while true:\n    list(range(10000000))"),
    "sum": ("x = list(range(5000000))", "while true:\n    sum(x)"),
    "sum of floats": ("x = [0.5] * 5000000", "while true:\n    sum(x)"),
    "max": ("x = list(range(5000000))", "while true:\n    max(x)"),
    "any": ("x = [0] * 20000000", "while true:\n    any(x)"),
    "in list": ("x = list(range(5000000))", "while true:\n    -1 in x"),
    "equality": ("x = [[i] for i in range(1000000)]\ny = [[i] for i in range(1000000)]", "while true:\n    x == y"),
    "reverse": ("x = list(range(20000000))", "while true:\n    x.reverse()"),
    "insertions": ("x = list(range(20000000))", "while true:\n    x.insert(0, 1)"),
    "dict": ("x = [(i, i) for i in range(1000000)]", "while true:\n    dict(x)"),
    "set operations": ("x = set(range(1000000))\ny = set(range(500000, 1500000))", "while true:\n    x & y | x - y"),
    "copy": ("x = {i: i for i in range(1000000)}", "while true:\n    x.copy()"),
    "hash": ("x = tuple(range(5000000))", "while true:\n    {x}"),
    "repr": ("x = list(range(3000000))", "while true:\n    repr(x)"),
    "format": ("", "while true:\n    '{:>50000000}'.format('x')"),
    "json out": (
        "import json\nx = [{'a': i, 'b': [1.5, 'text']} for i in range(300000)]",
        "while true:\n    json.dumps(x)",
    ),
    "json in": (
        "import json\ns = json.dumps([{'a': i, 'b': [1.5, 'text']} for i in range(200000)])",
        "while true:\n    json.loads(s)",
    ),
    "expression": ("import text\ns = 'a' * 10000000", "while true:\n    text.search('(a|aa)*b', s)"),
    "expression without groups": ("import text\ns = 'ab ' * 5000000", "while true:\n    text.findall('x|[0-9]+', s)"),
    "all matches": ("import text\ns = 'ab12 ' * 500000", "while true:\n    text.findall('([a-z]+)([0-9]+)', s)"),
    "substitution": ("import text\ns = 'ab12 ' * 500000", "while true:\n    text.sub('[0-9]+', '#', s)"),
    "power": ("", "7 ** 5000000"),
    "product": ("x = (1 << 8000000) // 3\ny = (1 << 8000000) // 7", "x * y"),
    "quotient": ("x = (1 << 8000000) // 3\ny = (1 << 4000000) // 7", "while true:\n    x // y"),
    "modular power": ("x = (1 << 20000) // 3\ny = (1 << 20001) // 7", "pow(x, x, y)"),
    "shift": ("x = (1 << 100000000) // 3", "while true:\n    x << 13"),
    "divisor": ("import math\nx = (1 << 2000000) // 3\ny = (1 << 2000001) // 7", "while true:\n    math.gcd(x, y)"),
    "root": ("import math\nx = (1 << 16000000) // 3", "math.isqrt(x)"),
    "factorial": ("import math", "math.factorial(300000)"),
    "integer from text": ("s = 'f' * 4000000", "while true:\n    int(s, 16)"),
    "text of an integer": ("x = (1 << 16000000) // 3", "while true:\n    hex(x)"),
    "bytes": ("x = list(range(256)) * 40000", "while true:\n    bytes(x)"),
}


def program(setup: str, deed: str) -> str:
    return f"{setup}\ntry:\n    ready()\nexcept RuntimeError:\n    pass\n{deed}\n"


def measured(engine: str) -> dict[str, float]:
    """Milliseconds of the deeds that run on for longest."""
    folder = PEER.parent / "limits"
    folder.mkdir(exist_ok=True)
    files = []
    for name, (setup, deed) in DEEDS.items():
        files.append(folder / f"{name}.na")
        files[-1].write_text(program(setup, deed))
    printed = subprocess.run([PEER, "overrun", "30", *files], capture_output=True, text=True, check=True).stdout
    times = {name: tuple(map(float, line.split())) for name, line in zip(DEEDS, printed.splitlines(), strict=True)}
    for name, (limit, cancellation) in times.items():
        if max(limit, cancellation) > 10:
            print(f"{name}: {limit:.1f} ms beyond a limit, {cancellation:.1f} beyond a cancellation", file=sys.stderr)
    return {LIMIT: max(limit for limit, _ in times.values()), CANCELLATION: max(after for _, after in times.values())}


def measure(quick: bool) -> list[Row]:
    rounds = Rounds("language.limits", (OURS,), 1 if quick else 3, timeout=300)
    return [Row(case, "ms", rounds.of(case)) for case in (LIMIT, CANCELLATION)]


def bars(rows: dict[str, Row]) -> list[Bar]:
    held = {case: rows.get(case) for case in (LIMIT, CANCELLATION)}
    return [Bar(f"{case}: milliseconds", row and row.value(OURS), 10) for case, row in held.items()]


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1])))
