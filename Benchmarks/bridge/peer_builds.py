"""Builds the peers; one that cannot be built is named on screen with the reason and missing from the tables."""

import os
import subprocess
from pathlib import Path

from bridge.modules import COMPLETIONS, COROUTINES, PEERS, STREAMS
from harness.build import build
from harness.environment import INCLUDE, OUT, PYTHON, Missing, say, tool

SOURCES = Path(__file__).resolve().parent / "peers"
FLAGS = ["-O3", "-DNDEBUG", "-fPIC", "-shared", "-pthread", "-w", f"-I{INCLUDE}"]
CXX_FLAGS = [*FLAGS, "-std=c++17", "-fvisibility=hidden"]


def build_peers() -> None:
    """Builds what is not built yet. The C peers are the measure of all bars, so they must build."""
    build_c()
    for name, recipe in {
        "nanobind": build_nanobind,
        "pybind11": build_pybind11,
        "cython": build_cython,
        "pyo3": build_pyo3,
    }.items():
        try:
            recipe(PEERS[name])
        except Missing as missing:
            PEERS[name].unlink(missing_ok=True)
            say(f"left out: {name}: {missing}")


def build_c() -> None:
    compiler = tool("gcc", "cc", "clang", package="gcc")
    source = SOURCES / "peer_c.c"
    build("peer_c", PEERS["c"], [source], [[compiler, *FLAGS, source, "-o", PEERS["c"]]])
    build(
        "peer_c_abi3", PEERS["c_abi3"], [source], [[compiler, *FLAGS, "-DPEER_ABI3", source, "-o", PEERS["c_abi3"]]]
    )
    for product in (COMPLETIONS, COROUTINES, STREAMS):
        name = product.name.split(".")[0]
        source = SOURCES / f"{name}.c"
        build(name, product, [source], [[compiler, *FLAGS, source, "-o", product]])


def printed(*arguments: str) -> str:
    """What the benchmark's Python prints when run with the arguments."""
    return subprocess.run([PYTHON, *arguments], capture_output=True, text=True, check=True).stdout.strip()


def build_nanobind(product: Path) -> None:
    compiler = tool("g++", "c++", package="g++")
    source, tree = SOURCES / "peer_nanobind.cpp", SOURCES / "value_tree.h"
    include = Path(printed("-m", "nanobind", "--include_dir"))
    library = include.parent / "src" / "nb_combined.cpp"
    includes = [f"-I{include}", f"-I{include.parent / 'ext' / 'robin_map' / 'include'}"]
    command = [compiler, *CXX_FLAGS, "-fno-strict-aliasing", *includes, source, library, "-o", product]
    build("peer_nanobind", product, [source, tree], [command])


def build_pybind11(product: Path) -> None:
    compiler = tool("g++", "c++", package="g++")
    source, tree = SOURCES / "peer_pybind11.cpp", SOURCES / "value_tree.h"
    includes = printed("-m", "pybind11", "--includes").split()
    build("peer_pybind11", product, [source, tree], [[compiler, *CXX_FLAGS, "-flto", *includes, source, "-o", product]])


def build_cython(product: Path) -> None:
    compiler = tool("g++", "c++", package="g++")
    source, generated = SOURCES / "peer_cython.pyx", OUT / "peers" / "peer_cython.cpp"
    translate = [PYTHON, "-m", "cython", "-3", "--cplus", source, "-o", generated]
    build("peer_cython", product, [source], [translate, [compiler, *CXX_FLAGS, generated, "-o", product]])


def build_pyo3(product: Path) -> None:
    """PyO3 and what it needs come from Debian's packages, unpacked here; nothing is installed."""
    cargo = tool("cargo", package="cargo")
    source = SOURCES / "pyo3"
    crates = OUT / "crates" / "usr" / "share" / "cargo" / "registry"
    fetch_crates(crates, (source / "crates.txt").read_text().split())
    home, target = OUT / "cargo", OUT / "cargo-target"
    home.mkdir(parents=True, exist_ok=True)
    (home / "config.toml").write_text(
        '[source.crates-io]\nreplace-with = "debian"\n'
        f'[source.debian]\ndirectory = "{crates}"\n[net]\noffline = true\n'
    )
    inputs = [source / "Cargo.toml", source / "src" / "lib.rs"]
    project = OUT / "pyo3"
    (project / "src").mkdir(parents=True, exist_ok=True)
    for path in inputs:
        (project / path.relative_to(source)).write_bytes(path.read_bytes())
    environment = os.environ | {"PYO3_PYTHON": str(PYTHON), "CARGO_HOME": str(home), "CARGO_TARGET_DIR": str(target)}
    compile_crate = [cargo, "build", "--release", "--offline", "--quiet"]
    copy = ["cp", target / "release" / "libpeer_pyo3.so", product]
    build("peer_pyo3", product, inputs, [compile_crate, copy], cwd=project, env=environment)


def fetch_crates(registry: Path, crates: list[str]) -> None:
    if list(registry.glob("pyo3-0*")):
        return
    apt, dpkg = tool("apt-get", package="apt"), tool("dpkg", package="dpkg")
    folder = OUT / "crates" / "packages"
    folder.mkdir(parents=True, exist_ok=True)
    say("fetching PyO3 from Debian's packages")
    packages = [f"librust-{crate}-dev" for crate in crates]
    done = subprocess.run([apt, "download", "-qq", *packages], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Missing(f"`apt-get download` of PyO3's packages failed: {done.stderr.strip().splitlines()[-1:]}")
    for package in folder.glob("*.deb"):
        subprocess.run([dpkg, "-x", package, OUT / "crates"], check=True)
