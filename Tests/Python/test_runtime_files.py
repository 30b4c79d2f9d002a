"""The files that programs read and write: tables, and what they may cost."""

import errno
import math
import os
import re
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
        ("a,b\r1,2,,\r,", [{"a": 1, "b": 2}, {"a": None, "b": None}]),
        ('a,"b\nc"\n1,"x\ny"', [{"a": 1, "b\nc": "x\ny"}]),
        ('a\n""\n\n1', [{"a": ""}, {"a": 1}]),
        (",a,,\n0,1,,\n", [{"": 0, "a": 1}]),
    ],
)
def test_a_table_has_a_dict_for_each_row(tmp_path: Path, text: str, rows: object) -> None:
    (tmp_path / "x.csv").write_bytes(text.encode())
    assert run(tmp_path, "load_csv('x.csv')") == rows


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a,b\n1,2\n\n1,2,3\n", r"line 4: there are more values than the first row names columns \(2\)"),
        (b"a;b\n1,5;2,5\n", r"line 2: .* is the delimiter another one, as in load_csv\(path, delimiter=';'\)"),
        (b"a,b,a\n1,2,3\n", "line 1: the first row names the column 'a' twice"),
        (b",a,\n1,2,\n1,2,3\n", "line 3: column 3 has a value and no name in the first row"),
        (b'a,b\r\n1,"x\r\ny"\r\n"1,2\r\n3,4\r\n', "line 4: a quote is opened and never closed"),
        (b"name\nMax\nM\xfcller\n", "line 3: this is not UTF-8"),
    ],
)
def test_what_would_be_lost_of_a_table_is_an_error(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "x.csv").write_bytes(data)
    with pytest.raises(ValueError, match=rf"^load_csv\('x\.csv'\): {message}"):
        run(tmp_path, "load_csv('x.csv')")
    (tmp_path / "x.csv").write_bytes(b"q\n" + b"1\n" * 10_000 + data.replace(b"a", b"q"))
    with pytest.raises(ValueError, match=r"^load_csv\('x\.csv'\): line 1\d\d\d\d: "):
        run(tmp_path, "load_csv('x.csv')")


def test_a_table_is_read_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("zip;n\n01067;\n1,5;2\n", encoding="utf-8")
    assert run(tmp_path, "load_csv('x.csv', delimiter=';')") == [{"zip": 1067, "n": None}, {"zip": "1,5", "n": 2}]
    rows = [{"zip": "01067", "n": ""}, {"zip": "1,5", "n": "2"}]
    assert run(tmp_path, "load_csv('x.csv', delimiter=';', text=True)") == rows
    for options in ("delimiter=''", "delimiter=';;'", "delimiter='\\n'", "delimiter='\"'", "delimiter='ä'"):
        with pytest.raises(ValueError, match="expects one ASCII character"):
            run(tmp_path, f"load_csv('x.csv', {options})")
    with pytest.raises(TypeError, match="expects bool at argument 'text', got int"):
        run(tmp_path, "load_csv('x.csv', text=1)")


def test_what_is_wrong_with_a_file_names_it(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'{"a": \xff')
    for call, message in (
        ("read_text('x')", "the file is not UTF-8: use read_bytes()"),
        ("load_json('x')", "the file is not UTF-8: use read_bytes()"),
    ):
        with pytest.raises(ValueError, match=re.escape(f"{call}: {message}")):
            run(tmp_path, call)
    (tmp_path / "x").write_bytes(b'{"a": ')
    with pytest.raises(ValueError, match=r"^load_json\('x'\): Expecting value: line 1 column 7"):
        run(tmp_path, "load_json('x')")


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


# Scopes and paths that mean the same folder; the root is put before them.
SPELLED: list[tuple[str, str]] = [
    ("/d", "//d/a.txt"),
    ("/d", "/./d/./a.txt"),
    ("/d", "/d/inner/../a.txt"),
    ("/./d", "/d/a.txt"),
    ("//d/", "/d//a.txt"),
    ("/d/.", "/d/a.txt"),
]


@pytest.mark.parametrize(("scope", "path"), SPELLED)
def test_a_folder_is_granted_however_it_is_written(tmp_path: Path, scope: str, path: str) -> None:
    (tmp_path / "d" / "inner").mkdir(parents=True)
    (tmp_path / "d" / "a.txt").write_text("A", encoding="utf-8")
    granted = [f"file_read:{tmp_path}{scope}"]
    with DanaRuntime(shared=False).create_context(allowed_capabilities=granted) as context:
        assert context.eval_dana(f"read_text('{tmp_path}{path}')") == "A"
        with pytest.raises(errors.CapabilityError):
            context.eval_dana(f"read_text('{tmp_path}/da.txt')")


def test_a_scope_in_which_nothing_could_lie_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for scope, reason in [
        (f"{tmp_path}/x/../d", "has '..' behind a folder"),
        (f"{tmp_path}/file", f"names a file: grant its folder, 'file_read:{tmp_path}'"),
        ("/etc\0/x", "zero byte"),
        ("", "empty scope"),
    ]:
        with pytest.raises(ValueError, match=re.escape(reason)):
            DanaRuntime(shared=False).create_context(allowed_capabilities=[f"file_read:{scope}"])


def test_a_refusal_names_the_folder_to_grant_and_what_was_granted(tmp_path: Path) -> None:
    asked = "create_context(allowed_capabilities=['{}'])"
    for program, advice in [
        ("read_text('/srv/x/a.txt')", "file_read:/srv/x"),
        ("read_text('/srv/./x//../a.txt')", "file_read:/srv"),
        ("list_dir('/srv/x')", "file_read:/srv/x"),
        ("load_csv('a.csv')", "file_read:."),
        ("write_text('../a', '')", "file_write:.."),
    ]:
        with DanaRuntime(shared=False).create_context() as context:
            with pytest.raises(errors.CapabilityError, match=re.escape(f"'{advice}'")) as caught:
                context.eval_dana(program)
            assert str(caught.value).endswith(asked.format(advice))
    scopes = [f"file_read:{tmp_path}/{number}" for number in range(7)]
    with DanaRuntime(shared=False).create_context(allowed_capabilities=[*scopes, "file_write:/srv"]) as context:
        with pytest.raises(errors.CapabilityError) as caught:
            context.eval_dana("read_text('/srv/a')")
    assert str(caught.value).endswith(f"; it was granted {', '.join(repr(scope) for scope in scopes[:5])} and 2 more")


# What is asked of a folder, and the system's number of what is wrong with it.
WRONG: list[tuple[str, int]] = [
    ("read_text('none')", errno.ENOENT),
    ("read_text('inner')", errno.EISDIR),
    ("read_text('loop')", errno.ELOOP),
    ("read_bytes('a.txt/')", errno.ENOTDIR),
    ("load_json('a.txt/x')", errno.ENOTDIR),
    ("list_dir('a.txt')", errno.ENOTDIR),
    ("list_dir('none')", errno.ENOENT),
    ("write_text('.', '')", errno.EISDIR),
    ("write_text('inner', '')", errno.EISDIR),
    ("write_text('new/', '')", errno.EISDIR),
    ("write_text('a.txt/b/c', '')", errno.ENOTDIR),
]


@pytest.mark.parametrize(("program", "number"), WRONG)
def test_an_error_with_a_file_is_the_systems(tmp_path: Path, program: str, number: int) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.txt").write_text("A", encoding="utf-8")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match=os.strerror(number)) as caught:
        run(tmp_path, program)
    assert (caught.value.errno, caught.value.filename) == (number, program.split("'")[1])


def test_who_was_granted_all_files_goes_where_links_lead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "a.txt").write_text("A", encoding="utf-8")
    (tmp_path / "d" / "link").symlink_to(tmp_path / "e")
    monkeypatch.chdir(tmp_path / "d")
    with DanaRuntime(shared=False).create_context(allowed_capabilities=["file_read", "file_write"]) as context:
        for path in ("link/a.txt", "../e/a.txt", f"{tmp_path}/d/link/../e/a.txt"):
            assert context.eval_dana(f"read_text('{path}')") == "A"
        context.eval_dana("write_text('link/b.txt', 'B')")
        assert context.eval_dana("list_dir('../e')") == ["a.txt", "b.txt"]


@pytest.mark.parametrize("program", ["read_text('a\\0b')", "write_text('/a\\0', '')", "list_dir('')"])
def test_a_path_is_none_with_a_zero_byte(tmp_path: Path, program: str) -> None:
    with pytest.raises(ValueError, match="expects a path"):
        run(tmp_path, program)


def test_a_granted_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    granted = [f"file_read:{tmp_path}/none", f"file_write:{tmp_path}/none"]
    with DanaRuntime(shared=False).create_context(allowed_capabilities=granted) as context:
        for program in (f"read_text('{tmp_path}/none/a')", "list_dir()", f"write_text('{tmp_path}/none/a', '')"):
            with pytest.raises(FileNotFoundError):
                context.eval_dana(program)
        with pytest.raises(errors.CapabilityError):
            context.eval_dana(f"read_text('{tmp_path}/a')")


@pytest.mark.parametrize("name", ["clock", "random", "system_write"])
def test_a_scope_of_what_has_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"^the capability '{name}' has no scopes: write '{name}' for '{name}:x'$"):
        DanaRuntime(shared=False).create_context(allowed_capabilities=[f"{name}:x"])
