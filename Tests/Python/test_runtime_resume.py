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
