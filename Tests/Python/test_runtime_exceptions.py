"""Exceptions and types as values that cross between Python and Dana."""

from collections.abc import Callable
from typing import Any

import pytest

from opendxa.dana import DanaContext, errors


class Declined(ValueError):
    pass


class Strange(Exception):
    def __str__(self) -> str:
        return "strange"


def _raises(error: BaseException) -> Callable[[], None]:
    def raises() -> None:
        raise error

    return raises


@pytest.mark.parametrize(
    ("error", "arguments", "text"),
    [
        (ValueError("a", 2), ("a", 2), "('a', 2)"),
        (Declined("a", 2), ("a", 2), f"{__name__}.Declined: ('a', 2)"),
        (Strange(3), (3,), f"{__name__}.Strange: strange"),
        (Strange(), (), f"{__name__}.Strange: strange"),
        (Declined([1, ("x", None)]), ([1, ("x", None)],), f"{__name__}.Declined: [1, ('x', None)]"),
    ],
)
def test_a_program_finds_what_an_exception_was_made_with(
    context: DanaContext, error: Exception, arguments: tuple[object, ...], text: str
) -> None:
    context.eval_dana(
        "func catches(f):\n    try:\n        f()\n    except Exception as e:\n        return [e.args, str(e), e.message]"
    )
    assert context.call("catches", _raises(error)) == [arguments, text, text]
    context.eval_dana("func run(f): return f()")
    with pytest.raises(type(error)) as caught:
        context.call("run", _raises(error))
    assert caught.value.args == arguments and str(caught.value) == str(error)


def test_what_was_set_in_the_place_of_the_arguments_is_found(context: DanaContext) -> None:
    context.eval_dana(
        "func sets(f):\n    try:\n        f()\n    except Exception as e:\n        e.args = [5]\n        return e.args"
    )
    assert context.call("sets", _raises(Declined("a"))) == (5,)


def test_an_exception_that_is_handed_in_is_raised_and_told_apart(context: DanaContext) -> None:
    context.eval_dana(
        "func again(e): raise e\nfunc known(e, t): return isinstance(e, t)\nfunc catches(e):\n    try:\n        raise e\n"
        "    except ValueError as caught:\n        return caught.args"
    )
    for error in (Declined("x", 1), KeyError("k"), errors.DanaZeroDivisionError("division by zero")):
        with pytest.raises(type(error)) as caught:
            context.call("again", error)
        assert caught.value.__cause__ is error and caught.value.args == error.args
    with pytest.raises(Declined):
        context.call("again", Declined)
    with pytest.raises(TypeError, match="exceptions must derive from Exception"):
        context.call("again", object())
    assert context.call("catches", Declined("x", 1)) == ("x", 1)
    assert context.call("known", KeyError("k"), LookupError) is True
    assert context.call("known", KeyError("k"), ValueError) is False
    assert context.call("known", Declined("k"), (KeyError, Declined)) is True


def test_a_class_of_the_hosts_is_asked_about_and_caught(context: DanaContext) -> None:
    context.eval_dana(
        "func known(x, t): return isinstance(x, t)\nfunc catches(f, kind):\n    try:\n        f()\n    except kind as e:\n"
        "        return e.args"
    )
    assert context.call("known", object(), object) is True
    assert context.call("known", 5, Declined) is False
    assert context.call("catches", _raises(Declined("no")), Declined) == ("no",)
    assert context.call("catches", _raises(Declined("no")), (KeyError, Declined)) == ("no",)
    assert context.call("catches", _raises(Declined("no")), ValueError) == ("no",)
    with pytest.raises(Declined):
        context.call("catches", _raises(Declined("no")), Strange)
    with pytest.raises(TypeError, match="catching classes"):
        context.call("catches", _raises(Declined("no")), 5)


def test_an_exception_of_danas_is_one_of_pythons(context: DanaContext) -> None:
    error = context.eval_dana("ValueError('x', 1)")
    assert isinstance(error, ValueError) and isinstance(error, errors.DanaError)
    assert (error.args, error.kind, str(error)) == (("x", 1), "ValueError", "('x', 1)")
    context.eval_dana("func again(e): raise e\nkept = KeyError('k')\nfunc same(e): return e is kept")
    with pytest.raises(ValueError):
        context.call("again", error)
    kept = context.eval_dana("kept")
    assert context.call("same", kept) is True
    original = Declined("own")
    context.eval_dana("func caught(f):\n    try:\n        f()\n    except Exception as e:\n        return e")
    assert context.call("caught", _raises(original)) is original


def test_types_that_both_have_are_the_same(context: DanaContext) -> None:
    shared: list[Any] = [bool, int, float, str, bytes, list, tuple, dict, set, frozenset, ValueError, KeyError, OSError]
    assert context.eval_dana(f"[{', '.join(kind.__name__ for kind in shared)}]") == shared
    context.eval_dana("func same(f): return f(int) is int and f(ValueError) is ValueError\nfunc new(kind, x): return kind(x)")
    assert context.call("same", lambda kind: kind) is True
    assert context.call("new", int, "5") == 5
    with pytest.raises(ValueError):
        context.call("new", int, "x")


def test_views_of_dicts_are_pythons(context: DanaContext) -> None:
    context.eval_dana("struct P:\n    x: int")
    keys, values, items = context.eval_dana("d = {'a': P(1), ('b', 2): [P(2)]}\n[d.keys(), d.values(), d.items()]")
    assert list(keys) == ["a", ("b", 2)] and len(values) == 2
    assert [value.x if name == "a" else value[0].x for name, value in items] == [1, 2]
    context.eval_dana("func mean(f): return f({'a': 2, 'b': 4}.values())")
    assert context.call("mean", lambda xs: sum(xs) / len(xs)) == 3
