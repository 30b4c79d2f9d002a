"""Writes a wheel: the same files give the same bytes."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from pathlib import Path

from core_metadata import CoreMetadata

EARLIEST = (1980, 1, 1, 0, 0, 0)


def write_wheel(folder: Path, metadata: CoreMetadata, tag: str, files: dict[str, bytes]) -> str:
    """Writes the wheel of `files` (by their place in site-packages) into `folder` and returns its name."""
    info = f"{metadata.distribution}.dist-info"
    wheel = f"Wheel-Version: 1.0\nGenerator: swift_backend\nRoot-Is-Purelib: false\nTag: {tag}\n"
    contents = dict(sorted(files.items()))
    contents[f"{info}/METADATA"] = metadata.text().encode()
    contents[f"{info}/WHEEL"] = wheel.encode()
    contents[f"{info}/entry_points.txt"] = metadata.scripts().encode()
    record = [f"{path},sha256={_digest(data)},{len(data)}" for path, data in contents.items()]
    contents[f"{info}/RECORD"] = ("\n".join([*record, f"{info}/RECORD,,"]) + "\n").encode()
    name = f"{metadata.distribution}-{tag}.whl"
    with zipfile.ZipFile(folder / name, "w") as archive:
        for path, data in contents.items():
            entry = zipfile.ZipInfo(path, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if path.endswith(".so") else 0o100644) << 16
            archive.writestr(entry, data)
    return name


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
