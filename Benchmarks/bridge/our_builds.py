"""Builds our own module, `bridge_peer`: once for the running Python and once for the limited API."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

from bridge.modules import OURS, OURS_ABI3
from harness.environment import OUT, PACKAGE, Missing, say, tool


def build_ours() -> None:
    """SwiftPM decides what has changed; a failed build leaves our column empty, with the reason on screen."""
    for name, product, abi3 in (("version-specific", OURS, False), ("abi3", OURS_ABI3, True)):
        try:
            build_one(product, abi3)
        except Missing as missing:
            product.unlink(missing_ok=True)
            say(f"left out: ours ({name}): {missing}")


def build_one(product: Path, abi3: bool) -> None:
    swift = tool("swift", package="swiftlang")
    scratch = OUT / ("build-abi3" if abi3 else f"build-{sysconfig.get_python_version()}")
    environment = os.environ | {"DANA_WHEEL": "1"}
    environment.pop("DANA_ABI3", None)
    if abi3:
        environment["DANA_ABI3"] = "1"
    if pkgconfig := sysconfig.get_config_var("LIBPC"):
        environment["PKG_CONFIG_PATH"] = os.pathsep.join(filter(None, [pkgconfig, os.environ.get("PKG_CONFIG_PATH")]))
    say(f"swift build of bridge_peer ({'abi3' if abi3 else 'version-specific'})")
    command = [swift, "build", "-c", "release", "--product", "bridge_peer", "--scratch-path", str(scratch)]
    done = subprocess.run(command, cwd=PACKAGE, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        errors = [line for line in (done.stdout + done.stderr).splitlines() if "error" in line]
        raise Missing("`swift build --product bridge_peer` failed:\n" + "\n".join(errors[:8]))
    product.parent.mkdir(parents=True, exist_ok=True)
    built = product.with_suffix(".new")
    shutil.copyfile(scratch / "release" / "libbridge_peer.so", built)
    built.replace(product)
