"""The libcurl that the wheel carries: a build for every Linux, with its TLS and HTTP/2, out of the wheels of pycurl."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from build_failure import BuildFailure
from swift_build import ROOT

VERSION = "7.49.0"
WHEELS = {
    "x86_64": "6f88539845d3bb2cf2ce0ccbc1bb8b9ed9e401a0d874798aeabc5f16f0f95c4d",
    "aarch64": "b1cd6cea1618ec2a6bbe4e430b34dcc83c5bfb5373a25809fb77e4ec451990ad",
}
LICENCES = Path(__file__).with_name("libcurl-licences.txt")
PLACE = "opendxa/dana/_curl"
LIBRARY = "libcurl.so.4"


class NotToBeHad(Exception):
    """Why there is no libcurl to carry."""


@dataclass(frozen=True)
class CarriedLibcurl:
    """A wheel of pycurl for this machine, kept in a folder once it was fetched."""

    folder: Path
    machine: str

    @staticmethod
    def chosen(settings: dict[str, object] | None) -> CarriedLibcurl | None:
        """What `--config-settings libcurl=carried` or `=system`, or DANA_WHEEL_LIBCURL, asks for; carried if neither does."""
        asked = str((settings or {}).get("libcurl", os.environ.get("DANA_WHEEL_LIBCURL", "carried")))
        if asked not in {"carried", "system"}:
            raise BuildFailure(f"the setting libcurl is {asked!r}: it is either carried or system.")
        return CarriedLibcurl(ROOT / ".build-libcurl", platform.machine()) if asked == "carried" else None

    def files(self) -> dict[str, bytes]:
        """The libraries and their licences by their place in site-packages; none, aloud, where they cannot be had."""
        try:
            wheel = self._wheel()
        except NotToBeHad as why:
            text = f"opendxa-dana: this wheel will carry no libcurl and use the system's: {why}"
            print(text, file=sys.stderr, flush=True)
            return {}
        files = {f"{PLACE}/LICENCES.txt": LICENCES.read_bytes()}
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                folder, _, file = name.partition("/")
                if folder == "pycurl.libs" and file:
                    files[f"{PLACE}/{LIBRARY if file.startswith('libcurl-') else file}"] = archive.read(name)
        if f"{PLACE}/{LIBRARY}" not in files:
            raise BuildFailure(f"{wheel.name} holds no libcurl: correct the version in {__file__}.")
        return files

    def _wheel(self) -> Path:
        wanted = WHEELS.get(self.machine)
        if wanted is None:
            raise NotToBeHad(f"there is none for {self.machine}")
        if (kept := self._kept(wanted)) is not None:
            return kept
        self.folder.mkdir(parents=True, exist_ok=True)
        pinned = self.folder / "requirements.txt"
        pinned.write_text(f"pycurl=={VERSION} --hash=sha256:{wanted}\n", encoding="utf-8")
        # Isolated, because the environment of a build often hides pip.
        command = [sys.executable, "-I", "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input"]
        command += ["--no-deps", "--require-hashes", "--only-binary=:all:", "--python-version=3.11", "--abi=cp311"]
        command += [f"--platform=manylinux_2_28_{self.machine}", "--retries=1", f"--dest={self.folder}", f"-r{pinned}"]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        kept = self._kept(wanted)
        if kept is None:
            raise NotToBeHad(_reason(done.stderr))
        return kept

    def _kept(self, wanted: str) -> Path | None:
        """The wheel that was fetched before, if it is the right one."""
        for wheel in self.folder.glob(f"pycurl-{VERSION}-*{self.machine}.whl"):
            if hashlib.sha256(wheel.read_bytes()).hexdigest() == wanted:
                return wheel
        return None


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return "pip could not fetch it: " + (errors or lines or ["it does not say why"])[0]
