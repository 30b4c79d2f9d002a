"""The extension module `opendxa.dana._native`: how it is built, what its file and its wheel are called."""

from __future__ import annotations

import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from swift_build import ROOT, SwiftBuild

PACKAGES = ROOT / "Sources" / "Python"
PLACE = "opendxa/dana/_native"


@dataclass(frozen=True)
class NativeExtension:
    """One of its two builds: for every CPython from 3.11 on (abi3), or only for the running one."""

    version_specific: bool

    @staticmethod
    def chosen(settings: dict[str, object] | None) -> NativeExtension:
        """What `pip install --config-settings version-specific=1` or DANA_VERSION_SPECIFIC=1 asks for."""
        asked = (settings or {}).get("version-specific", os.environ.get("DANA_VERSION_SPECIFIC", ""))
        return NativeExtension(str(asked).lower() in {"1", "true", "yes"})

    @property
    def tag(self) -> str:
        python = f"cp{sys.version_info[0]}{sys.version_info[1]}"
        abi = f"{python}-{python}" if self.version_specific else "cp311-abi3"
        return f"{abi}-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"

    @property
    def path(self) -> str:
        """Its place in site-packages."""
        return PLACE + (str(sysconfig.get_config_var("EXT_SUFFIX")) if self.version_specific else ".abi3.so")

    def build(self) -> bytes:
        kind = f"cp{sys.version_info[0]}{sys.version_info[1]}" if self.version_specific else "abi3"
        swift = SwiftBuild(ROOT / f".build-wheel-{kind}", wheel=True, abi3=not self.version_specific)
        return swift.library("_native", "release").read_bytes()

    def build_in_place(self) -> None:
        """Builds it beside the package's Python files, in place of whichever build was there.

        The file is replaced, never written into: a running process has the old one mapped.
        """
        data = self.build()
        target = PACKAGES / self.path
        fresh = target.with_suffix(".tmp")
        fresh.write_bytes(data)
        fresh.chmod(0o755)
        os.replace(fresh, target)
        for other in target.parent.glob("_native.*.so"):
            if other != target:
                other.unlink()
