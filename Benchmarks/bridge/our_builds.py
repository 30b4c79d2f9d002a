"""Builds our own module, `bridge_peer`: once for the running Python and once for the limited API."""

import shutil
import sys
import sysconfig
from pathlib import Path

from bridge.modules import OURS, OURS_ABI3
from harness.environment import OUT, PACKAGE, say

sys.path.append(str(PACKAGE / "Sources/Python/build_backend"))

from build_failure import BuildFailure  # noqa: E402
from swift_build import SwiftBuild  # noqa: E402


def build_ours() -> None:
    """SwiftPM decides what has changed; a failed build leaves our column empty, with the reason on screen."""
    for name, product, abi3 in (("version-specific", OURS, False), ("abi3", OURS_ABI3, True)):
        try:
            build_one(product, abi3)
        except BuildFailure as failure:
            product.unlink(missing_ok=True)
            say(f"left out: ours ({name}): {failure}")


def build_one(product: Path, abi3: bool) -> None:
    scratch = OUT / ("build-abi3" if abi3 else f"build-{sysconfig.get_python_version()}")
    library = SwiftBuild(scratch, wheel=True, abi3=abi3).library("bridge_peer", "release")
    product.parent.mkdir(parents=True, exist_ok=True)
    built = product.with_suffix(".new")
    shutil.copyfile(library, built)
    built.replace(product)
