"""The build backend: what it writes, and the one sentence it says when something a build needs is missing."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / "Sources" / "Python" / "build_backend"


def backend(program: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-B", "-c", program],
        env=dict(os.environ, PYTHONPATH=str(BACKEND)) | environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def fake_swift(folder: Path, answer: str) -> str:
    script = folder / "swift"
    script.write_text(f"#!/bin/sh\necho '{answer}'\n")
    script.chmod(0o755)
    return str(script)


FIND = "from swift_toolchain import SwiftToolchain; SwiftToolchain.find()"


def test_no_swift_is_one_sentence_that_says_what_to_install(tmp_path: Path) -> None:
    done = backend(FIND, PATH=str(tmp_path), SWIFT="")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "no `swift` on PATH" in done.stderr
    assert "https://www.swift.org/install/linux/" in done.stderr


def test_a_swift_that_is_not_there_is_named() -> None:
    assert "'/no/such/swift'" in backend(FIND, SWIFT="/no/such/swift").stderr


def test_too_old_a_swift_is_named(tmp_path: Path) -> None:
    done = backend(FIND, SWIFT=fake_swift(tmp_path, "Swift version 5.10.1 (swift-5.10.1-RELEASE)"))
    assert done.returncode == 1
    assert "Swift version 5.10.1, too old: install the Swift 6.2" in done.stderr


def test_something_else_called_swift_is_found_out(tmp_path: Path) -> None:
    assert "saying 'python-swiftclient'" in backend(FIND, SWIFT=fake_swift(tmp_path, "python-swiftclient")).stderr


def test_a_tool_is_the_toolchains_own_whatever_is_on_path(tmp_path: Path) -> None:
    toolchain, system = tmp_path / "toolchain", tmp_path / "system"
    for folder in (toolchain, system):
        folder.mkdir()
        (folder / "llvm-cov").touch(mode=0o755)
    swift = fake_swift(toolchain, "Swift version 6.3.1 (swift-6.3.1-RELEASE)")
    program = "from swift_toolchain import SwiftToolchain; print(SwiftToolchain.find().tool({!r}))"
    path = os.pathsep.join([str(system), os.environ["PATH"]])
    done = backend(program.format("llvm-cov"), SWIFT=swift, PATH=path)
    assert done.stdout.strip() == str(toolchain / "llvm-cov"), done.stderr
    (system / "llvm-profdata").touch(mode=0o755)
    done = backend(program.format("llvm-profdata"), SWIFT=swift, PATH=path)
    assert done.returncode == 1
    assert f"the toolchain of `{swift}` has no llvm-profdata beside its swift" in done.stderr


def test_nothing_waits_for_swifts_backtrace_after_a_crash(child_environment: dict[str, str]) -> None:
    assert child_environment["SWIFT_BACKTRACE"] == "enable=no"
    program = "from swift_build import ROOT, SwiftBuild; print(SwiftBuild(ROOT).environment()['SWIFT_BACKTRACE'])"
    assert backend(program, SWIFT_BACKTRACE="enable=yes").stdout == "enable=no\n"


def test_missing_headers_are_one_sentence(tmp_path: Path) -> None:
    elsewhere = f"import sysconfig; sysconfig.get_path = lambda _: {str(tmp_path)!r}; "
    done = backend(elsewhere + "import python_headers; python_headers.check_python()")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt-get install libpython3." in done.stderr


def test_a_copied_scratch_folder_starts_anew(tmp_path: Path) -> None:
    def prepare(folder: Path, compiler: str = "Swift") -> None:
        arguments = f"pathlib.Path({str(folder)!r}), {compiler!r}"
        done = backend(f"import pathlib, scratch_folder; scratch_folder.prepare_scratch({arguments})")
        assert done.returncode == 0, done.stderr

    original, product = tmp_path / "original", tmp_path / "original" / "product"
    prepare(original)
    product.write_text("built")
    prepare(original)
    assert product.exists(), "a scratch folder in its own place is kept"

    copy = original.rename(tmp_path / "copy")
    prepare(copy)
    assert not (copy / "product").exists(), "one that came from elsewhere is emptied"

    (copy / "product").write_text("built")
    prepare(copy, "another Swift")
    assert not (copy / "product").exists(), "one that another compiler filled is emptied"


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    done = backend(f"import swift_backend; print(swift_backend.build_sdist({str(folder)!r}))")
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.strip()


def test_the_sdist_holds_every_file_of_the_repository_that_a_build_reads(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        files = {name.split("/", 1)[1] for name in archive.getnames()}
    for path in ("Package.swift", "pyproject.toml", "README.md", "Sources/DanaPython/exports.map", "PKG-INFO"):
        assert path in files
    made = [name for name in files if name.endswith((".so", ".pyc")) or ".build" in name or ".venv" in name]
    assert made == []


def test_the_sdist_is_the_same_each_time(sdist: Path, tmp_path: Path) -> None:
    done = backend(f"import swift_backend; print(swift_backend.build_sdist({str(tmp_path)!r}))")
    assert (tmp_path / done.stdout.strip()).read_bytes() == sdist.read_bytes()


CARRY = """
import pathlib, sys, carried_libcurl
carried_libcurl.WHEELS = {"x86_64": "0" * 64}
print(list(carried_libcurl.CarriedLibcurl(pathlib.Path(sys.argv[1]), sys.argv[2]).files()))
"""


def test_without_a_network_the_wheel_uses_the_systems_libcurl_and_the_build_says_so(tmp_path: Path) -> None:
    program = f"import sys; sys.argv[1:] = [{str(tmp_path)!r}, 'x86_64']\n{CARRY}"
    done = backend(program, PIP_INDEX_URL="http://127.0.0.1:1/", PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull)
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert done.stderr.startswith("opendxa-dana: this wheel will carry no libcurl and use the system's: pip could not")


def test_a_machine_for_which_there_is_no_libcurl_is_named(tmp_path: Path) -> None:
    done = backend(f"import sys; sys.argv[1:] = [{str(tmp_path)!r}, 'riscv64']\n{CARRY}")
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert "use the system's: there is none for riscv64" in done.stderr


def test_whether_a_libcurl_is_carried_is_a_setting() -> None:
    choose = "from carried_libcurl import CarriedLibcurl; print(CarriedLibcurl.chosen({}) is None)"
    assert backend(choose.format("{'libcurl': 'system'}")).stdout == "True\n"
    assert backend(choose.format("{}")).stdout == "False\n"
    assert backend(choose.format("{}"), DANA_WHEEL_LIBCURL="system").stdout == "True\n"
    assert "the setting libcurl is 'none': it is either carried or system" in backend(choose.format("{'libcurl': 'none'}")).stderr


@pytest.mark.slow
def test_the_sdist_builds_and_runs_elsewhere(sdist: Path, tmp_path: Path) -> None:
    install = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", str(tmp_path), str(sdist)]
    subprocess.run(install, check=True)
    program = "from opendxa import dana; print(dana.__file__, dana.version())"
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env=dict(os.environ, PYTHONPATH=str(tmp_path)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(str(tmp_path))


@pytest.mark.slow
def test_a_version_specific_wheel_is_tagged_for_its_python(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)],
        env=dict(os.environ, DANA_VERSION_SPECIFIC="1"), check=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    python = "cp%d%d" % sys.version_info[:2]
    assert f"-{python}-{python}-" in wheel.name
    with zipfile.ZipFile(wheel) as archive:
        (extension,) = (name for name in archive.namelist() if "/_native." in name and name.endswith(".so"))
    assert ".abi3." not in extension
