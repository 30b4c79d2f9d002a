"""The modules under measure: where each is built to, and how it is loaded."""

import functools
import importlib.machinery
import importlib.util
from pathlib import Path
from types import ModuleType

from harness.environment import EXT_SUFFIX, OUT

BUILT = OUT / "peers"
OURS = OUT / "ours" / f"bridge_peer{EXT_SUFFIX}"
OURS_ABI3 = OUT / "ours_abi3" / "bridge_peer.abi3.so"

PEERS = {
    "c": BUILT / f"peer_c{EXT_SUFFIX}",
    "c_abi3": BUILT / "peer_c_abi3.abi3.so",
    "nanobind": BUILT / f"peer_nanobind{EXT_SUFFIX}",
    "pybind11": BUILT / f"peer_pybind11{EXT_SUFFIX}",
    "cython": BUILT / f"peer_cython{EXT_SUFFIX}",
    "pyo3": BUILT / f"peer_pyo3{EXT_SUFFIX}",
}
COMPLETIONS = BUILT / f"peer_completions{EXT_SUFFIX}"
COROUTINES = BUILT / f"peer_coroutines{EXT_SUFFIX}"
STREAMS = BUILT / f"peer_streams{EXT_SUFFIX}"


@functools.cache
def load(path: Path) -> ModuleType:
    """Loads an extension module from its file, once, whatever else of that name is loaded."""
    name = path.name.split(".")[0]
    loader = importlib.machinery.ExtensionFileLoader(name, str(path))
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module
