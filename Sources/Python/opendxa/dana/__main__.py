"""`python -m opendxa.dana`: the tools of the Python package."""

from __future__ import annotations

import argparse
import sys

from opendxa.dana.errors import DanaError, DanaSyntaxError


def main(arguments: list[str] | None = None) -> int:
    """Does what the arguments say; 1 when something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m opendxa.dana", description="Dana's tools for Python.")
    commands = parser.add_subparsers(dest="command", required=True)
    stubgen = commands.add_parser("stubgen", help="writes a .pyi beside each .na, for editors and type checkers")
    stubgen.add_argument("paths", nargs="*", default=["."], help="modules, and folders with modules; . by default")
    stubgen.add_argument("--check", action="store_true", help="writes nothing; fails when a stub is missing or old")
    given = parser.parse_args(arguments)

    from opendxa.dana._stubgen import write_stubs

    try:
        outdated = write_stubs(given.paths, check=given.check)
    except (DanaError, OSError) as error:
        print(f"stubgen: {_shown(error)}", file=sys.stderr)
        return 1
    for stub in outdated:
        print(f"{stub} is missing or old" if given.check else stub)
    return 1 if given.check and outdated else 0


def _shown(error: Exception) -> str:
    if isinstance(error, DanaSyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    place = error.stack[-1] if isinstance(error, DanaError) and error.stack else None
    return f"{place.source}:{place.line}: {error}" if place else str(error)


if __name__ == "__main__":
    sys.exit(main())
