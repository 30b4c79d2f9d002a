"""The package under measure, as the wheel has it: its extension in the build for every CPython, its files compiled."""

import shutil
import subprocess
import sys

from harness.environment import OUT, PACKAGE, PYTHON, Missing

sys.path.append(str(PACKAGE / "Sources/Python/build_backend"))

from build_failure import BuildFailure  # noqa: E402
from native_extension import PACKAGES, NativeExtension  # noqa: E402

FOLDER = OUT / "ours_package"


def build_ours() -> None:
    """SwiftPM decides what has changed."""
    extension = NativeExtension(version_specific=False)
    try:
        library = extension.build()
    except BuildFailure as failure:
        raise Missing(str(failure)) from None
    shutil.rmtree(FOLDER, ignore_errors=True)
    unwanted = shutil.ignore_patterns("*.so", "__pycache__")
    shutil.copytree(PACKAGES / "opendxa", FOLDER / "opendxa", ignore=unwanted)
    (FOLDER / extension.path).write_bytes(library)
    subprocess.run([PYTHON, "-m", "compileall", "-q", FOLDER], check=True)


def use_ours() -> None:
    """Lets this process import the package."""
    sys.path.insert(0, str(FOLDER))
