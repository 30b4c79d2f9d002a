"""The package's metadata as installers read it, taken from pyproject.toml and the Swift sources."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from build_failure import BuildFailure

VERSION_FILE = Path("Sources/DanaData/DanaVersion.swift")


class CoreMetadata:
    """What installers are told of the checkout in `root`: its name, its version, what it needs and brings."""

    def __init__(self, root: Path) -> None:
        self._root = root
        project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        self._project: dict[str, Any] = project
        found = re.search(r'static let text = "([^"]+)"', (root / VERSION_FILE).read_text(encoding="utf-8"))
        if found is None:
            raise BuildFailure(f'{VERSION_FILE} has no line `static let text = "…"` to take the version from.')
        self.version = found[1]
        self.distribution = f"{project['name'].replace('-', '_')}-{self.version}"

    def scripts(self) -> str:
        """The text of entry_points.txt: the commands that installing puts on PATH."""
        scripts = self._project.get("scripts", {})
        return "\n".join(["[console_scripts]", *(f"{name} = {place}" for name, place in scripts.items()), ""])

    def text(self) -> str:
        """The text of METADATA."""
        project = self._project
        lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {self.version}"]
        lines.append(f"Summary: {project['description']}")
        lines.append(f"Requires-Python: {project['requires-python']}")
        lines += [f"Classifier: {classifier}" for classifier in project.get("classifiers", [])]
        lines += [f"Requires-Dist: {requirement}" for requirement in project.get("dependencies", [])]
        for extra, requirements in project.get("optional-dependencies", {}).items():
            lines.append(f"Provides-Extra: {extra}")
            lines += [f'Requires-Dist: {requirement}; extra == "{extra}"' for requirement in requirements]
        readme = (self._root / project["readme"]).read_text(encoding="utf-8")
        return "\n".join([*lines, "Description-Content-Type: text/markdown", "", readme])
