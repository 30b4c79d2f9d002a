"""Imports without `as`, and what modules find beside themselves."""

import traceback
from pathlib import Path

import pytest

from opendxa.dana import DanaRuntime, errors


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "utils.na").write_text("func double(x): return x * 2\n")
    (tmp_path / "others.na").write_text("func double(x): return x * 4\n")
    return tmp_path


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize(
    ("program", "result"),
    [
        ("double = 5\nimport utils.na\ndouble", 5),
        ("func f(): return double\ndouble = 5\nimport utils.na\nf()", 5),
        ("func double(x): return 'mine'\nimport utils.na\ndouble(3)", "mine"),
        ("import utils.na\nfunc double(x): return 'mine'\ndouble(3)", "mine"),
        ("from others import double\nimport utils.na\ndouble(3)", 12),
        ("double = 5\nimport utils.na\ndel double\ndouble(3)", 6),
        ("import utils.na\nimport utils.na\nfunc f(): return double(3)\nf()", 6),
    ],
)
def test_a_modules_own_names_come_before_imported_ones(
    runtime: DanaRuntime, folder: Path, program: str, result: object, overwrite: bool
) -> None:
    with runtime.create_context(search_path=[folder], overwrite_imports=overwrite) as context:
        assert context.eval_dana(program) == result


def test_a_module_gives_on_what_it_has_imported(runtime: DanaRuntime, folder: Path) -> None:
    (folder / "face.na").write_text("import utils.na\n")
    with runtime.create_context(search_path=[folder]) as context:
        assert context.eval_dana("import face\nfrom face import double\n[face.double(1), double(2)]") == [2, 4]
        assert context.call("face.double", 3) == 6


def test_the_languages_own_functions_are_hidden(runtime: DanaRuntime, folder: Path) -> None:
    (folder / "own.na").write_text("func len(x): return 'own'\nfunc now(): return 'then'\nfunc reversed(x): return x\n")
    with runtime.create_context(search_path=[folder]) as context:
        assert context.eval_dana("import own.na\n[len([]), now(), reversed(1)]") == ["own", "then", 1]


def test_a_function_of_the_hosts_is_not_replaced_silently(runtime: DanaRuntime, folder: Path) -> None:
    runtime.function("double")(lambda x: "host")
    with runtime.create_context(search_path=[folder]) as context:
        with pytest.raises(ImportError) as caught:
            context.eval_dana("import utils.na")
        assert str(caught.value) == (
            "importing 'utils' would replace 'double' of the host: import it with 'as', or allow imports to overwrite"
        )
        assert context.eval_dana("double(1)") == "host"
        saved = context.save(b"k" * 32)
    with runtime.resume(saved, b"k" * 32, search_path=[folder]) as context:
        with pytest.raises(ImportError, match="would replace 'double' of the host"):
            context.eval_dana("import utils.na")
    with runtime.create_context(search_path=[folder], overwrite_imports=True) as context:
        assert context.eval_dana("import utils.na\ndouble(1)") == 2


def test_a_function_that_the_host_registers_later_leaves_imports_alone(runtime: DanaRuntime, folder: Path) -> None:
    with runtime.create_context(search_path=[folder]) as context:
        context.eval_dana("import utils.na\nfunc f(): return double(1)")
        runtime.function("double")(lambda x: "host")
        assert context.eval_dana("[f(), double(1)]") == [2, 2]


@pytest.mark.parametrize("rights", [[], ["python_import"]])
def test_a_circle_in_a_folder_is_told(runtime: DanaRuntime, tmp_path: Path, rights: list[str]) -> None:
    (tmp_path / "cyc").mkdir()
    (tmp_path / "cyc" / "a.na").write_text("from cyc.b import x\ny = 1\n")
    (tmp_path / "cyc" / "b.na").write_text("from cyc.a import y\nx = 1\n")
    with runtime.create_context(search_path=[tmp_path], allowed_capabilities=rights) as context:
        with pytest.raises(ImportError) as caught:
            context.eval_dana("import cyc.a")
        assert str(caught.value).startswith(
            "cannot import name 'y' from 'cyc.a', which is still being imported (cyc.a -> cyc.b -> cyc.a): "
        )


def test_a_module_of_a_package_finds_python_beside_it(runtime: DanaRuntime, tmp_path: Path) -> None:
    (tmp_path / "pk").mkdir()
    (tmp_path / "pk" / "beside_it.py").write_text("def hello(): return 'beside'\n")
    (tmp_path / "pk" / "user.na").write_text("import beside_it.py as s\nfunc hi(): return s.hello()\n")
    with runtime.create_context(search_path=[tmp_path], allowed_capabilities=[f"python_import:{tmp_path}"]) as context:
        assert context.eval_dana("import pk.user as u\nu.hi()") == "beside"
    (tmp_path / "beside_it.py").write_text("def hello(): return 'before it'\n")
    with runtime.create_context(search_path=[tmp_path], allowed_capabilities=[f"python_import:{tmp_path}"]) as context:
        assert context.eval_dana("import pk.user as u\nu.hi()") == "before it"


def test_the_faults_of_an_imported_text_are_told_in_full(runtime: DanaRuntime, tmp_path: Path) -> None:
    file = tmp_path / "syn.na"
    file.write_text("func ok(): return 1\nfunc bad(:\n    x = 2\nfunc b2() return 1\n")
    with runtime.create_context(search_path=[tmp_path]) as context:
        for run in (lambda: context.eval_dana("import syn", name="main.na"), lambda: context.import_module("syn")):
            with pytest.raises(errors.DanaSyntaxError) as caught:
                run()
            error = caught.value
            assert (error.filename, error.lineno, error.text) == (str(file), 2, "func bad(:")
            assert [finding.line for finding in error.findings] == [2, 4]
        shown = "".join(traceback.format_exception(error))
        assert f'File "{file}", line 2' in shown and "    func bad(:\n             ^" in shown
        assert context.eval_dana("try:\n    import syn\nexcept SyntaxError as e:\n    text = str(e)\ntext") == (
            f"module 'syn': expected the name of a parameter ({file}:2)"
        )
