"""Dana in Python's logging."""

import logging
from datetime import datetime
from pathlib import Path

import pytest

from opendxa.dana import DanaRuntime
from opendxa.dana.logging import audit_level, log_audit, log_output


def test_audit_events_are_logged_with_their_place(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    file = tmp_path / "program.na"
    file.write_text("func bring():\n    import os.py\nbring()\n", encoding="utf-8")
    runtime = DanaRuntime(shared=False)
    caplog.set_level(logging.DEBUG, logger="dana")
    with log_audit(runtime), runtime.create_context() as context, pytest.raises(PermissionError):
        context.run_file(file)
    (record,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert (record.name, record.pathname, record.lineno, record.funcName) == ("dana.audit", str(file), 2, "bring")
    assert record.dana_kind == "denied"  # type: ignore[attr-defined]
    assert record.dana_context == context.number  # type: ignore[attr-defined]
    assert record.getMessage().startswith("denied ")


def test_what_is_not_logged_costs_nothing(caplog: pytest.LogCaptureFixture) -> None:
    runtime = DanaRuntime(shared=False)
    caplog.set_level(logging.ERROR, logger="dana")
    with log_audit(runtime), runtime.create_context() as context:
        context.eval_dana("1")
    assert caplog.records == []


def test_what_programs_log(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    file = tmp_path / "rules.na"
    file.write_text(
        "x = 1\nfunc tell():\n    log(f'x is {x}', level='warning')\ntell()\nlog('more')\n", encoding="utf-8"
    )
    caplog.set_level(logging.WARNING, logger="dana")
    with DanaRuntime().create_context() as context:
        context.run_file(file)
        context.eval_dana("log('from a text', 'error')")
    assert [
        (record.name, record.levelname, record.getMessage(), record.lineno, record.funcName)
        for record in caplog.records
    ] == [
        ("dana.rules", "WARNING", "x is 1", 3, "tell"),
        ("dana", "ERROR", "from a text", 1, "<module>"),
    ]
    assert caplog.records[0].pathname == str(file)
    assert caplog.records[0].dana_context == context.number  # type: ignore[attr-defined]


def test_levels() -> None:
    assert audit_level("denied") == audit_level("limit_reached") == logging.WARNING
    assert audit_level("failed") == logging.ERROR
    assert audit_level("called") == logging.DEBUG


def test_output_is_logged_by_lines(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="dana")
    with DanaRuntime().create_context(output=log_output()) as context:
        context.eval_dana("print('a', end='')\nprint('b')\nprint('c\\nd')")
    assert [(record.name, record.getMessage()) for record in caplog.records] == [
        ("dana.output", "ab"),
        ("dana.output", "c"),
        ("dana.output", "d"),
    ]


class Broken:
    def __str__(self) -> str:
        raise ValueError


def test_an_object_of_the_hosts_is_logged_as_its_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="dana")
    things = {"when": datetime(2024, 1, 2), "broken": Broken(), "long": Path("x" * 100_000)}
    with DanaRuntime().create_context(local=things) as context:
        context.eval_dana("log(when)\nlog(when, 'error')\nlog(broken)\nlog(long)")
    first, second, third, fourth = caplog.records
    assert first.getMessage() == "2024-01-02 00:00:00"
    assert (second.getMessage(), second.levelno) == ("2024-01-02 00:00:00", logging.ERROR)
    assert third.getMessage().endswith("Broken object>")
    assert fourth.getMessage() == "x" * (64 << 10) + "..."


def test_events_name_what_they_are_about(tmp_path: Path) -> None:
    (tmp_path / "kit.na").write_text("func make(x): return x\n", encoding="utf-8")
    events: list[tuple[str, str, str, str | None]] = []
    with DanaRuntime(shared=False) as runtime:
        runtime.function("told")(lambda context, x: x)
        runtime.listen(lambda event: events.append((event.kind, event.subject, event.detail, event.place)))
        with runtime.create_context(search_path=[tmp_path], local={"given": lambda context, x: x}) as context:
            context.eval_dana("func own(): return 1\ntold(1)\ngiven(1)", name="a.na")
            context.call("own")
            context.call("kit.make", 1)
            runtime.remove_function("told")
            context.eval_dana("1")
    assert ("context_passed", "public", "told", "a.na:2") in events
    assert ("context_passed", "public", "<lambda>", "a.na:3") in events
    assert ("called", "own", "", None) in events
    assert ("called", "make", "of kit", None) in events
    assert ("removed", "told", "", None) in events


def test_what_no_lines_end_follows_is_logged_at_the_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="dana")
    with DanaRuntime().create_context(output=log_output()) as context:
        context.eval_dana("print('first')\nprint('last', end='')")
    assert [record.getMessage() for record in caplog.records] == ["first", "last"]
    # No line of this package is where it was printed.
    assert {(record.pathname, record.lineno) for record in caplog.records} == {("<dana>", 0)}


def test_failures_and_limits_have_their_place() -> None:
    runtime, events = DanaRuntime(shared=False), []
    with runtime.listen(events.append):
        with runtime.create_context() as context, pytest.raises(ZeroDivisionError):
            context.eval_dana("func f():\n    return 1 / 0\nf()", name="p.na")
        with runtime.create_context(max_ticks=1000) as context, pytest.raises(RuntimeError):
            context.eval_dana("x = 1\nwhile true: pass", name="q.na")
    assert [(event.kind, event.place, event.function) for event in events if event.place] == [
        ("failed", "p.na:2", "f"),
        ("limit_reached", "q.na:2", "<module>"),
    ]
