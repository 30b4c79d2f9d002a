"""What leaves a context: time as it was fixed, texts without secrets, events."""

import os
from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import DanaRuntime, errors


def test_the_fixed_time_is_the_time_everywhere(runtime: DanaRuntime) -> None:
    with runtime.create_context(allowed_capabilities=["clock"], fixed_time=1000.5) as context:
        assert context.eval_dana("import time\n[now(), time.time(), time.time_ns()]") == [1000.5, 1000.5, 1000500000000]


def test_only_variables_that_sound_secret_are(runtime: DanaRuntime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_API_KEY", "0123456789")
    monkeypatch.setenv("SHOP_TOWN", "Amsterdam")
    with runtime.create_context(allowed_capabilities=["env"]) as context:
        assert context.eval_dana("[env('SHOP_API_KEY'), env('SHOP_TOWN')]") == ["0123456789", "Amsterdam"]
    assert runtime.redact("0123456789 of Amsterdam") == "[redacted] of Amsterdam"


@pytest.mark.parametrize(
    "text",
    [
        "s3cret/\"value\u0301",
        "\u0301s3cret/\"value",
        '{"a": "s3cret/\\"value"}',
        '{"a": "s3cret\\/\\"value"}',
        'as3cret/"value1',
    ],
)
def test_secrets_are_found_however_they_are_written(runtime: DanaRuntime, text: str) -> None:
    runtime.add_secret('s3cret/"value')
    assert "cret" not in runtime.redact(text)
    assert runtime.redactions == 1


@pytest.mark.parametrize("key", ["xai-abcd0123", "gsk_abcd0123", "ghp_abcd0123", "pplx-abcd0123", "sk-abcd0123"])
def test_keys_of_providers_are_known(runtime: DanaRuntime, key: str) -> None:
    assert runtime.redact(f"{key}\u0301 is mine, hf_model_name is none") == (
        "[redacted]\u0301 is mine, hf_model_name is none"
    )


def test_errors_leave_without_secrets(runtime: DanaRuntime) -> None:
    events: list[tuple[str, str, str]] = []
    runtime.add_secret("open sesame")

    def hear(event: Any) -> None:
        events.append((event.kind, event.subject, event.detail))

    with runtime.listen(hear), runtime.create_context() as context:
        context.eval_dana("func fails():\n    raise ValueError('it is open sesame')")
        with pytest.raises(ValueError) as caught:
            context.call("fails")
    assert str(caught.value) == "it is [redacted]"
    assert ("called", "fails", "") in events
    assert ("redacted", "error", "1") in events
    assert runtime.redactions == 1


def test_a_written_file_keeps_its_mode(runtime: DanaRuntime, tmp_path: Path) -> None:
    file = tmp_path / "kept.txt"
    file.write_text("old")
    file.chmod(0o640)
    rights = [f"file_write:{tmp_path}"]
    with runtime.create_context(allowed_capabilities=rights) as context:
        assert context.eval_dana("write_text('kept.txt', 'new')") == 3
        assert file.read_text() == "new"
        assert file.stat().st_mode & 0o777 == 0o640
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / "inside").touch()
        open_files = len(os.listdir("/proc/self/fd"))
        for _ in range(3):
            with pytest.raises((OSError, errors.DanaError)):
                context.eval_dana("write_text('folder', 'new')")
        assert len(os.listdir("/proc/self/fd")) == open_files
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "kept.txt"]
