"""Runtimes and contexts: how they are made, what they may, and how they end."""

import asyncio
import contextlib
import gc
import inspect
import io
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy
import pytest

from opendxa.dana import DanaContext, DanaRuntime, DanaSandbox, dana, errors, import_dana_module
from opendxa.dana.sandbox import Interpreter, SandboxContext

MODULES = Path(__file__).parent / "dana_modules"


@pytest.fixture
def context() -> Iterator[DanaContext]:
    with DanaRuntime().create_context(search_path=[MODULES]) as context:
        yield context


def test_there_is_one_runtime_unless_another_is_asked_for() -> None:
    assert DanaRuntime() is DanaRuntime() is dana.runtime
    other = DanaRuntime(shared=False)
    assert other is not DanaRuntime()

    @other.function
    def only_there() -> int:
        return 1

    assert [known.name for known in other.functions] == ["only_there"]
    assert all(known.name != "only_there" for known in DanaRuntime().functions)
    with other.create_context() as context, DanaRuntime().create_context() as elsewhere:
        assert context.eval_dana("only_there()") == 1
        with pytest.raises(NameError):
            elsewhere.eval_dana("only_there()")


def test_a_closed_runtime_makes_no_contexts() -> None:
    runtime = DanaRuntime(shared=False)
    context = runtime.create_context()
    runtime.close()
    assert runtime.closed
    assert context.closed
    with pytest.raises(errors.RuntimeClosedError) as caught:
        runtime.create_context()
    assert str(caught.value) == "the runtime is closed: make another DanaRuntime"


def test_the_value_of_the_last_expression(context: DanaContext) -> None:
    assert context.eval_dana("x = 2\nx * 3") == 6
    assert context.eval_dana("x = 5") is None
    assert context.eval_dana("x") == 5
    assert context.eval_dana("") is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -1,
        2**200,
        1.5,
        "ä🙂",
        b"\x00\xff",
        [1, [2]],
        (1, "a"),
        {"k": [1], 2: None},
        {1, 2},
        frozenset({3}),
        range(3),
    ],
    ids=repr,
)
def test_plain_data_comes_back_equal_and_of_its_type(context: DanaContext, value: Any) -> None:
    context.eval_dana("func identity(value): return value")
    back = context.call("identity", value)
    assert back == value
    assert type(back) is type(value)


def test_contexts_cannot_see_each_other(context: DanaContext) -> None:
    with DanaRuntime().create_context() as other:
        for scope in ("", "private:", "public:"):
            context.eval_dana(f"{scope}secret = 1")
            with pytest.raises(NameError):
                other.eval_dana(f"{scope}secret")
        function = context.eval_dana("func f(): return 1\nf")
        other.eval_dana("func call(f): return f()")
        with pytest.raises(errors.ContextIsolationError) as caught:
            other.call("call", function)
    assert str(caught.value).startswith("a function, object or module of one context cannot be used in another")


def test_scopes_are_mappings(context: DanaContext) -> None:
    context.public["x"] = [1]
    context.private["y"] = "secret"
    context.system["z"] = 3
    assert context.eval_dana("(public:x, private:y, system:z)") == ([1], "secret", 3)
    context.eval_dana("public:x.append(2)\nprivate:made = 1")
    assert dict(context.public) == {"x": [1, 2]}
    assert set(context.private) == {"y", "made"}
    assert len(context.system) == 1
    assert repr(context.public) == "<public variables {'x': [1, 2]}>"
    del context.private["made"]
    assert "made" not in context.private
    with pytest.raises(KeyError):
        del context.private["made"]
    with pytest.raises(KeyError):
        context.public["never set"]


def test_variables_from_the_start() -> None:
    with DanaRuntime().create_context(private={"a": 1}, public={"b": 2}, system={"c": 3}, local={"d": 4}) as context:
        assert context.eval_dana("private:a + public:b + system:c + d") == 10


def test_calling_by_name(context: DanaContext) -> None:
    context.eval_dana("func area(width, height=2): return width * height")
    assert context.call("area", 3) == 6
    assert context.call("area", width=3, height=5) == 15
    assert context.call("math_utils.calculate_area", 2, height=2) == 4
    function = context.function("area")
    assert function(3, height=1) == 3
    assert (function.name, function.__name__, str(inspect.signature(function))) == ("area", "area", "(width, height=2)")
    with pytest.raises(NameError) as caught:
        context.call("no_such")
    assert str(caught.value) == ("there is no function 'no_such' in this context: import its module or define it first")


def test_python_functions_keep_their_identity(context: DanaContext) -> None:
    def mine() -> int:
        return 1

    token = object()
    context.eval_dana("func identity(value): return value")
    assert context.call("identity", mine) is mine
    assert context.call("identity", [token])[0] is token
    function = context.function("identity")
    assert context.call("identity", function) == function


def test_registering_functions() -> None:
    runtime = DanaRuntime(shared=False)

    @runtime.function("twice", namespace="numbers")
    def double(x: int) -> int:
        return 2 * x

    @runtime.function
    def hello(name: str, *, greeting: str = "Hello") -> str:
        return f"{greeting}, {name}"

    assert [(known.qualified_name, known.takes_context) for known in runtime.functions] == [
        ("hello", False),
        ("numbers.twice", False),
    ]
    assert runtime.functions[0].origin.startswith(__file__)
    with runtime.create_context() as context:
        assert context.eval_dana("hello('Ann', greeting='Hi')") == "Hi, Ann"
    with pytest.raises(errors.FunctionCollisionError) as caught:
        runtime.function("hello")(double)
    assert "would replace 'hello' of " in str(caught.value)
    runtime.function("hello", overwrite=True)(double)
    with runtime.create_context() as context:
        assert context.eval_dana("hello(4)") == 8


def test_functions_come_and_go_while_a_context_lives() -> None:
    runtime = DanaRuntime(shared=False)
    with runtime.create_context() as context:
        program = "later(4)"
        with pytest.raises(NameError):
            context.eval_dana(program)
        runtime.function("later")(lambda x: x + 1)
        assert context.eval_dana(program) == 5
        assert context.eval_dana("later(5)") == 6
        runtime.remove_function("later")
        with pytest.raises(errors.DanaError, match="the host has no function 'later' any more"):
            context.eval_dana(program)
        runtime.function("later")(lambda x: x + 2)
        assert context.eval_dana(program) == 6


def test_contexts_that_there_are_find_functions_that_come_later() -> None:
    runtime = DanaRuntime(shared=False)
    with runtime.create_context() as context:
        assert context.eval_dana("1") == 1
        runtime.function("later")(lambda: 1)
        assert context.eval_dana("later()") == 1
        runtime.function("later", overwrite=True)(lambda: 2)
        assert context.eval_dana("later()") == 2
        runtime.remove_function("later")
    with runtime.create_context() as context, pytest.raises(NameError):
        context.eval_dana("later()")


def test_what_is_not_granted_is_denied(context: DanaContext) -> None:
    with pytest.raises(PermissionError) as caught:
        context.eval_dana("x = 1\nimport os.py as os")
    error = caught.value
    assert isinstance(error, errors.CapabilityError)
    assert str(error) == (
        "importing 'os' from Python needs the capability 'python_import:os', which this context was not granted: "
        "create_context(allowed_capabilities=['python_import:os'])"
    )
    assert error.stack[-1].line == 2


@pytest.mark.parametrize(("module", "capability"), [("time", "clock"), ("random", "random")])
def test_a_module_names_the_capability_that_it_needs(context: DanaContext, module: str, capability: str) -> None:
    with pytest.raises(errors.CapabilityError) as caught:
        context.eval_dana(f"import {module}")
    assert str(caught.value) == (
        f"importing '{module}' needs the capability '{capability}', which this context was not granted: "
        f"create_context(allowed_capabilities=['{capability}'])"
    )


A_SIZE = "write '100MB', '1.5GiB' or a number of bytes, 10**15 at most"
A_TIME = "write '30s', '500ms', '2m' or a number of seconds, 10**9 at most"
A_COUNT = "write a whole number from 1 to 2**63 - 1"
OPTIONS: list[tuple[dict[str, object], str]] = [
    (
        {"max_memory": "much"},
        f"'much' is no size at argument 'max_memory': {A_SIZE}",
    ),
    ({"max_memory": 0}, f"0 is no size at argument 'max_memory': {A_SIZE}"),
    ({"max_memory": 10**400}, f"a number of 1329 bits is no size at argument 'max_memory': {A_SIZE}"),
    ({"max_source_size": 1e16}, f"1e+16 is no size at argument 'max_source_size': {A_SIZE}"),
    ({"max_memory": [1]}, "Expected a size such as '100MB', got list at argument 'max_memory'"),
    (
        {"timeout": "soon"},
        f"'soon' is no duration at argument 'timeout': {A_TIME}",
    ),
    ({"max_execution_time": 1e10}, f"10000000000.0 is no duration at argument 'max_execution_time': {A_TIME}"),
    ({"timeout": 10**400}, f"a number of 1329 bits is no duration at argument 'timeout': {A_TIME}"),
    ({"timeout": True}, "Expected a duration such as '30s', got bool at argument 'timeout'"),
    ({"max_ticks": 1.5}, f"1.5 is no count at argument 'max_ticks': {A_COUNT}"),
    ({"max_ticks": 2**70}, f"1180591620717411303424 is no count at argument 'max_ticks': {A_COUNT}"),
    ({"max_depth": 0}, f"0 is no count at argument 'max_depth': {A_COUNT}"),
    ({"max_host_calls": 2**63}, f"9223372036854775808 is no count at argument 'max_host_calls': {A_COUNT}"),
    ({"max_ticks": "5"}, "Expected a whole number, got str at argument 'max_ticks'"),
    ({"seed": "x"}, "Expected int, got str at argument 'seed'"),
    ({"overwrite_imports": "no"}, "Expected bool, got str at argument 'overwrite_imports'"),
    ({"allowed_capabilities": "llm"}, "Expected list of strings, got str at argument 'allowed_capabilities'"),
    ({"allowed_capabilities": [1]}, "Expected string, got int in argument 'allowed_capabilities'"),
    ({"passed_scopes": ["all"]}, "Expected 'public', 'private', 'system', 'local', got 'all' at argument 'passed_scopes'"),
    ({"public": [1]}, "Expected dict, got list at argument 'public'"),
    ({"public": {"a b": 1}}, "'a b' is no name of a variable in argument 'public'"),
    (
        {"max_memori": 1},
        "create_context() got an unexpected keyword argument 'max_memori': did you mean 'max_memory'?",
    ),
    ({"memory": 1}, "create_context() got an unexpected keyword argument 'memory': did you mean 'max_memory'?"),
    ({"time_out": 1}, "create_context() got an unexpected keyword argument 'time_out': did you mean 'timeout'?"),
    ({"zzz": 1}, "create_context() got an unexpected keyword argument 'zzz'"),
    ({"argument_help": "modle"}, "Expected a bool or 'model', got 'modle' at argument 'argument_help'"),
    ({"fixed_time": float("nan")}, "Expected seconds since 1970, got nan at argument 'fixed_time'"),
    ({"fixed_time": Decimal("NaN")}, "Expected seconds since 1970, got Decimal('NaN') at argument 'fixed_time'"),
    ({"fixed_time": "now"}, "Expected seconds since 1970, got 'now' at argument 'fixed_time'"),
    ({"output": "x"}, "Expected function, got str at argument 'output'"),
    ({"local": {"if": 1}}, "'if' is no name of a variable in argument 'local'"),
    *(
        (
            {"allowed_capabilities": [f"network:{place}"]},
            f"the capability 'network:{place}' names no host, or no port from 1 to 65535: "
            "write 'network:example.com' or 'network:example.com:443'",
        )
        for place in ("http://x", "example.com:http", "example.com:99999", "example.com:", ":80", "[::1]:0")
    ),
]


@pytest.mark.parametrize(("options", "message"), OPTIONS, ids=lambda value: str(value)[:40])
def test_options_that_do_not_fit_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(errors.DanaError) as caught:
        DanaRuntime().create_context(**options)
    assert str(caught.value) == message


@pytest.mark.parametrize("place", ["localhost", "example.com:443", "127.0.0.1:1", "[::1]:65535", "[::1]", "::1"])
def test_places_of_the_network_are_read(place: str) -> None:
    with DanaRuntime().create_context(allowed_capabilities=[f"network:{place}"]) as context:
        assert context.eval_dana("1") == 1


def test_arguments_of_a_runtime_that_do_not_fit(runtime: DanaRuntime) -> None:
    with pytest.raises(errors.TypeConversionError) as helped:
        DanaRuntime(argument_help="x")  # type: ignore[arg-type]
    assert str(helped.value) == "Expected a bool or 'model', got 'x' at argument 'argument_help'"
    with pytest.raises(errors.TypeConversionError) as heard:
        runtime.listen(5)  # type: ignore[arg-type]
    assert str(heard.value) == "Expected function, got int at argument 'callback'"
    wrong: list[tuple[Callable[[], object], str]] = [
        (lambda: runtime.function(5)(len), "name"),  # type: ignore[call-overload]
        (lambda: runtime.function("f", namespace=5)(len), "namespace"),  # type: ignore[call-overload]
        (lambda: runtime.remove_function(5), "name"),  # type: ignore[arg-type]
        (lambda: runtime.add_secret(5), "value"),  # type: ignore[arg-type]
        (lambda: runtime.redact(5), "text"),  # type: ignore[arg-type]
        (lambda: import_dana_module(5), "name"),  # type: ignore[arg-type]
    ]
    for call, argument in wrong:
        with pytest.raises(errors.TypeConversionError) as text:
            call()
        assert str(text.value) == f"Expected string, got int at argument '{argument}'"
    for name, part in (("ns.", ""), ("a b", "a b"), ("ns..f", ""), ("if", "if")):
        with pytest.raises(errors.DanaValueError) as named:
            runtime.function(name)(len)
        assert str(named.value) == f"{part!r} is no name that a program could write: give it one with function('name')"
    with pytest.raises(errors.DanaValueError, match="'<lambda>' is no name"):
        runtime.function(lambda: 1)


def test_a_namespace_stands_in_the_name(runtime: DanaRuntime) -> None:
    runtime.function("named.twice")(lambda x: x * 2)
    runtime.function("inner.thrice", namespace="named")(lambda x: x * 3)
    runtime.function("f", namespace="far.away")(lambda: 7)
    assert {(known.namespace, known.name) for known in runtime.functions} >= {
        ("named", "twice"),
        ("named.inner", "thrice"),
    }
    with runtime.create_context() as context:
        assert context.eval_dana("import named\nnamed.twice(4)") == 8
        assert context.call("named.twice", 5) == 10
        assert context.eval_dana("import named.inner\nnamed.inner.thrice(4) + named.twice(1)") == 14
        assert context.eval_dana("import far.away\nfrom far import away as a\nfar.away.f() + a.f()") == 14
        assert context.call("far.away.f") == 7
    with pytest.raises(errors.FunctionCollisionError):
        runtime.function("twice", namespace="named")(len)
    runtime.remove_function("named.twice")
    runtime.remove_function("named.inner.thrice")
    assert not [known for known in runtime.functions if str(known.namespace).startswith("named")]


def test_the_largest_limits_are_taken() -> None:
    counts = dict.fromkeys(["max_ticks", "max_depth", "max_host_calls"], 2**63 - 1)
    times = dict.fromkeys(["timeout", "max_execution_time"], 1e9)
    with DanaRuntime().create_context(**counts, **times, max_memory=10**15, max_source_size=10**15) as context:
        assert context.eval_dana("6 * 7") == 42


def test_a_capability_that_there_is_not() -> None:
    with pytest.raises(ValueError) as caught:
        DanaRuntime().create_context(allowed_capabilities=["fly"])
    assert str(caught.value).startswith("there is no capability 'fly'; there are: file_read, ")


@pytest.mark.parametrize("seconds", ["1e300", "float('inf')", "float('nan')", "-1", "10 ** 400"])
def test_how_long_a_program_may_sleep_is_told(seconds: str) -> None:
    with DanaRuntime().create_context(allowed_capabilities=["clock"]) as context:
        with pytest.raises(ValueError, match=r"sleep\(\) expects from 0 to 1000000000 seconds, got "):
            context.eval_dana(f"sleep({seconds})")


@pytest.mark.parametrize("timeout", ["1h", "2m", "2min", "500ms", "30 seconds", "1d", 3, 0.5, timedelta(minutes=1)]
)
def test_durations_are_read(timeout: Any) -> None:
    with DanaRuntime().create_context(timeout=timeout, max_memory="1.5 GiB") as context:
        assert context.eval_dana("1") == 1


@pytest.mark.parametrize("memory", ["100M", "1TB", "1.5 GiB", "2g", numpy.int64(10**8)])
def test_sizes_are_read(memory: Any) -> None:
    with DanaRuntime().create_context(max_memory=memory, max_ticks=numpy.int32(1000), seed=numpy.int8(3)) as context:
        assert context.eval_dana("1") == 1


def test_scopes_are_given_as_any_iterable() -> None:
    DanaRuntime().create_context(passed_scopes=iter(("public", "private"))).close()


def test_what_is_printed_goes_to_pythons_output(context: DanaContext, capsys: pytest.CaptureFixture[str]) -> None:
    print("before")
    context.eval_dana("print('within', 'ä')")
    print("after")
    assert capsys.readouterr().out == "before\nwithin ä\nafter\n"
    with contextlib.redirect_stdout(io.StringIO()) as said:
        context.eval_dana("print('redirected')")
    assert said.getvalue() == "redirected\n"


def test_what_cannot_be_printed_is_told() -> None:
    program = "from opendxa.dana import dana\ndana.eval(\"print('lost')\")\n"
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", program], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert "No space left on device" in done.stderr


def test_names_that_are_nearly_right_are_hinted_at(context: DanaContext) -> None:
    context.eval_dana("func area(x): return x\nlength = 3")
    with pytest.raises(NameError, match="there is no function 'aria' in this context: did you mean 'area'?"):
        context.call("aria", 1)
    with pytest.raises(NameError, match="define it first"):
        context.call("lenght")


def test_what_makes_no_sense_is_refused(context: DanaContext) -> None:
    with pytest.raises(errors.TypeConversionError, match="'a b' is no name of a variable"):
        context.public["a b"] = 1
    with pytest.raises(errors.TypeConversionError, match="Expected string, got int at argument 'module'"):
        context.reload(5)  # type: ignore[arg-type]
    with DanaSandbox() as sandbox:
        for args in (42, "4"):
            with pytest.raises(errors.TypeConversionError, match=r"Expected list of arguments, got \w+ at argument"):
                sandbox.call_function("is_even", args)  # type: ignore[arg-type]


def test_output_goes_where_it_is_sent() -> None:
    said: list[str] = []
    with DanaRuntime().create_context(output=said.append) as context:
        context.eval_dana("print('a', 1)\nprint('b')")
    assert "".join(said) == "a 1\nb\n"


def test_the_same_at_each_run() -> None:
    def numbers() -> Any:
        with DanaRuntime().create_context(seed=7, allowed_capabilities=["random"]) as context:
            return context.eval_dana("import random\n[random.random() for _ in range(3)]")

    assert numbers() == numbers()


def test_a_closed_context_refuses(context: DanaContext) -> None:
    function = context.eval_dana("func f(): return 1\nf")
    point = context.eval_dana("struct Point:\n    x: int\nPoint(1)")
    context.cleanup()
    context.close()
    assert context.closed
    assert repr(context) == f"<DanaContext {context.number} closed>"
    for use in (lambda: context.eval_dana("1"), lambda: context.call("f"), function, lambda: point.x):
        with pytest.raises(errors.ContextClosedError):
            use()


def test_a_forgotten_context_is_closed_with_a_warning() -> None:
    context = DanaRuntime().create_context()
    number = context.number
    with pytest.warns(ResourceWarning) as caught:
        del context
        gc.collect()
    assert str(caught[0].message) == (
        f"the Dana context {number} was never closed: use `with runtime.create_context() as ctx:`"
    )


def test_a_context_that_is_alive_when_the_process_ends_says_nothing() -> None:
    program = "from opendxa.dana import DanaRuntime\nkept = DanaRuntime().create_context()\nprint(kept.eval_dana('1'))"
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")


def test_contexts_in_coroutines() -> None:
    async def main() -> None:
        async with DanaRuntime().create_context(search_path=[MODULES]) as context:

            async def waits(value: int) -> int:
                await asyncio.sleep(0)
                return value + 1

            context.eval_dana("func run(f, value): return f(value) * 2")
            assert await context.call_async("run", waits, 1) == 4
            assert await context.eval_dana_async("run(lambda v :: v, 4)") == 8
            module = await context.import_module_async("math_utils")
            assert await module.calculate_area.call_async(2, 3) == 6
            results = await asyncio.gather(*(context.call_async("run", waits, i) for i in range(20)))
            assert results == [2 * (i + 1) for i in range(20)]
        assert context.closed

    asyncio.run(main())


def test_each_thread_has_its_own_context() -> None:
    dana.eval("mine = 'main'")
    seen: list[Any] = []

    def other() -> None:
        try:
            dana.eval("mine")
        except NameError:
            seen.append("its own")

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert seen == ["its own"]
    assert dana.eval("mine") == "main"


def test_a_threads_context_finds_what_comes_onto_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert dana.eval("1") == 1
    (tmp_path / "arrived_late.na").write_text("func f(): return 5\n", encoding="utf-8")
    with pytest.raises(ModuleNotFoundError):
        dana.import_module("arrived_late")
    monkeypatch.syspath_prepend(tmp_path)
    assert dana.import_module("arrived_late").f() == 5


def test_running_files(tmp_path: Path) -> None:
    file = tmp_path / "program.na"
    file.write_text("func twice(x): return 2 * x\ntwice(21)\n", encoding="utf-8")
    assert dana.run(file) == 42
    assert dana.call("twice", 4) == 8
    with pytest.raises(FileNotFoundError):
        dana.run(tmp_path / "none.na")


def test_saving_and_resuming(context: DanaContext) -> None:
    context.eval_dana("private:step = 3\nfunc next_step():\n    private:step += 1\n    return private:step")
    saved = context.save(b"sixteen bytes or more")
    with dana.resume(saved, b"sixteen bytes or more") as resumed:
        assert resumed.call("next_step") == 4
    with pytest.raises(errors.DanaError):
        dana.resume(saved, b"another key of sixteen")
    with pytest.raises(TypeError):
        context.save("text")  # type: ignore[arg-type]


def test_audit_events() -> None:
    runtime = DanaRuntime(shared=False)
    events: list[Any] = []
    with runtime.listen(events.append), runtime.create_context() as context:
        with pytest.raises(PermissionError):
            context.eval_dana("import os.py")
    kinds = [event.kind for event in events]
    assert "context_created" in kinds
    denied = next(event for event in events if event.kind == "denied")
    assert "python_import" in (denied.subject, denied.detail) or "python_import" in denied.subject + denied.detail
    count = len(events)
    with runtime.create_context():
        pass
    assert len(events) == count


def test_each_call_of_a_function_of_pythons_is_an_event(tmp_path: Path) -> None:
    (tmp_path / "shop_of_this_test.py").write_text(
        "def price(n):\n    return n\nasync def later(n):\n    return n\nclass Till:\n    def take(self, n):\n        return n\n"
        "till = Till()\n",
        encoding="utf-8",
    )

    def pay(n: int) -> int:
        return n

    runtime = DanaRuntime(shared=False)
    program = (
        "import shop_of_this_test.py as shop\n"
        "total = 0\n"
        "for i in range(3):\n"
        "    total = total + pay(i) + shop.price(i)\n"
        "shop.later(1)\n"
        "shop.till.take(2)\n"
    )
    events: list[Any] = []
    with runtime.create_context(
        allowed_capabilities=["python_import"], search_path=[tmp_path], local={"pay": pay}
    ) as context:
        context.eval_dana(program)  # nobody listens
        with runtime.listen(events.append):
            context.eval_dana(program, name="sale")
    calls = [(event.subject, event.place) for event in events if event.kind == "host_called"]
    assert calls == [
        *[("pay", "sale:4"), ("price", "sale:4")] * 3, ("later", "sale:5"), ("shop_of_this_test.Till.take", "sale:6"),
    ]  # fmt: skip
    assert {event.detail for event in events if event.subject == "price"} == {"shop_of_this_test.price"}
    sys.modules.pop("shop_of_this_test", None)


def test_what_scopes_show_has_no_secrets() -> None:
    secret = "sk-verysecretvalue1234567890"
    with DanaRuntime().create_context(private={"api_key": secret, "n": 1}) as context:
        assert repr(context.private) == "<private variables {'api_key': '[redacted]', 'n': 1}>"
        context.public["copied"] = secret
        assert secret not in repr(context.public)
        assert context.public["copied"] == secret
    sandbox = SandboxContext(private={"api_key": secret}, system={"password": "hunter22222"}, public={"n": 1})
    shown = "SandboxContext(public={'n': 1}, private={'api_key': '[redacted]'}, system={'password': '[redacted]'}, local={})"
    assert repr(sandbox) == shown
    with Interpreter(sandbox):
        assert repr(sandbox) == shown


def test_secrets_are_taken_out() -> None:
    runtime = DanaRuntime(shared=False)
    runtime.add_secret("open sesame")
    assert runtime.redact("say open sesame now") == "say [redacted] now"
    assert runtime.redactions == 1


def test_a_forked_child_begins_anew() -> None:
    program = """
import os
from opendxa.dana import dana
assert dana.eval("1 + 1") == 2
inherited = dana.runtime
child = os.fork()
if child == 0:
    ok = dana.runtime is not inherited and dana.eval("2 + 3") == 5
    os._exit(0 if ok else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
