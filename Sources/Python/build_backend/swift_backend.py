"""The build backend of this package (PEP 517 and 660), with no dependency: `swift build` makes the wheel."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from pathlib import Path

from carried_libcurl import CarriedLibcurl
from core_metadata import CoreMetadata
from native_extension import PACKAGES, NativeExtension
from swift_build import ROOT
from wheel_archive import write_wheel

Settings = dict[str, object] | None

PYTHON_FILES = {".py", ".pyi", ".typed"}
# What an sdist holds: Package.swift names every room, so all of them; nothing that a build made.
SDIST = (
    "Package.swift", "pyproject.toml", "README.md", "Makefile", ".swift-format", ".gitignore", ".ci",
    "Sources", "Tests", "Benchmarks", "Examples", "DesignNotes",
)  # fmt: skip
MADE = {"__pycache__", "out", ".build"}


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> str:
    metadata = CoreMetadata(ROOT)
    info = Path(metadata_directory) / f"{metadata.distribution}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(metadata.text(), encoding="utf-8")
    (info / "entry_points.txt").write_text(metadata.scripts(), encoding="utf-8")
    return info.name


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    extension = NativeExtension.chosen(config_settings)
    files = {
        str(path.relative_to(PACKAGES)): path.read_bytes()
        for path in (PACKAGES / "opendxa").rglob("*")
        if path.suffix in PYTHON_FILES and path.is_file()
    }
    if (libcurl := CarriedLibcurl.chosen(config_settings)) is not None:
        files |= libcurl.files()
    files[extension.path] = extension.build()
    return write_wheel(Path(wheel_directory), CoreMetadata(ROOT), extension.tag, files)


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    extension = NativeExtension.chosen(config_settings)
    extension.build_in_place()
    link = {"_opendxa_dana_editable.pth": f"{PACKAGES}\n".encode()}
    return write_wheel(Path(wheel_directory), CoreMetadata(ROOT), extension.tag, link)


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    metadata = CoreMetadata(ROOT)
    name = f"{metadata.distribution}.tar.gz"
    with (
        (Path(sdist_directory) / name).open("wb") as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path in _sources():
            place = f"{metadata.distribution}/{path.relative_to(ROOT)}"
            _add(archive, place, path.read_bytes(), os.access(path, os.X_OK))
        _add(archive, f"{metadata.distribution}/PKG-INFO", metadata.text().encode(), False)
    return name


def _sources() -> list[Path]:
    found: list[Path] = []
    for top in (ROOT / name for name in SDIST):
        for path in [top] if top.is_file() else top.rglob("*"):
            made = path.suffix in {".so", ".pyc", ".tmp"} or MADE.intersection(path.relative_to(ROOT).parts)
            if path.is_file() and not made:
                found.append(path)
    return sorted(found)


def _add(archive: tarfile.TarFile, name: str, data: bytes, executable: bool) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    entry.mode = 0o755 if executable else 0o644
    archive.addfile(entry, io.BytesIO(data))
