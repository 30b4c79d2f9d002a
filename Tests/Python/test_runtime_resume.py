"""Programs that are saved, killed and gone on with."""

import subprocess
import sys
from pathlib import Path

import pytest
from opendxa.dana import DanaRuntime, errors

KEY = b"sixteen bytes or more"


def test_the_example_goes_on_where_it_was_killed() -> None:
    example = Path(__file__).parents[2] / "Examples/resume.py"
    done = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "the first process ended with SIGKILL",
        "all steps: [1, 2, 3, 4, 5]",
        "step 1 in process one",
        "step 2 in process one",
        "step 3 in process two",
        "step 4 in process two",
        "step 5 in process two",
    ]


def test_nothing_to_go_on_with() -> None:
    runtime = DanaRuntime()
    with runtime.create_context() as context:
        context.eval_dana("x = 41")
        saved = context.save(KEY)
    with runtime.resume(saved, KEY) as resumed:
        assert resumed.eval_dana("x + 1") == 42
        with pytest.raises(ValueError, match="nothing was under way when this context was saved"):
            resumed.go_on()


def test_what_was_changed_is_refused() -> None:
    runtime = DanaRuntime()
    with runtime.create_context() as context:
        saved = bytearray(context.save(KEY))
    saved[len(saved) // 2] ^= 1
    with pytest.raises(Exception, match="seal|damaged|key"):
        runtime.resume(bytes(saved), KEY)


def test_what_the_host_gave_cannot_be_saved() -> None:
    class Thing:
        """Something that is no plain data."""

    runtime = DanaRuntime()
    with runtime.create_context(local={"o": Thing(), "n": 1}) as context:
        with pytest.raises(errors.DanaError, match=r"'o' holds an object of the host's \(.*Thing\), which cannot be saved"):
            context.save(KEY)
        context.eval_dana("del o")
        saved = context.save(KEY)
    with runtime.resume(saved, KEY) as resumed:
        assert resumed.eval_dana("n") == 1


def test_a_program_that_is_too_large_is_not_gone_on_with() -> None:
    runtime = DanaRuntime()
    with runtime.create_context() as context:
        context.eval_dana("x = 'x' * 3_000_000")
        saved = context.save(KEY)
    for memory in ("1KB", "1MB"):
        with pytest.raises(errors.MemoryLimitExceeded) as caught:
            runtime.resume(saved, KEY, max_memory=memory)
        assert "ProgramError" not in str(caught.value)


def test_what_is_no_saved_context_is_an_error_of_danas() -> None:
    runtime = DanaRuntime()
    with runtime.create_context() as context:
        saved = context.save(KEY)
        for use in (lambda: context.save(b"k"), lambda: runtime.resume(saved, b"k")):
            with pytest.raises(errors.DanaValueError) as caught:
                use()
            assert str(caught.value) == "a key must be at least 16 bytes long, got 1: use secrets.token_bytes(32)"
    for bytes_, key in ((saved, b"j" * 32), (b"x", KEY), (saved[:-1], KEY)):
        with pytest.raises(errors.SaveError) as refused:
            runtime.resume(bytes_, key)
        assert isinstance(refused.value, ValueError)


def test_modules_of_python_are_imported_again(tmp_path: Path) -> None:
    for folder, value in (("one", 1), ("two", 2)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "resumed_helper.py").write_text(
            f"limit = 5\nclass Thing:\n    size = {value}\ndef f():\n    return {value}\n"
        )
    (tmp_path / "one" / "resumed_table.py").write_text("def f(): pass\ntable = {'f': f, 'g': [lambda: 1]}\n")
    runtime = DanaRuntime()
    rights = ["python_import"]

    def resume(folder: str, rights: list[str]) -> object:
        with runtime.resume(saved, KEY, search_path=[tmp_path / folder], allowed_capabilities=rights) as resumed:
            return resumed.eval_dana(
                "[m.f(), g(), m.Thing.size, m.limit, json.dumps([1]), double(4)]"
                "+ [m.f is g, f'{m.Thing}'.count('Thing')]"
            )

    with runtime.create_context(search_path=[tmp_path / "one"], allowed_capabilities=rights) as context:
        context.eval_dana("import resumed_helper.py as m\nimport json, os\ng = m.f\nfunc double(x): return x * 2\nm.f()")
        saved = context.save(KEY)
        context.eval_dana("t = m.Thing()")
        with pytest.raises(errors.SaveError, match=r"'t' holds an object of the host's \(.*Thing\), which cannot be saved"):
            context.save(KEY)
        context.eval_dana("t = [{'a': t}]")
        with pytest.raises(errors.SaveError, match="'t' holds an object of the host's"):
            context.save(KEY)
        context.eval_dana("del t\nimport resumed_table.py as t\ndel t")
        with pytest.raises(errors.SaveError, match="^'table' of the module 'resumed_table' holds an object of the host's"):
            context.save(KEY)
    assert resume("one", rights) == [1, 1, 1, 5, "[1]", 8, True, 1]
    assert resume("two", rights) == [2, 2, 2, 5, "[1]", 8, True, 1]
    with pytest.raises(errors.CapabilityError, match="importing '.*' from Python needs the capability 'python_import"):
        resume("one", [])
    (tmp_path / "one" / "resumed_helper.py").write_text("def f():\n    return 3\n\n")
    with pytest.raises(ImportError, match="the module 'resumed_helper' cannot be imported again: .*'Thing'"):
        resume("one", rights)
