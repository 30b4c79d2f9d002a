"""Runs SwiftPM on this package for the running interpreter, each kind of build in its own scratch folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from build_failure import BuildFailure
from python_headers import check_python, shared_library_folder, write_pkgconfig
from scratch_folder import prepare_scratch
from swift_toolchain import SwiftToolchain

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class SwiftBuild:
    """One scratch folder, and what Package.swift is told when it is built there."""

    scratch: Path
    wheel: bool = False
    abi3: bool = False

    def environment(self) -> dict[str, str]:
        """The environment of every command that builds or runs Swift for this interpreter."""
        chosen = dict(os.environ)
        for name, on in {"DANA_WHEEL": self.wheel, "DANA_ABI3": self.abi3}.items():
            chosen.pop(name, None)
            if on:
                chosen[name] = "1"
        chosen["PKG_CONFIG_PATH"] = str(self.scratch / "pkgconfig")
        chosen["SWIFT_BACKTRACE"] = "enable=no"  # after a crash it can wait for ever, holding the pipe
        library = shared_library_folder()
        if library is not None:
            chosen["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, [str(library), chosen.get("LD_LIBRARY_PATH")]))
        return chosen

    def command(self, verb: str, *arguments: str) -> list[str]:
        """The command line of `swift VERB` for this build, its scratch folder prepared."""
        check_python()
        toolchain = SwiftToolchain.find()
        prepare_scratch(self.scratch, toolchain.version, sysconfig.get_path("include"))
        write_pkgconfig(self.scratch / "pkgconfig")
        places = ["--package-path", str(ROOT), "--scratch-path", str(self.scratch)]
        return [str(toolchain.swift), verb, *places, *arguments]

    def library(self, product: str, configuration: str, *arguments: str) -> Path:
        """Builds the dynamic library `product` and returns its file; progress goes to standard error."""
        line = self.command("build", "-c", configuration, "--product", product, *arguments)
        print(f"swift build of {product} ({configuration}) in {self.scratch}", file=sys.stderr, flush=True)
        if subprocess.run(line, env=self.environment(), stdout=sys.stderr, check=False).returncode != 0:
            raise BuildFailure(f"`swift build` of {product} failed; what it said stands above.")
        return self.scratch / configuration / f"lib{product}.so"
