"""`Interpreter`, `SandboxContext` and `DanaSandbox`: Dana called by hand."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import DanaRuntime, DanaSandbox, errors
from opendxa.dana.fastapi import dana_context
from opendxa.dana.logging import log_audit, log_models
from opendxa.dana.sandbox import Interpreter, SandboxContext

MODULES = Path(__file__).parent / "dana_modules"


def test_loading_a_module_by_its_file() -> None:
    with Interpreter() as interpreter:
        module = interpreter.load_module(MODULES / "business_rules.na")
        assert interpreter.call_function("is_even", [42]) is True
        assert interpreter.call_function("business_rules.is_even", [41]) is False
        assert interpreter.call_function("discount", [200.0], {"percent": 25}) == 150.0
        assert type(interpreter.call_function("discount", kwargs={"price": 10.0})) is float
        assert module.names() == ["a", "b"]
        assert asyncio.run(interpreter.call_function_async("is_even", [2])) is True


def test_a_module_that_there_is_not(tmp_path: Path) -> None:
    with Interpreter() as interpreter, pytest.raises(FileNotFoundError):
        interpreter.load_module(tmp_path / "none.na")


def test_two_modules_with_one_name(tmp_path: Path) -> None:
    for name, value in (("first", 1), ("second", 2)):
        (tmp_path / f"{name}.na").write_text(f"func value(): return {value}\n", encoding="utf-8")
    with Interpreter() as interpreter:
        interpreter.load_module(tmp_path / "first.na")
        with pytest.raises(errors.FunctionCollisionError) as caught:
            interpreter.load_module(tmp_path / "second.na")
        assert str(caught.value) == (
            "'value' of second would replace 'value' of first: call them as 'second.value' and 'first.value', "
            "or load with overwrite=True"
        )
        assert interpreter.call_function("value") == 1
        interpreter.load_module(tmp_path / "second.na", overwrite=True)
        assert interpreter.call_function("value") == 2
        assert interpreter.call_function("first.value") == 1


def test_scopes_are_seen_and_set() -> None:
    variables = SandboxContext(private={"a": 1}, public={"x": 5}, system={"s": 3}, local={"l": 7})
    with Interpreter(variables) as interpreter:
        assert interpreter.context is variables
        assert interpreter.eval("(private:a, public:x, system:s, l)") == (1, 5, 3, 7)
        interpreter.eval("func raise_x():\n    public:x += 1\n    return public:x")
        assert interpreter.call_function("raise_x") == 6
        assert variables.public["x"] == 6
        variables.set("public:x", 10)
        assert interpreter.call_function("raise_x") == 11
        assert variables.get("public:x") == 11
        assert variables.get("private:none", "default") == "default"


def test_a_call_on_other_variables(tmp_path: Path) -> None:
    (tmp_path / "reader.na").write_text("func x(): return public:x\n", encoding="utf-8")
    with Interpreter(SandboxContext(public={"x": 1})) as interpreter:
        interpreter.load_module(tmp_path / "reader.na")
        other = SandboxContext(public={"x": 2})
        assert interpreter.call_function("x") == 1
        assert interpreter.call_function("x", context=other) == 2
        assert interpreter.call_function("x") == 1


def test_names_of_variables() -> None:
    variables = SandboxContext(public={"x": 1})
    assert variables.get("public:x") == 1
    variables.set("private:y", 2)
    assert repr(variables) == "SandboxContext(public={'x': 1}, private={'y': 2}, system={}, local={})"
    for wrong in ("x", "public.x", "nowhere:x", "public:"):
        with pytest.raises(ValueError) as caught:
            variables.get(wrong)
        assert str(caught.value) == f"'{wrong}' names no variable: write 'public:x', 'private:x' or 'system:x'"


def test_arguments_that_do_not_fit_are_named() -> None:
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: Interpreter(5), "Expected SandboxContext, got int at argument 'context'"),  # type: ignore[arg-type]
        (lambda: Interpreter(runtime=5), "Expected DanaRuntime, got int at argument 'runtime'"),  # type: ignore[arg-type]
        (lambda: dana_context(runtime=5), "Expected DanaRuntime, got int at argument 'runtime'"),  # type: ignore[arg-type]
        (lambda: log_audit(5), "Expected DanaRuntime, got int at argument 'runtime'"),  # type: ignore[arg-type]
        (lambda: log_models(5), "Expected DanaRuntime, got int at argument 'runtime'"),  # type: ignore[arg-type]
        (lambda: DanaSandbox(5), "Expected DanaRuntime, got int at argument 'runtime'"),  # type: ignore[arg-type]
        (lambda: SandboxContext(private=5), "Expected dict, got int at argument 'private'"),  # type: ignore[arg-type]
        (lambda: SandboxContext(local=[1]), "Expected dict, got list at argument 'local'"),  # type: ignore[arg-type]
    ]
    wrong += [
        (lambda: Interpreter().load_module(5), "Expected path of a file, got int at argument 'name'"),  # type: ignore[arg-type]
        (lambda: SandboxContext().get(5), "Expected string, got int at argument 'name'"),  # type: ignore[arg-type]
    ]
    calls: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
        ((5,), {}, "Expected string, got int at argument 'name'"),
        (("len", 5), {}, "Expected list of arguments, got int at argument 'args': write args=[...]"),
        (("len", [[1]], [2]), {}, "Expected dict of arguments, got list at argument 'kwargs': write kwargs={...}"),
        (("len", [[1]], {1: 2}), {}, "Expected string, got int as a name in argument 'kwargs'"),
        (("len", [[1]]), {"context": {}}, "Expected SandboxContext, got dict at argument 'context'"),
    ]
    with Interpreter() as interpreter, DanaSandbox() as sandbox:
        for make, message in wrong:
            with pytest.raises(errors.TypeConversionError) as caught:
                make()
            assert str(caught.value) == message
        for args, kwargs, message in calls:
            with pytest.raises(errors.TypeConversionError) as caught:
                interpreter.call_function(*args, **kwargs)
            assert str(caught.value) == message
            with pytest.raises(errors.TypeConversionError) as caught:
                asyncio.run(interpreter.call_function_async(*args, **kwargs))
            assert str(caught.value) == message
            if not kwargs:
                with pytest.raises(errors.TypeConversionError) as caught:
                    sandbox.call_function(*args)
                assert str(caught.value) == message


def test_a_sandbox() -> None:
    with DanaSandbox(search_path=[MODULES], max_memory="10MB") as sandbox:
        assert sandbox.call_function("analytics.add", [1], {"b": 2}) == 3
        assert sandbox.import_module("business_rules").is_even(2)
        assert sandbox.eval("1 + 1") == 2
        with pytest.raises(TypeError, match="Expected string, got int at argument 'prompt'"):
            sandbox.reason(1)  # type: ignore[arg-type]
    assert sandbox.context.closed


def test_both_are_awaited_and_closed_by_async_with(tmp_path: Path) -> None:
    (tmp_path / "waits.na").write_text("func double(x): return x * 2\n", encoding="utf-8")

    async def waits(x: int) -> int:
        await asyncio.sleep(0)
        return x

    async def main() -> list[object]:
        async with Interpreter(SandboxContext(local={"waits": waits})) as interpreter:
            first = await interpreter.eval_async("waits(3)")
            loaded = await interpreter.load_module_async(str(tmp_path / "waits.na"))
            assert (loaded.double(3), await interpreter.call_function_async("double", [4])) == (6, 8)
            with pytest.raises(ModuleNotFoundError):
                await interpreter.load_module_async("none_such")
        async with DanaSandbox(local={"waits": waits}, search_path=[tmp_path]) as sandbox:
            second = await sandbox.eval_async("waits(4)")
            third = await sandbox.call_function_async("waits.double", [5])
            context = sandbox.context
        assert context.closed
        return [first, second, third]

    assert asyncio.run(main()) == [3, 4, 10]


def test_the_programs_own_functions_come_first(tmp_path: Path) -> None:
    (tmp_path / "utils.na").write_text("func double(x): return x * 2\n", encoding="utf-8")
    with Interpreter() as interpreter:
        interpreter.eval("func double(x): return 'mine'")
        interpreter.load_module(tmp_path / "utils.na")
        assert interpreter.call_function("double", [3]) == interpreter.eval("double(3)") == "mine"
        assert asyncio.run(interpreter.call_function_async("double", [3])) == "mine"
        assert interpreter.call_function("utils.double", [3]) == 6


def test_a_function_of_the_hosts_is_only_replaced_when_asked(tmp_path: Path) -> None:
    (tmp_path / "utils.na").write_text("func double(x): return x * 2\n", encoding="utf-8")
    runtime = DanaRuntime(shared=False)
    runtime.function("double")(lambda x: "host")
    with Interpreter(runtime=runtime) as interpreter:
        with pytest.raises(errors.FunctionCollisionError) as caught:
            interpreter.load_module(tmp_path / "utils.na")
        assert str(caught.value) == (
            "'double' of utils would replace 'double' of the host: call it as 'utils.double', or load with overwrite=True"
        )
        assert interpreter.call_function("double", [3]) == "host"
        interpreter.load_module(tmp_path / "utils.na", overwrite=True)
        assert interpreter.call_function("double", [3]) == 6


def test_variables_stay_when_the_interpreter_is_closed() -> None:
    variables = SandboxContext(public={"x": 1}, private={"api_key": "0123456789"})
    with Interpreter(variables) as interpreter:
        interpreter.eval("public:x = 2\npublic:f = [lambda x: x]\nprivate:y = {'a': [1]}")
        view = variables.public
    assert variables.public == {"x": 2}
    assert variables.get("private:y") == {"a": [1]}
    assert repr(variables) == (
        "SandboxContext(public={'x': 2}, private={'api_key': '[redacted]', 'y': {'a': [1]}}, system={}, local={})"
    )
    assert repr(view) == "<public variables of a closed context>"
    with pytest.raises(errors.ContextClosedError, match="the interpreter is closed, .*: make another Interpreter"):
        interpreter.eval("1")
    variables.set("public:x", 5)
    with Interpreter(variables) as another:
        assert another.eval("public:x + 1") == 6
        interpreter.close()
        assert another.eval("public:x") == 5


def test_what_the_host_has_set_outlives_a_limit() -> None:
    variables = SandboxContext(public={"x": 1})
    with Interpreter(variables) as interpreter:
        with pytest.raises(errors.DepthLimitExceeded):
            interpreter.eval("public:x = 5\nfunc r(): return r()\nr()")
        assert repr(variables) == "SandboxContext(public={'x': 1}, private={}, system={}, local={})"
        with pytest.raises(errors.ContextClosedError, match="make another Interpreter"):
            interpreter.call_function("r")
    with Interpreter(variables) as interpreter:
        assert interpreter.eval("public:x") == 1
