"""What can be said about a context when it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from os import PathLike
from typing import Literal, TypedDict


class ContextOptions(TypedDict, total=False):
    """The options of `DanaRuntime.create_context`; each may be left out."""

    allowed_capabilities: Iterable[str]
    """What programs may do, such as `file_read` or `file_read:/data`; nothing by default."""
    max_memory: str | int
    """Bytes of values, as `100MB`; 256 MiB by default."""
    timeout: str | float | timedelta
    """How long the context may live, waiting included, as `30s`; without end by default."""
    max_execution_time: str | float | timedelta
    """How long programs may run, waiting left out; 60 s by default."""
    max_ticks: int
    """Calls and loop turns; 10,000,000,000 by default."""
    max_depth: int
    """Nested calls; 1000 by default."""
    max_source_size: str | int
    """Bytes of one program's text; 4 MiB by default."""
    max_host_calls: int
    """Calls to Python, to models and for files, each prompt and each batch of a model's counted; 100,000 by default."""
    max_output: str | int
    """Bytes of text that programs print and log; 64 MiB by default."""
    search_path: Iterable[str | PathLike[str]]
    """Folders in which imports look; `sys.path` and the working folder by default."""
    seed: int
    """What random numbers begin with; another at each time by default."""
    fixed_time: float
    """The time that programs see, in seconds since 1970; the real one by default."""
    overwrite_imports: bool
    """Lets an import without `as` replace functions of another or of the host; an error by default."""
    passed_scopes: Iterable[str]
    """The most that may pass to Python functions that take the context; `public` by default."""
    argument_help: bool | Literal["model"]
    """Maps the arguments of calls by name where they do not fit and it is clear what was meant, with `"model"` also
    where the language model has to choose; the runtime's choice by default."""
    output: Callable[[str], None] | None
    """What `print` writes goes here; to `sys.stdout` by default. Its `flush`, where it has one, is called at the end."""
    private: Mapping[str, object]
    """Variables of the private scope."""
    public: Mapping[str, object]
    """Variables of the public scope."""
    system: Mapping[str, object]
    """Variables of the system's scope."""
    local: Mapping[str, object]
    """Variables of the main program itself."""
