"""What stands for something in Swift is neither copied nor pickled, and says so; what is plain is both."""

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaRuntime, dana

COPIES: list[Callable[[Any], Any]] = [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))]
PROGRAM = """
struct Order:
    total: float

enum Level:
    LOW
    HIGH

func orders():
    yield Order(1.0)
"""

HELD: dict[str, tuple[Callable[[DanaContext], Any], str]] = {
    "a struct": (lambda context: context.eval_dana("Order(2.0)"), ": as_dict() gives its fields"),
    "an enum": (lambda context: context.eval_dana("Level"), ": list() takes its members"),
    "an iterator": (lambda context: context.eval_dana("orders()"), ": list() takes its items"),
    "a context": (lambda context: context, ": save() makes bytes of what it holds"),
    "a runtime": (lambda context: DanaRuntime(), ""),
    "a model": (lambda context: dana.get_llm(), ": ask for another"),
}


@pytest.mark.parametrize("copied", COPIES, ids=["copy", "deepcopy", "pickle"])
@pytest.mark.parametrize("make,instead", HELD.values(), ids=HELD.keys())
def test_what_lives_in_swift_is_not_copied(
    context: DanaContext, copied: Callable[[Any], Any], make: Callable[[DanaContext], Any], instead: str
) -> None:
    context.eval_dana(PROGRAM)
    held = make(context)
    with pytest.raises(TypeError) as caught:
        copied(held)
    assert str(caught.value) == (
        f"cannot pickle or copy '{type(held).__name__}' object: its state lives in Swift{instead}"
    )
    assert context.eval_dana("1 + 1") == 2


@pytest.mark.parametrize("copied", COPIES, ids=["copy", "deepcopy", "pickle"])
def test_the_fields_of_a_struct_are_copied(context: DanaContext, copied: Callable[[Any], Any]) -> None:
    fields = context.eval_dana(f"{PROGRAM}\nOrder(2.0)").as_dict()
    assert copied(fields) == {"total": 2.0}
