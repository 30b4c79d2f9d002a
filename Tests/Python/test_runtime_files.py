"""The files that programs read and write: tables, and what they may cost."""

import math
import threading
from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import DanaRuntime, errors


def run(folder: Path, text: str, **options: Any) -> Any:
    granted = [f"file_read:{folder}", f"file_write:{folder}"]
    with DanaRuntime(shared=False).create_context(allowed_capabilities=granted, **options) as context:
        return context.eval_dana(text)


CELLS: list[tuple[str, object]] = [
    ("-9223372036854775808", -(2**63)),
    ("9223372036854775807", 2**63 - 1),
    ("4611686018427387904", 2**62),
    ("18446744073709551616", 2**64),
    ("-123456789012345678901234567890", -123456789012345678901234567890),
    ("+7", 7),
    ("1.5", 1.5),
    ("-1e3", -1000.0),
    ("1e999", "1e999"),
    ("1" * 5000, "1" * 5000),
    ("-", "-"),
    ("", None),
    ('"7"', "7"),
    ('""', ""),
    ('"a ""b"", c"', 'a "b", c'),
]


@pytest.mark.parametrize(("cell", "value"), CELLS, ids=lambda value: str(value)[:30])
def test_a_cell_is_what_it_says(tmp_path: Path, cell: str, value: object) -> None:
    (tmp_path / "x.csv").write_text(f"a,b\n{cell},1\n", encoding="utf-8")
    (row,) = run(tmp_path, "load_csv('x.csv')")
    assert row == {"a": value, "b": 1}
    assert type(row["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []),
        ("a,b", []),
        ("\ufeffa,b\r\n1,2\r\n\r\n3\r\n", [{"a": 1, "b": 2}, {"a": 3, "b": None}]),
        ("a,b\r1,2,3,4\r,", [{"a": 1, "b": 2}, {"a": None, "b": None}]),
        ('a,"b\nc"\n1,"x\ny"', [{"a": 1, "b\nc": "x\ny"}]),
        ('a\n""\n\n1', [{"a": ""}, {"a": 1}]),
        ("a,a\n1,2\n", [{"a": 2}]),
    ],
)
def test_a_table_has_a_dict_for_each_row(tmp_path: Path, text: str, rows: object) -> None:
    (tmp_path / "x.csv").write_bytes(text.encode())
    assert run(tmp_path, "load_csv('x.csv')") == rows


# What takes much more memory than its bytes, and as many bytes as it takes to be seen.
LARGE: list[tuple[str, str, str]] = [
    ("short rows of a wide table", "load_csv('x')", "," * 20_000 + "\n" + "1\n" * 1500),
    ("a wide header", "load_csv('x')", "," * 2_000_000),
    ("a wide row", "load_csv('x')", "a\n" + "," * 2_000_000 + "\n" + "1\n" * 100_000),
    ("many rows", "load_csv('x')", "a,b\n" + "1,2\n" * 100_000),
    ("lists in lists", "load_json('x')", "[" + "[]," * 500_000 + "[]]"),
    ("a text", "read_text('x')", "x" * 20_000_000),
    ("bytes", "read_bytes('x')", "x" * 20_000_000),
]


@pytest.mark.parametrize(("call", "text"), [row[1:] for row in LARGE], ids=[row[0] for row in LARGE])
def test_what_is_read_counts_as_the_programs_memory(tmp_path: Path, call: str, text: str) -> None:
    (tmp_path / "x").write_text(text, encoding="utf-8")
    with pytest.raises(errors.MemoryLimitExceeded) as caught:
        run(tmp_path, f"try:\n    {call}\nexcept Exception:\n    'caught'", max_memory="5MB")
    assert [place.line for place in caught.value.stack] == [2]


@pytest.mark.parametrize(
    ("limits", "kind"),
    [
        ({"max_execution_time": 0.01}, errors.TimeLimitExceeded),
        ({"timeout": 0.01}, errors.TimeLimitExceeded),
        ({"max_ticks": 1000}, errors.LimitExceeded),
    ],
)
@pytest.mark.parametrize("call", ["load_csv('x.csv')", "load_json('x.json')"])
def test_reading_takes_the_programs_time(tmp_path: Path, call: str, limits: dict[str, Any], kind: type) -> None:
    (tmp_path / "x.csv").write_text("a,b\n" + "1,2\n" * 500_000, encoding="utf-8")
    (tmp_path / "x.json").write_text("[" + "[]," * 1_000_000 + "[]]", encoding="utf-8")
    with pytest.raises(kind):
        run(tmp_path, f"try:\n    {call}\nexcept Exception:\n    'caught'", max_memory="1GB", **limits)


def test_reading_a_table_can_be_cancelled(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n" + "1,2\n" * 50_000, encoding="utf-8")
    began = threading.Event()
    with DanaRuntime(shared=False) as runtime:
        runtime.function("began")(began.set)
        with runtime.create_context(allowed_capabilities=[f"file_read:{tmp_path}"]) as context:

            def cancel() -> None:
                began.wait()
                context.cancel()

            thread = threading.Thread(target=cancel)
            thread.start()
            with pytest.raises(errors.DanaCancelledError):
                context.eval_dana(
                    "try:\n    began()\n    while true:\n        load_csv('x.csv')\n"
                    "except Exception:\n    caught = true\nfinally:\n    ended = true"
                )
            thread.join()
            assert context.eval_dana("ended")
            with pytest.raises(NameError):
                context.eval_dana("caught")


def test_json_is_read_as_the_language_reads_it(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"a": [1, 18446744073709551616, NaN, "ü"]}', encoding="utf-8")
    one, two, three, four = run(tmp_path, "load_json('x.json')['a']")
    assert (one, two, four) == (1, 2**64, "ü") and math.isnan(three)
    (tmp_path / "x.json").write_text("[1,", encoding="utf-8")
    with pytest.raises(ValueError, match="Expecting value"):
        run(tmp_path, "load_json('x.json')")
    assert run(tmp_path, "try:\n    load_json('x.json')\nexcept ValueError:\n    x = 'caught'\nx") == "caught"


def test_a_file_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\n", encoding="utf-8")
    with pytest.raises(OSError, match="Not a directory"):
        run(tmp_path, "write_text('a.csv/x', 'y')")
    with pytest.raises(OSError, match="No such file or directory"):
        run(tmp_path, "write_text('b/x', 'y')")
