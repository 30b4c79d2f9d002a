"""What the package costs a process that begins: its import, and the first call."""

from harness.bars import Bar
from harness.environment import PYTHON
from harness.rows import OURS, Row
from harness.start_time import start_time
from runtime.our_package import FOLDER

IMPORT = "import, above a bare interpreter"
FIRST_CALL = "import and first call, above a bare interpreter"
STATEMENTS = {
    IMPORT: {OURS: "import opendxa.dana", "asyncio": "import asyncio", "numpy": "import numpy"},
    FIRST_CALL: {
        OURS: "from opendxa.dana import dana; dana.eval('1 + 2')",
        "lupa": "from lupa.lua54 import LuaRuntime; LuaRuntime().eval('1 + 2')",
        "quickjs": "import quickjs; quickjs.Context().eval('1 + 2')",
        "starlark": "import starlark as s; "
        "s.eval(s.Module(), s.parse('m', '1 + 2', s.Dialect.extended()), s.Globals.standard())",
        "monty": "from pydantic_monty import Monty\n"
        "with Monty(max_processes=1) as pool, pool.checkout() as session: session.feed_run('1 + 2')",
    },
}


def measure(quick: bool) -> list[Row]:
    values: dict[str, dict[str, list[float]]] = {case: {} for case in STATEMENTS}
    for _ in range(7 if quick else 21):
        bare = start_time([PYTHON, "-c", "pass"], PYTHONPATH=str(FOLDER))
        for case, statements in STATEMENTS.items():
            for name, statement in statements.items():
                taken = start_time([PYTHON, "-c", statement], PYTHONPATH=str(FOLDER))
                values[case].setdefault(name, []).append(taken - bare)
    return [Row(case, "ms", columns) for case, columns in values.items()]


def bars(rows: dict[str, Row]) -> list[Bar]:
    imported, called = rows.get(IMPORT), rows.get(FIRST_CALL)
    return [
        Bar("import: milliseconds", imported and imported.value(OURS), 20),
        Bar("first call of a cold process: milliseconds", called and called.value(OURS), 50),
    ]
