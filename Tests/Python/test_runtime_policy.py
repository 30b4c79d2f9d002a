"""What of a context Python functions see, and what the administrator's files allow."""

from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import DanaRuntime, DanaSandbox, PassedContext, dana_context_policy, errors


def seen_with(runtime: DanaRuntime, **options: Any) -> Any:
    """What a registered function `look` sees of a context that has a variable in each scope."""
    with runtime.create_context(private={"a": 1}, public={"b": 2}, system={"c": 3}, **options) as context:
        return context.eval_dana("look()")


def test_only_public_variables_pass_by_default() -> None:
    runtime = DanaRuntime(shared=False)

    @runtime.function
    def look(context: PassedContext) -> Any:
        assert dict(context.public) == {"b": 2}
        return sorted(context.scopes)

    assert runtime.functions[0].takes_context
    assert seen_with(runtime) == ["public"]
    assert seen_with(runtime, passed_scopes=["public", "private"]) == ["public"]


def test_a_function_asks_and_its_context_grants() -> None:
    runtime = DanaRuntime(shared=False)

    @runtime.function
    @dana_context_policy("public", "private")
    def look(context: PassedContext) -> Any:
        return sorted(context.scopes)

    assert seen_with(runtime) == ["public"]
    assert seen_with(runtime, passed_scopes=["public", "private", "system"]) == ["private", "public"]


def test_asking_for_what_is_not_passed_says_how_to_get_it() -> None:
    runtime = DanaRuntime(shared=False)

    @runtime.function
    def look(context: PassedContext) -> Any:
        return context.private["a"]

    with pytest.raises(errors.CapabilityError) as caught:
        seen_with(runtime)
    assert str(caught.value) == (
        "the private scope is not passed to this function: it asks for it with @dana_context_policy('private'), "
        "and its context lets it pass with passed_scopes"
    )


def test_arguments_come_behind_the_context() -> None:
    runtime = DanaRuntime(shared=False)

    @runtime.function
    def look(context: PassedContext, a: int, b: int = 2) -> Any:
        return [a, b, context.public["b"]]

    with runtime.create_context(public={"b": 5}) as context:
        assert context.eval_dana("look(1, b=3)") == [1, 3, 5]


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "dana.toml"
    monkeypatch.setenv("DANA_POLICY", str(file))
    return file


def test_the_file_bounds_capabilities(policy: Path) -> None:
    policy.write_text(
        '[dana.policy]\ncapabilities = ["llm", "file_read:/srv/data", "network:example.com", "network:other.com:80"]\n',
        encoding="utf-8",
    )
    runtime = DanaRuntime(shared=False)
    for allowed in (
        "llm",
        "llm:small",
        "file_read:/srv/data",
        "file_read:/srv/data/inner",
        "network:example.com",
        "network:example.com:443",
        "network:other.com:80",
    ):
        runtime.create_context(allowed_capabilities=[allowed]).close()
    for denied in (
        "network",
        "file_read",
        "file_read:/srv/database",
        "file_read:/srv/data/../secret",
        "network:example.org",
        "network:other.com",
        "network:other.com:8080",
        "network:www.example.com",
    ):
        with pytest.raises(errors.CapabilityError) as caught:
            runtime.create_context(allowed_capabilities=[denied])
        assert str(caught.value) == f"the policy in {policy} does not allow the capability '{denied}'"


def test_the_file_bounds_limits(policy: Path) -> None:
    policy.write_text('[dana.policy]\nmax_ticks = 1000\ntimeout = "10s"\n', encoding="utf-8")
    runtime = DanaRuntime(shared=False)
    with runtime.create_context() as context, pytest.raises(errors.LimitExceeded) as limited:
        context.eval_dana("while true: pass")
    with pytest.raises(errors.CapabilityError) as caught:
        runtime.create_context(timeout="1m")
    assert str(caught.value) == f"the policy in {policy} does not allow timeout above 10s, asked for was 1m"
    assert limited.value.args[0].endswith(f": the policy in {policy} allows no more")


def test_what_the_face_grants_is_narrowed(policy: Path, tmp_path: Path) -> None:
    policy.write_text('[dana.policy]\ncapabilities = ["llm"]\nmax_host_calls = 3\n', encoding="utf-8")
    (tmp_path / "helper.py").write_text("x = 1\n", encoding="utf-8")
    runtime = DanaRuntime(shared=False)
    for sandbox in (DanaSandbox(runtime), DanaSandbox(runtime, max_memory="1MB")):
        with sandbox:
            assert sandbox.eval("1 + 1") == 2
            with pytest.raises(errors.CapabilityError, match="python_import"):
                sandbox.eval("import helper.py")
    with DanaSandbox(runtime, local={"f": lambda: 1}) as sandbox, pytest.raises(errors.LimitExceeded) as caught:
        sandbox.eval("for i in range(10): f()")
    assert caught.value.limit == "hostCalls"
    with pytest.raises(errors.CapabilityError, match="does not allow the capability 'network'"):
        DanaSandbox(runtime, allowed_capabilities=["network"])


def test_the_file_bounds_scopes(policy: Path) -> None:
    policy.write_text(
        '[dana.policy]\npassed_scopes = ["public", "private"]\n'
        '[dana.policy.functions."look*"]\npassed_scopes = ["private"]\n',
        encoding="utf-8",
    )
    runtime = DanaRuntime(shared=False)

    @runtime.function
    @dana_context_policy("public", "private", "system")
    def look(context: PassedContext) -> Any:
        return sorted(context.scopes)

    assert seen_with(runtime, passed_scopes=["public", "private", "system"]) == ["private"]


def test_the_files_bounds_are_those_of_functions_that_are_handed_in(policy: Path) -> None:
    policy.write_text(
        '[dana.policy]\npassed_scopes = ["public", "private"]\n'
        '[dana.policy.functions."look*"]\npassed_scopes = ["private"]\n'
        f'[dana.policy.functions."{__name__}.loo"]\npassed_scopes = []\n',
        encoding="utf-8",
    )

    @dana_context_policy("public", "private", "system")
    def look(context: PassedContext) -> Any:
        return sorted(context.scopes)

    @dana_context_policy("public")
    def loo(context: PassedContext) -> Any:
        return sorted(context.scopes)

    runtime = DanaRuntime(shared=False)
    scopes = ["public", "private", "system"]
    assert seen_with(runtime, passed_scopes=scopes, local={"look": look}) == ["private"]
    assert seen_with(runtime, passed_scopes=scopes, local={"look": loo}) == []
    assert seen_with(runtime, passed_scopes=["public"], local={"look": look}) == []


def test_each_file_narrows_the_others(policy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy.write_text("[dana.policy]\nmax_ticks = 2000\n", encoding="utf-8")
    inner = tmp_path / "project" / "inner"
    inner.mkdir(parents=True)
    nearest = tmp_path / "project" / "dana.toml"
    nearest.write_text("[dana.policy]\nmax_ticks = 1000000\nmax_depth = 10\n", encoding="utf-8")
    monkeypatch.chdir(inner)
    runtime = DanaRuntime(shared=False)
    with pytest.raises(errors.CapabilityError, match="max_ticks above 2000"):
        runtime.create_context(max_ticks=3000)
    with pytest.raises(errors.CapabilityError, match=f"the policy in {nearest} does not allow max_depth above 10"):
        runtime.create_context(max_depth=11)


WRONG = [
    ("x = = 1", "is not TOML: Invalid"),
    ("x = " + "[" * 100_000, "is not TOML: maximum recursion depth exceeded"),
    ("[dana]\npolicy = 1", "[dana.policy] is no table"),
    ("dana = 1", "[dana] is no table"),
    ("[dana.polcy]\nmax_ticks = 1", "[dana] there is no setting 'polcy': it has the table [dana.policy] alone"),
    ("[dana.policy]\nsecret_patterns = 'x'", "[dana.policy] secret_patterns is no list of regular expressions"),
    ("[dana.policy]\nsecret_patterns = ['(']", "[dana.policy] '(' in secret_patterns is no regular expression: "),
    ("[dana.policy]\nfly = 1", "[dana.policy] there is no setting 'fly'"),
    ('[dana.policy]\nmax_memory = "x"', "[dana.policy] 'x' is no size at argument 'max_memory'"),
    ("[dana.policy]\ncapabilities = 1", "[dana.policy] capabilities is no list of names"),
    ('[dana.policy]\ncapabilities = ["fly"]', "[dana.policy] there is no capability 'fly'"),
    ("[dana.policy.functions.f]\nx = 1", "[dana.policy] functions.f has to hold passed_scopes and nothing else"),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_a_file_that_is_wrong_is_an_error(policy: Path, text: str, message: str) -> None:
    policy.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as caught:
        DanaRuntime(shared=False)
    assert str(policy) in str(caught.value)
    assert message in str(caught.value)


def test_a_file_that_is_no_text_is_an_error(policy: Path) -> None:
    policy.write_bytes(b"\xff\xfe")
    with pytest.raises(ValueError, match=f"{policy} is not TOML: 'utf-8' codec can't decode byte 0xff"):
        DanaRuntime(shared=False)


def test_the_file_bounds_what_is_printed(policy: Path) -> None:
    policy.write_text('[dana.policy]\nmax_output = "1KB"\n', encoding="utf-8")
    with DanaRuntime(shared=False).create_context(output=lambda text: None) as context:
        with pytest.raises(errors.LimitExceeded, match="printed text is used up: the policy in .* allows no more"):
            context.eval_dana("print('x' * 1001)")


def test_a_file_that_is_not_there_is_an_error(policy: Path) -> None:
    with pytest.raises(ValueError, match=f"DANA_POLICY names {policy}, which is no file"):
        DanaRuntime(shared=False)


def test_errors_name_the_file_that_bounds_a_context(policy: Path) -> None:
    policy.write_text(
        '[dana.policy]\ncapabilities = ["file_read:/srv"]\nmax_ticks = 1000\nmax_memory = "50MB"\n', encoding="utf-8"
    )
    runtime = DanaRuntime(shared=False)
    with runtime.create_context() as context:
        for program, capability in (("env('HOME')", "env:HOME"), ("import random", "random")):
            with pytest.raises(errors.CapabilityError) as caught:
                context.eval_dana(program)
            assert str(caught.value).endswith(
                f"needs the capability '{capability}', which this context was not granted: "
                f"the policy in {policy} does not allow it"
            )
        with pytest.raises(errors.CapabilityError, match=r"create_context\(allowed_capabilities=\['file_read:\.'\]\)"):
            context.eval_dana("read_text('a')")
    # Where its maker asked for less, its maker may ask for more.
    with runtime.create_context(max_ticks=500) as context, pytest.raises(errors.LimitExceeded) as limited:
        context.eval_dana("while true: pass")
    assert str(limited.value).endswith(": create_context(max_ticks=...) allows more")
    for name, asked, told in (("max_ticks", 1001, "1000, asked for was 1001"), ("max_memory", 10**8, "50MB, asked for was 100MB")):
        options: Any = {name: asked}
        with pytest.raises(errors.CapabilityError) as caught:
            runtime.create_context(**options)
        assert str(caught.value) == f"the policy in {policy} does not allow {name} above {told}"


def test_the_file_has_patterns_of_secrets(policy: Path) -> None:
    policy.write_text("[dana.policy]\nsecret_patterns = ['AC-[0-9]{8}']\n", encoding="utf-8")
    runtime = DanaRuntime(shared=False)
    assert runtime.redact("it is AC-12345678.") == "it is [redacted]."
    with runtime.create_context() as context, pytest.raises(ValueError, match=r"it is \[redacted\]"):
        context.eval_dana("raise ValueError('it is AC-12345678')")


def test_local_variables_pass_to_who_asks_for_them() -> None:
    runtime = DanaRuntime(shared=False)

    @runtime.function
    @dana_context_policy("local")
    def look(context: PassedContext) -> Any:
        return sorted(context.local) if "local" in context.scopes else None

    with runtime.create_context(passed_scopes=["public", "local"], local={"a": 1}) as context:
        assert context.eval_dana("b = 2\nlook()") == ["a", "b"]
    assert seen_with(runtime) is None


def test_the_advice_fits_who_can_grant(tmp_path: Path) -> None:
    from opendxa.dana import dana
    from opendxa.dana._convenience import program_context

    with pytest.raises(errors.CapabilityError) as caught:
        dana.eval("now()")
    assert str(caught.value).endswith(
        ": dana.* and modules that Python imports have 'llm' and 'python_import' alone, and a context of "
        "DanaRuntime().create_context(allowed_capabilities=['clock']) has it"
    )
    with program_context(str(tmp_path / "p.na"), [], [], None, None) as context:
        with pytest.raises(errors.CapabilityError, match="which this context was not granted: dana run --allow clock$"):
            context.eval_dana("now()")
