"""What leaves a context: time as it was fixed, texts without secrets, events."""

import os
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors


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
        assert len(os.listdir("/proc/self/fd")) <= open_files
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "kept.txt"]


REDACTED = {
    "https://user:PASSWORD@host/x": "https://user:[redacted]@host/x",
    "postgres://u:p@ss@host/x?y=1": "postgres://u:[redacted]@host/x?y=1",
    "http://host:80/a@b": "http://host:80/a@b",
    "git@github.com:dana": "git@github.com:dana",
    "Authorization: Token abcdef": "Authorization: Token [redacted]",
    "authorization: bearer abc.def, x": "authorization: bearer [redacted], x",
    "pwd=abc x": "pwd=[redacted] x",
    "token=a token=b": "token=[redacted] token=[redacted]",
    '{"api_key": ["X", "Y"], "z": 1}': '{"api_key": [[redacted]], "z": 1}',
    '{\\"api_key\\": \\"X\\", \\"z\\": 1}': '{\\"api_key\\": \\"[redacted]\\", \\"z\\": 1}',
    "{'token': 'a \\' b', 'z': b'c'}": "{'token': '[redacted]', 'z': b'c'}",
    "password: b'a b' c": "password: b'[redacted]' c",
    "AccountKey=ab+/==;End=1": "AccountKey=[redacted];End=1",
    "-----BEGIN RSA PRIVATE KEY-----\nab\n-----END RSA PRIVATE KEY-----":
    "-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----",
    "-----BEGIN CERTIFICATE-----\nab": "-----BEGIN CERTIFICATE-----\nab",
    "http://h/sk-abcdefgh12345678/x": "http://h/[redacted]/x",
    "keyboard: abc, a: b = c, 1:2, secret": "keyboard: abc, a: b = c, 1:2, secret",
    "secret = ": "secret = ",
    "token=[redacted] x": "token=[redacted] x",
    "Passwort\u0301: x, API-KEY=\u00e9\u0301y z": "Passwort\u0301: x, API-KEY=[redacted] z",
}


@pytest.mark.parametrize("text", REDACTED)
def test_what_stands_beside_secrets_tells_them(runtime: DanaRuntime, text: str) -> None:
    assert runtime.redact(text) == REDACTED[text]
    assert runtime.redact(REDACTED[text]) == REDACTED[text]


def test_events_leave_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    subjects: list[str] = []
    monkeypatch.setenv("MY_API_KEY", "zq12345678")
    runtime = DanaRuntime(shared=False)
    rights = ["network", "env"]
    with runtime.listen(lambda event: subjects.append(event.subject)):
        with runtime.create_context(allowed_capabilities=rights) as context, pytest.raises(ConnectionError) as caught:
            context.eval_dana("import http\nhttp.get('http://127.0.0.1:1/bot' + env('MY_API_KEY') + '/send')")
    assert "GET http://127.0.0.1:1/bot[redacted]/send" in subjects
    assert "zq12345678" not in str(subjects) + str(caught.value)


@pytest.mark.parametrize("name", ["PGPASSWORD", "DBPASSWORD", "serviceApiKey", "GH_PAT"])
def test_names_without_separators_are_secret_too(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "hunter2hunter")
    runtime = DanaRuntime(shared=False)
    with runtime.create_context(allowed_capabilities=["env"]) as context, pytest.raises(ValueError) as caught:
        context.eval_dana(f"raise ValueError(env('{name}') + '!')")
    assert str(caught.value) == "[redacted]!"


def test_secrets_among_the_hosts_variables_stay_inside() -> None:
    runtime = DanaRuntime(shared=False)
    secrets = {"api_key": "tok_12345abcdef", "settings": {"password": "nested-1", "town": "Amsterdam"}}
    with runtime.create_context(private=secrets, system={"db_password": "system-1"}, public={"token": "public-1"}) as context:
        context.private["tokens"] = {"token": ["listed-1"]}
        program = (
            "raise ValueError(f'{private:api_key} {private:settings} {system:db_password} {private:tokens} {public:token}')"
        )
        with pytest.raises(ValueError) as caught:
            context.eval_dana(program)
        message = str(caught.value)
        assert "Amsterdam" in message and "public-1" in message
        for secret in ("tok_12345abcdef", "nested-1", "system-1", "listed-1"):
            assert secret not in message
    # They go with their context.
    assert runtime.redact("tok_12345abcdef") == "tok_12345abcdef"


def test_long_messages_leave_shortened(runtime: DanaRuntime) -> None:
    runtime.add_secret("open sesame")
    with runtime.create_context() as context:
        with pytest.raises(ValueError) as caught:
            context.eval_dana("raise ValueError('\u00e9' * 32760 + 'open sesame' + 'x' * 1000000)")
    message = str(caught.value)
    assert len(message.encode()) < 66_000
    assert message.endswith(" ... (1065531 bytes)") and "[redacted]" in message and "open" not in message


def test_the_message_of_a_long_key_is_not_made_whole(runtime: DanaRuntime) -> None:
    with runtime.create_context(max_memory="40MB") as context:
        with pytest.raises(KeyError) as caught:
            context.eval_dana("{}['ék' * 10_000_000]")
        message = str(caught.value)
        assert message.startswith("'ékék") and message.endswith(" ... (30000000 bytes)")
        assert len(message.encode()) < 66_000
        with pytest.raises(AttributeError) as caught:
            context.eval_dana("raise AttributeError(\"'a' has\" + \"'\" * 10_000_000)")
        assert str(caught.value).endswith(" ... (10000007 bytes)")


def test_the_search_for_secrets_is_a_part_of_the_programs_time(runtime: DanaRuntime) -> None:
    with runtime.create_context(max_execution_time=0.05) as context, pytest.raises(errors.TimeLimitExceeded):
        context.eval_dana("text = 'token=a ' * 100_000\nwhile True:\n    log(text)")


class Told:
    """Has a text of its own, or none."""

    def __init__(self, text: str | None) -> None:
        self.text = text

    def __str__(self) -> str:
        if self.text is None:
            raise RuntimeError("nothing to tell")
        return self.text

    def __repr__(self) -> str:
        return f"Told({self.text!r})"


@pytest.fixture
def raising(runtime: DanaRuntime) -> Iterator[DanaContext]:
    with runtime.create_context() as context:
        context.eval_dana(
            "func raised(x): raise ValueError(x)\nfunc asserted(x): assert x is None, x\n"
            "func missing(x): raise KeyError(x)\nfunc chained(x):\n    try:\n        raised(x)\n"
            "    except ValueError as e:\n        raise RuntimeError(x) from e"
        )
        yield context


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("raised", ValueError, "1.5"),
        ("asserted", AssertionError, "1.5"),
        ("missing", KeyError, "Decimal('1.5')"),
        ("chained", RuntimeError, "1.5"),
    ],
)
def test_an_object_that_is_raised_is_the_message(
    raising: DanaContext, name: str, kind: type[Exception], text: str
) -> None:
    value = Decimal("1.5")
    with pytest.raises(kind) as caught:
        raising.call(name, value)
    assert str(caught.value) == text
    assert caught.value.args[0] is value
    cause = caught.value.__cause__
    assert cause is None or (str(cause), cause.args[0] is value) == ("1.5", True)


def test_an_object_that_is_raised_leaves_without_secrets(runtime: DanaRuntime, raising: DanaContext) -> None:
    runtime.add_secret("open sesame")
    for text, message, arguments in (
        ("it is open sesame", "it is [redacted]", ("Told('it is [redacted]')",)),
        ("x" * 100_000, f"{'x' * 65_536} ... (100000 characters)", None),
        (None, f"<{__name__}.Told>", None),
    ):
        value = Told(text)
        with pytest.raises(ValueError) as caught:
            raising.call("raised", value)
        assert str(caught.value) == message
        assert caught.value.args == (arguments or (value,))


def test_an_exception_of_the_host_s_with_an_object_has_its_text(raising: DanaContext) -> None:
    def fails() -> None:
        raise ValueError(Decimal("1.5"))

    raising.eval_dana("func called(f): return f()")
    with pytest.raises(ValueError) as caught:
        raising.call("called", fails)
    assert (str(caught.value), caught.value.args) == ("1.5", (Decimal("1.5"),))


def test_a_secret_is_no_short_word(runtime: DanaRuntime) -> None:
    with pytest.raises(ValueError) as caught:
        runtime.add_secret("12345")
    assert str(caught.value) == (
        "a secret of fewer than 6 characters would be found in other words: add_secret_pattern() takes what stands "
        "around it, too"
    )


def test_what_matches_a_pattern_stays_inside(runtime: DanaRuntime) -> None:
    runtime.add_secret_pattern(r"\bPIN \d{4}\b")
    runtime.add_secret_pattern(re.compile("kunde \\w+", re.IGNORECASE))
    runtime.add_secret_pattern(re.compile("(?i)vertrag.*", re.DOTALL))
    runtime.add_secret_pattern("z*")
    assert runtime.redact("PIN 1234, PIN 12345 of Kunde M\u00fcller\u0301") == "[redacted], PIN 12345 of [redacted]\u0301"
    assert runtime.redact("VERTRAG 1\n2") == "[redacted]"
    with runtime.create_context() as context, pytest.raises(KeyError) as caught:
        context.eval_dana("{}['PIN 1234']")
    assert caught.value.args == ("[redacted]",)
    with pytest.raises(ValueError, match="the pattern is no regular expression: missing \\)"):
        runtime.add_secret_pattern("(")
    for wrong in (5, re.compile(b"x")):
        with pytest.raises(TypeError, match="Expected string, got (int|bytes) at argument 'pattern'"):
            runtime.add_secret_pattern(wrong)  # type: ignore[arg-type]


def test_what_programs_keep_private_stays_inside(runtime: DanaRuntime) -> None:
    told: list[str] = []
    program = """
struct Login:
    user: str
    secret: str
private:token = "tokenvalue"
private:anything = ["q1w2e3r4t5", ("plain", 4111111111111111)]
private:login = Login("Anna", "swordfish")
private:trivial = [12, 2026, "Amsterdam", "a sentence of 2 dozen words"]
"""
    with runtime.listen(lambda event: told.append(event.subject)), runtime.create_context(system={"file": "data1.csv"}) as context:
        context.eval_dana(program)
        for name in ("private:token", "private:anything", "private:login", "private:trivial", "system:file"):
            with pytest.raises(ValueError) as caught:
                context.eval_dana(f"raise ValueError({name})")
            told.append(str(caught.value))
        context.eval_dana("private:later = 'late12345'")
        with pytest.raises(PermissionError):
            context.eval_dana("env(private:later)")
        message = " ".join(told)
        for secret in ("tokenvalue", "q1w2e3r4t5", "4111111111111111", "swordfish", "late12345"):
            assert secret not in message
        for trivial in ("12", "2026", "Amsterdam", "a sentence of 2 dozen words", "Anna", "data1.csv", "plain"):
            assert trivial in message
    assert runtime.redact("q1w2e3r4t5") == "q1w2e3r4t5"


def test_what_is_large_is_looked_through_again_when_it_has_changed(runtime: DanaRuntime) -> None:
    with runtime.create_context(private={"many": [f"word number {number}" for number in range(5000)]}) as context:
        context.eval_dana("func told(x): raise ValueError(x)")

        def told(text: str) -> str:
            with pytest.raises(ValueError) as caught:
                context.call("told", text)
            return str(caught.value)

        assert told("q1w2e3r4t5") == "q1w2e3r4t5"
        context.eval_dana("private:many.append('q1w2e3r4t5')")
        assert told("q1w2e3r4t5") == "[redacted]"
        context.eval_dana("private:many[7] = 'z9y8x7w6v5'\nfor number in range(100_000):\n    pass")
        assert told("z9y8x7w6v5") == "[redacted]"
        context.eval_dana("private:many = ['m1n2b3v4c5'] * 5000")
        assert told("m1n2b3v4c5") == "[redacted]"
