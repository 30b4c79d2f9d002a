"""Tells SwiftPM, in pkg-config's files, where the headers and the library of this interpreter are."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

from build_failure import BuildFailure

OLDEST = (3, 11)


def check_python() -> None:
    """Ends with a sentence when this interpreter is too old or came without its headers."""
    running = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST:
        raise BuildFailure(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed, and {sys.executable} is {running}.")
    if sysconfig.get_config_var("Py_GIL_DISABLED"):
        raise BuildFailure(f"{sys.executable} is a free-threaded Python, which is not supported: use a usual build.")
    include = Path(sysconfig.get_path("include"))
    if not (include / "Python.h").is_file():
        raise BuildFailure(
            f"Python.h of {sys.executable} ({running}) is missing, it should be in {include}: install Python's "
            f"headers (Debian and Ubuntu: apt-get install libpython{sys.version_info[0]}.{sys.version_info[1]}-dev)."
        )


def shared_library_folder() -> Path | None:
    """Where this interpreter's libpython.so is, which a program that embeds Python links; None if it has none."""
    folder = sysconfig.get_config_var("LIBDIR")
    if not sysconfig.get_config_var("Py_ENABLE_SHARED") or not folder:
        return None
    return Path(folder) if (Path(folder) / str(sysconfig.get_config_var("LDLIBRARY"))).exists() else None


def write_pkgconfig(folder: Path) -> None:
    """Writes python3.pc (headers) and python3-embed.pc (and the library) of this interpreter into `folder`.

    The interpreter's own files are not used: they are missing in some distributions and name the
    machine the interpreter was made on in others.
    """
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    includes = {sysconfig.get_path("include"), sysconfig.get_path("platinclude")}
    cflags = " ".join(f'"-I{include}"' for include in sorted(includes))
    library = shared_library_folder()
    link = {"python3": "", "python3-embed": f'"-L{library}" -lpython{version}' if library else ""}
    folder.mkdir(parents=True, exist_ok=True)
    for name, libs in link.items():
        text = f"Name: {name}\nDescription: CPython {version}\nVersion: {version}\nCflags: {cflags}\nLibs: {libs}\n"
        file = folder / f"{name}.pc"
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
