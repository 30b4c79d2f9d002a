"""The command `dana` that installing the package brings, and what it runs."""

import os
import subprocess
import sys
from importlib.metadata import Distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / "Sources" / "Python" / "build_backend"
PROGRAM = """\
import lower.na as lower
import helper.py as helper
print(lower.half(84), helper.twice(4))
"""
MAKE = "import swift_backend, sys; print(swift_backend.prepare_metadata_for_build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script that an installer makes of the package's metadata."""
    folder = tmp_path_factory.mktemp("installed")
    environment = dict(os.environ, PYTHONPATH=str(BACKEND))
    made = subprocess.run(
        [sys.executable, "-B", "-c", MAKE, str(folder)], env=environment, capture_output=True, text=True, check=True
    )
    (entry,) = Distribution.at(folder / made.stdout.strip()).entry_points
    assert (entry.name, entry.group) == ("dana", "console_scripts")
    script = folder / entry.name
    script.write_text(
        f"#!{sys.executable}\nimport sys\nfrom {entry.module} import {entry.attr}\nsys.exit({entry.attr}())\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    return script


def run(command: Path, *arguments: str | Path, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([command, *arguments], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A program, and beside it what it imports."""
    for name, text in {
        "program.na": PROGRAM,
        "lower.na": "func half(x): return x // 2\n",
        "helper.py": "def twice(x):\n    return 2 * x\n",
    }.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_help_names_the_commands(command: Path) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("usage: dana [-h] [--version] COMMAND ...")
    assert "run" in done.stdout
    assert "stubgen" in done.stdout
    for name in ("run", "stubgen", "setup"):
        assert run(command, name, "--help").stdout.startswith(f"usage: dana {name} ")


def test_the_version(command: Path) -> None:
    from opendxa.dana import version

    assert run(command, "--version").stdout == f"dana {version()}\n"


def test_no_command_is_an_error(command: Path) -> None:
    done = run(command)
    assert done.returncode == 2
    assert "the following arguments are required: COMMAND" in done.stderr


def test_a_program_runs_with_what_lies_beside_it(command: Path, folder: Path, tmp_path: Path) -> None:
    done = run(command, "run", folder / "program.na", cwd=tmp_path.parent)
    assert (done.returncode, done.stdout, done.stderr) == (0, "42 8\n", "")


def test_modules_of_other_folders(command: Path, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "lower.na").rename(elsewhere / "below.na")
    (folder / "program.na").write_text("import below\nprint(below.half(10))\n", encoding="utf-8")
    assert run(command, "run", folder / "program.na").returncode == 1
    assert run(command, "run", "--path", elsewhere, folder / "program.na").stdout == "5\n"


def test_what_is_not_granted_is_asked_for(command: Path, folder: Path) -> None:
    program, data = folder / "program.na", folder / "data.txt"
    data.write_text("said", encoding="utf-8")
    program.write_text(f"print(read_text({str(data)!r}))\n", encoding="utf-8")
    done = run(command, "run", program)
    assert done.returncode == 1
    assert "CapabilityError" in done.stderr
    assert "file_read" in done.stderr
    assert run(command, "run", "--allow", f"file_read:{folder}", program).stdout == "said\n"


def test_an_error_shows_the_lines_of_dana_alone(command: Path, folder: Path) -> None:
    program = folder / "program.na"
    program.write_text("func half(x):\n    return x // 0\nprint(half(1))\n", encoding="utf-8")
    done = run(command, "run", program)
    assert done.returncode == 1
    assert [line.strip() for line in done.stderr.splitlines() if "File" in line] == [
        f'File "{program}", line 3, in <module>',
        f'File "{program}", line 2, in half',
    ]
    assert done.stderr.endswith("DanaZeroDivisionError: integer division or modulo by zero\n")


def test_a_limit_ends_the_program(command: Path, folder: Path) -> None:
    program = folder / "program.na"
    program.write_text("while true: pass\n", encoding="utf-8")
    done = run(command, "run", "--timeout", "50ms", program)
    assert done.returncode == 1
    assert "TimeLimitExceeded: the deadline has passed" in done.stderr


def test_a_faulty_policy_is_told_in_a_line(command: Path, folder: Path) -> None:
    (folder / "dana.toml").write_text("[models.a\n", encoding="utf-8")
    done = run(command, "run", folder / "program.na", cwd=folder)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith(f"dana: {folder / 'dana.toml'} is not TOML: Expected ']'")


def test_a_program_reads_its_arguments(command: Path, folder: Path) -> None:
    program = folder / "program.na"
    program.write_text("print(system:args)\n", encoding="utf-8")
    assert run(command, "run", program, "a", "--timeout", "--", "c").stdout == "['a', '--timeout', '--', 'c']\n"
    assert run(command, "run", program).stdout == "[]\n"


def test_a_program_that_is_not_there(command: Path, tmp_path: Path) -> None:
    done = run(command, "run", tmp_path / "none.na")
    assert done.returncode == 1
    assert done.stderr == f"dana: [Errno 2] No such file or directory: '{tmp_path / 'none.na'}'\n"


def test_stubs_are_written(command: Path, folder: Path) -> None:
    done = run(command, "stubgen", "lower.na", cwd=folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, "lower.pyi\n", "")
