"""Names that programs can give variables."""

from __future__ import annotations

from keyword import iskeyword

# Words that programs cannot use as names, and Python can.
_WORDS = frozenset(("func", "struct", "true", "false", "null"))


def is_variable(name: object) -> bool:
    """Whether it is such a name."""
    return isinstance(name, str) and name.isidentifier() and not iskeyword(name) and name not in _WORDS
