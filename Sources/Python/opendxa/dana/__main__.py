"""The command `dana` of the Python package, also as `python -m opendxa.dana`."""

from __future__ import annotations

import argparse
import os
import sys
import traceback

from opendxa.dana import version
from opendxa.dana.errors import DanaError, DanaSyntaxError, DanaValueError

_INTERRUPTED = 130


def main(arguments: list[str] | None = None) -> int:
    """Does what the arguments say; the process's exit status."""
    given = _parser().parse_args(arguments)
    done: int = given.perform(given)
    return done


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dana", description="Dana, a sandboxed language for agents, with Python.")
    parser.add_argument("--version", action="version", version=f"dana {version()}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser(
        "run",
        help="runs a program",
        description="Runs a program. It may use language models, import Python from its own folder, and do what "
        "--allow grants.",
    )
    run.add_argument("file", help="the program, a .na file")
    run.add_argument("--allow", action="append", default=[], metavar="CAPABILITY", help="such as file_read:/data")
    run.add_argument("--path", action="append", default=[], metavar="FOLDER", help="also look for modules here")
    run.add_argument("--timeout", metavar="TIME", help="ends the program after so long, such as 30s")
    run.add_argument("--memory", metavar="SIZE", help="ends the program when it holds more, such as 100MB")
    run.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="the program's own: system:args, a list of texts"
    )
    run.set_defaults(perform=_run)

    stubgen = commands.add_parser(
        "stubgen",
        help="writes a .pyi beside each .na, for editors and type checkers",
        description="Writes a .pyi beside each .na, for editors and type checkers. The modules' own lines run for it, "
        "in a context that may do nothing.",
    )
    stubgen.add_argument(
        "paths", nargs="*", default=["."], metavar="MODULE", help="a .na file, or a folder of them; . by default"
    )
    stubgen.add_argument("--check", action="store_true", help="writes nothing; fails when a stub is missing or old")
    stubgen.set_defaults(perform=_stubgen)

    setup = commands.add_parser(
        "setup",
        help="installs what the embedded language model needs",
        description="Installs the engine of the embedded language model with pip, where it is missing, and fetches "
        "the model, which happens at its first use otherwise.",
    )
    setup.add_argument("--check", action="store_true", help="changes nothing; fails when something is missing")
    setup.set_defaults(perform=_setup)
    return parser


def _run(given: argparse.Namespace) -> int:
    from opendxa.dana._convenience import program_context

    try:
        with program_context(given.file, given.allow, given.path, given.timeout, given.memory) as context:
            context.system["args"] = given.arguments
            context.run_file(given.file)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (DanaError, OSError) as error:
        _tell(error)
        return 1
    return 0


def _stubgen(given: argparse.Namespace) -> int:
    from opendxa.dana._stubgen import write_stubs

    try:
        outdated, failures = write_stubs(given.paths, check=given.check)
    except OSError as error:
        outdated, failures = [], [error]
    for stub in outdated:
        print(f"{stub} is missing or old" if given.check else stub)
    for failure in failures:
        print(f"stubgen: {_shown(failure)}", file=sys.stderr)
    return 1 if failures or given.check and outdated else 0


def _setup(given: argparse.Namespace) -> int:
    from opendxa.dana._setup import set_up

    try:
        return set_up(check=given.check)
    except KeyboardInterrupt:
        return _INTERRUPTED


def _tell(error: Exception) -> None:
    """Prints an error with the lines of Dana that it came through, and none of this package's own."""
    trace = error.__traceback__
    here = os.path.dirname(os.path.abspath(__file__)) + os.sep
    while trace is not None and os.path.abspath(trace.tb_frame.f_code.co_filename).startswith(here):
        trace = trace.tb_next
    # Where the program's own file, the policy or an option cannot be read, a traceback would add nothing.
    is_outside = isinstance(error, DanaValueError) or getattr(error, "errno", None) is not None
    if isinstance(error, DanaError) and (error.stack or not is_outside):
        traceback.print_exception(error.with_traceback(trace))
    else:
        print(f"dana: {error}", file=sys.stderr)


def _shown(error: Exception) -> str:
    if isinstance(error, DanaSyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    place = error.stack[-1] if isinstance(error, DanaError) and error.stack else None
    return f"{place.source}:{place.line}: {error}" if place else str(error)


if __name__ == "__main__":
    sys.exit(main())
