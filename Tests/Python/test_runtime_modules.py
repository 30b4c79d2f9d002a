"""What programs import: files of Dana's and of Python's, and what the right to import covers."""

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from opendxa.dana import DanaContext, DanaRuntime, dana, dana_function, errors, import_dana_module

KEY = b"sixteen bytes or more"


@pytest.fixture
def context(runtime: DanaRuntime, tmp_path: Path) -> Iterator[DanaContext]:
    with runtime.create_context(search_path=[tmp_path], allowed_capabilities=["python_import"]) as context:
        yield context


def test_a_python_file_does_not_hide_a_native_module(context: DanaContext, tmp_path: Path) -> None:
    (tmp_path / "math.py").write_text("def double(x):\n    return x * 2\n")
    assert context.eval_dana("import math.py as mine\nimport math\n[mine.double(4), math.sqrt(9)]") == [8, 3.0]
    assert context.eval_dana("import math\nmath.sqrt(16)") == 4.0


def test_the_same_file_is_the_same_module(context: DanaContext, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text("items = []\n")
    assert context.eval_dana("import shop.py as a\nimport shop.py as b\na is b") is True


def test_a_failed_import_leaves_nothing(context: DanaContext, tmp_path: Path) -> None:
    file = tmp_path / "shop.py"
    file.write_text("price = 3\nname = '\\ud800'\n")
    with pytest.raises(Exception, match="surrogates"):
        context.eval_dana("import shop.py as shop")
    file.write_text("price = 3\nname = 'a shop'\n")
    assert context.eval_dana("import shop.py as shop\nshop.name") == "a shop"


def test_a_module_that_failed_is_imported_again(context: DanaContext, tmp_path: Path) -> None:
    file = tmp_path / "shop.na"
    file.write_text("price = 3\nassert price == 4\nfunc total(n):\n    return n * price\n")
    for _ in range(2):
        with pytest.raises(AssertionError):
            context.call("shop.total", 2)
    file.write_text("price = 4\nfunc total(n):\n    return n * price\n")
    assert context.call("shop.total", 2) == 8
    assert context.import_module("shop").price == 4


def test_a_part_of_a_package_is_called_by_name(context: DanaContext, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/__init__.na").write_text("from .prices import total\nname = 'a shop'\n")
    (tmp_path / "shop/prices.na").write_text("import shop\nfunc total(n):\n    return f'{shop.name}: {n * 3}'\n")
    assert context.call("shop.prices.total", 2) == "a shop: 6"
    assert context.eval_dana("import shop\nshop.prices.total(3)") == "a shop: 9"


def test_an_import_of_the_hosts_is_saved_and_gone_on_with(runtime: DanaRuntime, tmp_path: Path) -> None:
    (tmp_path / "shop.na").write_text("rate = the_rate()\nfunc total(n):\n    return n * rate\n")
    saved: list[bytes] = []

    @runtime.function("the_rate")
    def the_rate() -> int:
        saved.append(context.save(KEY))
        return 3

    with runtime.create_context(search_path=[tmp_path]) as context:
        assert context.import_module("shop").total(2) == 6
    for _ in range(2):
        with runtime.resume(saved[0], KEY) as context:
            module = context.go_on()
            assert (module.__name__, module.total(4)) == ("shop", 12)
            assert context.eval_dana("import shop\nshop.total(5)") == 15


def test_without_as_the_functions_come(context: DanaContext, tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("rate = 2\ndef double(x):\n    return x * rate\n")
    assert context.eval_dana("import tools.py\ndouble(4)") == 8
    with pytest.raises(NameError):
        context.eval_dana("rate")


def test_an_import_does_not_replace_anothers_function(runtime: DanaRuntime, tmp_path: Path) -> None:
    (tmp_path / "one.na").write_text("func price(x):\n    return x + 1\n")
    (tmp_path / "two.na").write_text("func price(x):\n    return x + 2\n")
    program = "import one.na\nimport two.na\nprice(1)"
    with runtime.create_context(search_path=[tmp_path]) as context:
        with pytest.raises(ImportError) as caught:
            context.eval_dana(program)
        assert str(caught.value) == (
            "importing 'two' would replace 'price' of 'one': import one of them with 'as', "
            "or allow imports to overwrite"
        )
    with runtime.create_context(search_path=[tmp_path], overwrite_imports=True) as context:
        assert context.eval_dana(program) == 3


def test_the_right_to_import_is_a_folders_own(
    runtime: DanaRuntime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("granted", "granted-not", "here"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name.replace('-', '_')}.py").write_text("value = 1\n")
    (tmp_path / "granted" / "linked.py").symlink_to(tmp_path / "here" / "here.py")
    monkeypatch.chdir(tmp_path / "here")
    path = [tmp_path / "granted", tmp_path / "granted-not", tmp_path / "here"]

    def imports(scope: str, module: str) -> object:
        rights = [f"python_import:{scope}"]
        with runtime.create_context(search_path=path, allowed_capabilities=rights) as context:
            return context.eval_dana(f"import {module}.py as module\nmodule.value")

    assert imports(str(tmp_path / "granted"), "granted") == 1
    assert imports(f"{tmp_path}/here/../granted/", "granted") == 1
    assert imports(".", "here") == 1
    for scope, module in [(".", "granted"), (str(tmp_path / "granted"), "granted_not")]:
        with pytest.raises(errors.CapabilityError):
            imports(scope, module)
    with pytest.raises(ImportError, match="leads out of its folder"):
        imports(str(tmp_path / "granted"), "linked")


def test_host_functions_in_namespaces_are_saved_and_restored(runtime: DanaRuntime) -> None:
    runtime.function("add", namespace="tools")(lambda x: x + 1)
    runtime.function("plain")(lambda x: x + 10)
    runtime.function("tools.inner.deep.add")(lambda x: x + 1)
    with runtime.create_context() as context:
        context.eval_dana("func f(x):\n    return tools.add(plain(x))")
        assert context.call("f", 1) == 12
        saved = context.save(KEY)
    with DanaRuntime(shared=False) as other:
        other.function("add", namespace="tools")(lambda x: x + 2)
        other.function("plain")(lambda x: x + 20)
        other.function("late", namespace="tools")(lambda x: x + 3)
        other.function("late", namespace="tools.inner")(lambda x: x + 4)
        other.function("add", namespace="tools.inner.deep")(lambda x: x + 9)
        with other.resume(saved, KEY) as resumed:
            assert resumed.call("f", 1) == 23
            assert resumed.eval_dana("tools.late(1)") == 4
            assert resumed.eval_dana("tools.inner.deep.add(1) + tools.inner.late(1)") == 15
    with DanaRuntime(shared=False) as empty, empty.resume(saved, KEY) as resumed:
        with pytest.raises(NameError, match="the host has no function 'plain' any more"):
            resumed.call("f", 1)


def test_host_functions_in_namespaces_are_saved_before_those_around_them(runtime: DanaRuntime) -> None:
    runtime.function("a.b.c.f")(lambda: 1)
    with runtime.create_context() as context:
        context.eval_dana("import a.b.c as inner\nfunc f():\n    return inner.f() + a.b.c.f()")
        assert context.call("f") == 2
        saved = context.save(KEY)
    runtime.function("a.g")(lambda: 5)
    with runtime.resume(saved, KEY) as resumed:
        assert resumed.call("f") == 2
        assert resumed.eval_dana("a.g()") == 5


def test_a_restored_context_has_its_limits_and_its_runtime(runtime: DanaRuntime) -> None:
    with runtime.create_context() as context:
        context.eval_dana("func endless():\n    while True:\n        pass")
        saved = context.save(KEY)
    with runtime.resume(saved, KEY, timeout=0.05) as resumed, pytest.raises(TimeoutError):
        resumed.call("endless")
    other = DanaRuntime(shared=False)
    kept = other.resume(saved, KEY)
    other.close()
    assert kept.closed
    with pytest.raises(errors.RuntimeClosedError):
        other.resume(saved, KEY)


def test_what_a_module_keeps_to_itself(context: DanaContext, tmp_path: Path) -> None:
    (tmp_path / "shop.na").write_text(
        "export price\nfunc price():\n    return hidden() + _secret()\n"
        "func hidden():\n    return 2\nfunc _secret():\n    return 1\n"
    )
    assert context.eval_dana("import shop\nfrom shop import price\nprice() + shop.price()") == 6
    for text in ("shop.hidden()", "from shop import hidden"):
        with pytest.raises((AttributeError, ImportError)) as caught:
            context.eval_dana(text)
        assert str(caught.value) == "module 'shop' does not export 'hidden'"
    for text in ("shop._secret()", "from shop import _secret"):
        with pytest.raises((AttributeError, ImportError)) as caught:
            context.eval_dana(text)
        assert str(caught.value) == "'_secret' is private to module 'shop'"
    with pytest.raises(ImportError, match="'_groups' is private to module 'text'"):
        context.eval_dana("from text import _groups")


def test_python_sees_what_a_module_exports(
    context: DanaContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "exporting.na").write_text(
        "export price\nfunc price():\n    return hidden() + _secret()\n"
        "func hidden():\n    return 2\nfunc _secret():\n    return 1\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for module in (context.import_module("exporting"), import_dana_module("exporting")):
        assert module.price() == 3
        assert "hidden" not in dir(module)
        with pytest.raises(AttributeError) as caught:
            module.hidden
        assert str(caught.value) == "module 'exporting' does not export 'hidden'"
        with pytest.raises(AttributeError, match="does not export 'hidden'"):
            del module.hidden
        for name in ("hidden", "fresh"):
            with pytest.raises(AttributeError, match=f"does not export '{name}'"):
                setattr(module, name, [])
        assert module.price() == 3
    for name, reason in (
        ("hidden", "module 'exporting' does not export 'hidden'"),
        ("_secret", "'_secret' is private to module 'exporting'"),
    ):
        for find in (context.call, context.function):
            with pytest.raises(NameError) as missing:
                find(f"exporting.{name}")
            assert str(missing.value) == f"there is no function 'exporting.{name}' in this context: {reason}"
    assert context.call("exporting.price") == 3


def test_a_function_of_a_module_is_patched(
    context: DanaContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "patched.na").write_text("rate = 2\nfunc price():\n    return rate\nfunc total():\n    return price()\n")
    monkeypatch.syspath_prepend(tmp_path)
    dana.enable_imports()
    try:
        with mock.patch("patched.price", return_value=5):
            import patched  # type: ignore[import-not-found]

            assert (patched.price(), patched.total()) == (5, 5)
        assert (patched.price(), patched.total()) == (2, 2)
        with mock.patch.object(patched, "rate", 7):
            assert patched.total() == 7
        assert patched.total() == 2
    finally:
        dana.disable_imports()
        sys.modules.pop("patched", None)


@pytest.mark.parametrize("name", ["rate", "price"])
def test_what_pytest_patches_in_a_module_is_restored(context: DanaContext, tmp_path: Path, name: str) -> None:
    (tmp_path / "kit.na").write_text("rate = 2\nfunc price():\n    return rate\nfunc total():\n    return [rate, price()]\n")
    module = context.import_module("kit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, name, 7 if name == "rate" else lambda: 9)
        patch.setattr(module, "added", 1, raising=False)
        assert module.total() == ([7, 7] if name == "rate" else [2, 9])
        assert module.added == 1
    assert module.total() == [2, 2]
    assert not hasattr(module, "added")


def test_a_module_shows_what_it_exports(context: DanaContext, tmp_path: Path) -> None:
    (tmp_path / "kit.na").write_text("rate = 2\n_own = 3\nfunc price():\n    return rate\n")
    module = context.import_module("kit")
    shown = vars(module)
    assert (shown["rate"], shown["price"](), shown["__name__"]) == (2, 2, "kit")
    assert "_own" not in shown and not any(name.startswith("_dana") for name in shown)
    with pytest.raises(TypeError):
        shown["rate"] = 3  # type: ignore[index]
    context.close()
    assert "rate" not in vars(module)
    assert "__name__" in dir(module)


def test_a_variable_of_a_module_is_deleted(context: DanaContext, tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()
    (tmp_path / "kit/__init__.na").write_text("import kit.part\nx = 1\nfunc show():\n    return x\n")
    (tmp_path / "kit/part.na").write_text("y = 2\n")
    module = context.import_module("kit")
    assert module.part.y == 2
    del module.x
    assert not hasattr(module, "x")
    with pytest.raises(NameError):
        module.show()
    module.x = 3
    assert module.show() == 3
    del module.part
    assert not hasattr(module, "part")
    for name in ("none", "_none", "__none__"):
        with pytest.raises(AttributeError):
            delattr(module, name)


def test_a_modules_name_has_so_many_parts(context: DanaContext) -> None:
    with pytest.raises(SyntaxError, match="the name of a module has at most 64 parts"):
        context.eval_dana("import " + ".".join("a" * 24_000))


def test_a_program_imports_what_lies_beside_its_file(context: DanaContext, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"tools_{folder}.na").write_text(f"func where(): return '{folder}'\n")
        (tmp_path / folder / "main.na").write_text(f"import tools_{folder}.na as tools\ntools.where()\n")
        assert context.run_file(tmp_path / folder / "main.na") == folder
    (tmp_path / "two" / "other.na").write_text("import tools_two\n")
    with DanaRuntime().create_context(search_path=[]) as other:
        assert other.run_file(tmp_path / "two" / "main.na") == "two"
        with pytest.raises(ModuleNotFoundError):
            other.eval_dana("import tools_one")
        with pytest.raises(ModuleNotFoundError):
            other.eval_dana("import other")


def test_modules_of_a_package_import_each_other(context: DanaContext, tmp_path: Path) -> None:
    package = tmp_path / "kit" / "inner"
    package.mkdir(parents=True)
    (package / "first.na").write_text("import second.na as second\nfunc both(): return [1, second.value()]\n")
    (package / "second.na").write_text("func value(): return 2\n")
    assert context.eval_dana("import kit.inner.first as first\nfirst.both()") == [1, 2]
    assert context.eval_dana("import kit.inner.second as second\nimport kit.inner.first as f\nf.second is second")
    (tmp_path / "second.na").write_text("func value(): return 'above'\n")
    with DanaRuntime().create_context(search_path=[tmp_path]) as other:
        assert other.eval_dana("import kit.inner.first as first\nfirst.both()") == [1, "above"]


def test_a_file_that_is_no_text_is_named(context: DanaContext, tmp_path: Path) -> None:
    file = tmp_path / "bytes.na"
    file.write_bytes(b"x = '\xff'")
    with pytest.raises(UnicodeError, match="bytes.na is no text in UTF-8"):
        context.run_file(file)


def write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.na").write_text(text, encoding="utf-8")


def test_a_reload_reaches_whoever_has_imported_the_module(context: DanaContext, tmp_path: Path) -> None:
    write(
        tmp_path,
        rules="gone = 1\nfunc name(): return 'old'\nfunc said(): return name()\n",
        user="import rules\nfrom rules import said\nfunc asked(): return rules.name()\nfunc kept(): return said()\n",
    )
    rules, user = context.import_module("rules"), context.import_module("user")
    context.eval_dana("import rules\nfunc asked(): return rules.name()")
    old = rules.name

    def answers() -> list[object]:
        return [rules.name(), user.asked(), context.call("asked"), context.call("rules.name")]

    assert answers() == ["old"] * 4
    write(tmp_path, rules="added = 2\nfunc name(): return 'new'\nfunc said(): return name()\n")
    assert context.reload("rules") is rules
    assert answers() == ["new"] * 4
    assert [rules.added, sorted(rules.__all__), hasattr(rules, "gone")] == [2, ["added", "name", "said"], False]
    # What was taken out of the module before goes on with the module as it was.
    assert [old(), user.kept()] == ["old", "old"]


@pytest.mark.parametrize("text", ["func name(): return 'worse'\n1 / 0\n", "func name( return\n", ""])
def test_a_reload_that_fails_changes_nothing(context: DanaContext, tmp_path: Path, text: str) -> None:
    write(
        tmp_path,
        rules="added = 2\nfunc name(): return 'old'\n",
        user="import rules\nfunc asked(): return [rules.name(), rules.added]\n",
    )
    rules, user = context.import_module("rules"), context.import_module("user")
    assert user.asked() == ["old", 2]
    if text:
        write(tmp_path, rules=text)
    else:
        (tmp_path / "rules.na").unlink()
    with pytest.raises(errors.DanaError):
        context.reload(rules)
    assert [rules.name(), user.asked(), context.call("rules.name")] == ["old", ["old", 2], "old"]
    write(tmp_path, rules="added = 3\nfunc name(): return 'new'\n")
    context.reload(rules)
    assert [rules.name(), user.asked(), context.call("rules.name")] == ["new", ["new", 3], "new"]


def test_a_reloaded_package_keeps_its_parts(context: DanaContext, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    write(tmp_path / "shop", __init__="from shop.prices import price\nfunc asked(): return price()\n")
    write(tmp_path / "shop", prices="func price(): return 1\n")
    write(tmp_path, user="import shop.prices\nfunc asked(): return [shop.prices.price(), shop.asked()]\n")
    assert context.call("user.asked") == [1, 1]
    write(tmp_path / "shop", prices="func price(): return 2\n")
    context.reload("shop.prices")
    assert context.call("user.asked") == [2, 1]
    context.reload("shop")
    assert context.call("user.asked") == [2, 2]


def test_what_runs_when_its_module_is_reloaded_finishes_on_the_old_code(context: DanaContext, tmp_path: Path) -> None:
    write(
        tmp_path,
        rules="func name(): return 'old'\nfunc names():\n    yield name()\n    yield name()\n",
        user="import rules\nfunc asked(change):\n    before = rules.name()\n    change()\n    return [before, rules.name()]\n",
    )
    rules, user = context.import_module("rules"), context.import_module("user")
    names = rules.names()
    assert next(names) == "old"

    def change() -> None:
        write(tmp_path, rules="func name(): return 'new'\n")
        context.reload("rules")

    assert user.asked(change) == ["old", "new"]
    assert next(names) == "old"


def test_while_a_module_is_run_anew_the_others_see_what_it_had(runtime: DanaRuntime, tmp_path: Path) -> None:
    write(tmp_path, rules="func name(): return 'old'\n", user="import rules\nfunc asked(): return rules.name()\n")
    seen: list[object] = []
    with runtime.create_context(search_path=[tmp_path]) as context:
        rules, user = context.import_module("rules"), context.import_module("user")
        context.public["look"] = lambda: seen.extend([rules.name(), user.asked()])
        write(tmp_path, rules="public:look()\nfunc name(): return 'new'\npublic:look()\n")
        context.reload("rules")
    assert seen == ["old", "old", "new", "new"]


def test_a_reloaded_module_is_saved_and_restored(context: DanaContext, runtime: DanaRuntime, tmp_path: Path) -> None:
    write(
        tmp_path,
        rules="first = 1\nfunc name(): return first\n",
        user="import rules\nfrom rules import name\nfunc asked(): return [rules.name(), name()]\n",
    )
    context.import_module("user")
    for number in range(2, 5):
        write(tmp_path, rules=f"x{number} = {number}\nsecond = {number}\nfunc name(): return second\n")
        context.reload("rules")
    with runtime.resume(context.save(KEY), KEY, search_path=[tmp_path]) as restored:
        assert restored.call("user.asked") == context.call("user.asked") == [4, 1]
        write(tmp_path, rules="func name(): return 5\n")
        restored.reload("rules")
        assert restored.call("user.asked") == [5, 1]


def test_modules_that_import_each_other_are_named(context: DanaContext, tmp_path: Path) -> None:
    write(tmp_path, ca="from cb import d", cb="import cc", cc="from ca import e")
    with pytest.raises(ImportError, match=r"cannot import name 'e' from 'ca', .*\(ca -> cb -> cc -> ca\): import the"):
        context.eval_dana("import ca")
    with pytest.raises(ImportError, match=r"\(ca -> cb -> cc -> ca\)"):
        context.import_module("ca")


def test_a_function_of_a_module_that_there_is_not(context: DanaContext, runtime: DanaRuntime, tmp_path: Path) -> None:
    message = rf"No module named 'nomod' \(looked for .*{tmp_path}/nomod.na"
    with pytest.raises(errors.DanaModuleNotFoundError, match=message):
        context.call("nomod.f")
    with pytest.raises(errors.DanaModuleNotFoundError, match=message):
        context.function("nomod.f")
    with pytest.raises(errors.DanaModuleNotFoundError, match=message):
        asyncio.run(context.call_async("nomod.f"))
    with pytest.raises(errors.DanaModuleNotFoundError, match=message):
        dana_function("nomod.f", context=context)(lambda: None)()
    write(tmp_path, nomod="func f(): return 1\n")
    assert context.call("nomod.f") == 1

    @runtime.function("five", namespace="only_the_hosts")
    def five() -> int:
        return 5

    assert context.call("only_the_hosts.five") == 5
    with pytest.raises(NameError, match="did you mean 'only_the_hosts.five'"):
        context.call("only_the_hosts.fife")
    runtime.remove_function("five", "only_the_hosts")


@pytest.mark.parametrize("right", ["python_import", "python_import:{folder}"])
@pytest.mark.parametrize("asked", ["nomod.py", "nomod"])
def test_a_python_file_that_there_is_not(runtime: DanaRuntime, tmp_path: Path, right: str, asked: str) -> None:
    rights = [right.format(folder=tmp_path)]
    with runtime.create_context(search_path=[tmp_path], allowed_capabilities=rights) as context:
        ending = "py" if asked.endswith(".py") else "na"
        with pytest.raises(ModuleNotFoundError, match=rf"No module named 'nomod' \(looked for {tmp_path}/nomod.{ending}"):
            context.eval_dana(f"import {asked}")
    with runtime.create_context(search_path=[tmp_path]) as context, pytest.raises(errors.CapabilityError):
        context.eval_dana("import nomod.py")


def test_a_file_that_cannot_be_read_is_an_error_of_danas(context: DanaContext, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as missing:
        context.run_file(tmp_path / "none.na")
    assert isinstance(missing.value, errors.DanaFileNotFoundError)
    assert (missing.value.errno, missing.value.filename) == (2, str(tmp_path / "none.na"))
    assert str(missing.value) == f"[Errno 2] No such file or directory: '{tmp_path / 'none.na'}'"
    with pytest.raises(IsADirectoryError) as folder:
        asyncio.run(context.run_file_async(tmp_path))
    assert isinstance(folder.value, errors.DanaOSError)
    with pytest.raises(errors.TypeConversionError, match="Expected path of a file, got int at argument 'path'"):
        context.run_file(5)  # type: ignore[arg-type]
