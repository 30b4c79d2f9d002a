"""The one error a person sees when this package cannot be built: a sentence, no traceback."""

from __future__ import annotations


class BuildFailure(SystemExit):
    """Ends the build with a sentence that says what is missing and what to do about it."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"opendxa-dana: {sentence}")
