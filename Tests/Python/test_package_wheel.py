"""The wheel in dist/, as `make wheel` leaves it: its tag, its contents, its size, and that it runs on every CPython."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from supported_pythons import found_pythons, supported_versions

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(sys.prefix, "bin")
LARGEST = 18 * 1024 * 1024  # bytes of the extension, the language and its models in it; Foundation alone would add 50 MB
LARGEST_WHEEL = 30 * 1024 * 1024
NEWEST_GLIBC = (2, 34)
SMOKE = """
import asyncio, time
from opendxa import dana
assert dana.version() == dana.__version__ == {version!r}
assert dana.build_info()
async def main():
    assert await dana.sleep(0.01, "back") == "back"
    assert await asyncio.gather(*(dana.sleep(0.01, n) for n in range(50))) == list(range(50))
    try:
        async with asyncio.timeout(0.05):
            await dana.sleep(60)
    except TimeoutError:
        pass
    else:
        raise AssertionError("the deadline did not come through")
    assert [tick async for tick in dana.ticks(0.001, 5)] == list(range(5))
asyncio.run(main())
print("ran", dana.__file__)
"""


def run(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command} failed:\n{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel() -> Path:
    wheels = list((ROOT / "dist").glob("*.whl"))
    assert len(wheels) == 1, f"dist/ should hold one wheel and holds {wheels}: run `make wheel`"
    return wheels[0]


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def extension(unpacked: Path) -> Path:
    return unpacked / "opendxa" / "dana" / "_native.abi3.so"


@pytest.fixture(scope="module")
def pythons() -> dict[str, Path]:
    return found_pythons()


def test_tag(wheel: Path) -> None:
    match = re.fullmatch(r"opendxa_dana-([\d.]+)-cp311-abi3-manylinux_2_(\d+)_\w+\.whl", wheel.name)
    assert match is not None
    assert (2, int(match[2])) <= NEWEST_GLIBC


def test_auditwheel_agrees_with_the_tag(wheel: Path) -> None:
    tag = wheel.stem.split("-")[-1]
    assert f'"{tag}"' in run(TOOLS / "auditwheel", "show", wheel)


def test_only_the_limited_api_is_used(wheel: Path) -> None:
    run(TOOLS / "abi3audit", "--strict", wheel)


def test_contents_are_in_order(wheel: Path, unpacked: Path) -> None:
    # The libraries that are carried are no modules.
    run(TOOLS / "check-wheel-contents", "--ignore=W004", wheel)
    files = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    package = {name for name in files if name.startswith("opendxa/")}
    sources = ROOT / "Sources" / "Python"
    ours = {
        str(path.relative_to(sources))
        for path in (sources / "opendxa").rglob("*")
        if path.suffix in {".py", ".pyi", ".typed"}
    }
    carried = {name for name in package if name.startswith("opendxa/dana/_curl/")}
    assert package - carried == ours | {"opendxa/dana/_native.abi3.so"}
    assert {"opendxa/dana/_curl/libcurl.so.4", "opendxa/dana/_curl/LICENCES.txt"} <= carried
    assert all(".so" in name for name in carried - {"opendxa/dana/_curl/LICENCES.txt"})


def test_size(wheel: Path, extension: Path) -> None:
    assert extension.stat().st_size <= LARGEST
    assert wheel.stat().st_size <= LARGEST_WHEEL


def test_every_library_that_is_carried_has_its_licence(unpacked: Path) -> None:
    folder = unpacked / "opendxa" / "dana" / "_curl"
    licences = (folder / "LICENCES.txt").read_text(encoding="utf-8").lower()
    for library in folder.glob("*.so*"):
        name = library.name.split(".")[0].split("-")[0]
        assert name in licences or name.removeprefix("lib") in licences, library.name


ASKS = """
import sys
from pathlib import Path
from opendxa.dana import dana
port, folder = sys.argv[1:]
dana.runtime.models.add("far", "far", base_url=f"https://localhost:{port}/v1", api_key="key")
assert dana.reason("How?", model="far") == "by HTTP/2"
mapped = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line}
for name in ("libcurl", "libssl", "libcrypto", "libnghttp2"):
    found = {path for path in mapped if Path(path).name.startswith(name)}
    assert found and all(path.startswith(folder) for path in found), found
print("asked")
"""


def test_requests_go_by_the_libcurl_that_is_carried(unpacked: Path, tmp_path: Path) -> None:
    """By TLS, whose certificate is checked, and by HTTP/2, which is all that the server speaks."""
    server = subprocess.Popen(
        [sys.executable, ROOT / "Tests" / "Python" / "http2_server.py", tmp_path],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline())
        environment = dict(os.environ, PYTHONPATH=str(unpacked), SSL_CERT_FILE=ready["certificate"])
        environment.pop("DANA_LIBCURL", None)

        def ask(**more: str) -> "subprocess.CompletedProcess[str]":
            return subprocess.run(
                [sys.executable, "-c", ASKS, str(ready["port"]), str(unpacked)],
                cwd=tmp_path, env=environment | more, capture_output=True, text=True, check=False,
            )  # fmt: skip

        done = ask()
        assert (done.returncode, done.stdout) == (0, "asked\n"), done.stderr
        refused = ask(SSL_CERT_FILE="/etc/ssl/certs/ca-certificates.crt")
        assert refused.returncode == 1
        assert "certificate" in refused.stderr
    finally:
        server.communicate()


def test_foundation_is_not_in_it(extension: Path) -> None:
    content = extension.read_bytes()
    assert b"FoundationEssentials" not in content
    assert b"NSObject" not in content


def test_only_the_init_function_is_exported(extension: Path) -> None:
    swift = Path(os.environ.get("SWIFT") or shutil.which("swift") or "swift").resolve()
    symbols = run(swift.parent / "llvm-nm", "--dynamic", "--defined-only", "--format=just-symbols", extension).split()
    assert symbols == ["PyInit__native"]


def test_it_needs_only_what_every_linux_has(extension: Path) -> None:
    swift = Path(os.environ.get("SWIFT") or shutil.which("swift") or "swift").resolve()
    dynamic = run(swift.parent / "llvm-objdump", "--private-headers", extension)
    needed = set(re.findall(r"NEEDED\s+(\S+)", dynamic))
    assert needed <= {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"}
    assert set(re.findall(r"RUNPATH\s+(\S+)", dynamic)) <= {"$ORIGIN"}


@pytest.mark.parametrize("version", supported_versions())
def test_it_runs_unchanged_on(version: str, pythons: dict[str, Path], wheel: Path, unpacked: Path, tmp_path: Path) -> None:
    python = pythons.get(version)
    if python is None:
        pytest.skip(f"no Python {version} on PATH, in pyenv or in DANA_PYTHONS, so the wheel was not tried on it")
    program = SMOKE.format(version=wheel.name.split("-")[1])
    environment = dict(os.environ, PYTHONPATH=str(unpacked))
    done = subprocess.run(
        [python, "-W", "error", "-c", program],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"ran {unpacked}")
    assert done.stderr == ""

