"""Classes of exceptions of Python modules, as Dana programs raise and catch them by name."""

from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import DanaContext, DanaRuntime, errors

SHOP = """
class ShopError(ValueError):
    pass
class SoldOut(ShopError):
    def __init__(self, what='all'):
        super().__init__(what)
        self.what = what
class Closed(Exception):
    pass
plain = 5
def buy(kind=SoldOut):
    raise kind('tea')
"""


@pytest.fixture
def context(tmp_path: Path) -> Any:
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    with DanaRuntime().create_context(search_path=[tmp_path], allowed_capabilities=["python_import"]) as context:
        context.eval_dana("import shop.py as shop")
        yield context


def caught(context: DanaContext, deed: str, *clauses: str) -> Any:
    """The number of the clause that catches what something raises; -1 for none of them."""
    lines = [f"try:\n    {deed}"]
    lines += [f"except {clause} as e:\n    r = {number}" for number, clause in enumerate(clauses)]
    return context.eval_dana("\n".join([*lines, "except Exception:\n    r = -1", "r"]))


@pytest.mark.parametrize(
    ("deed", "clauses", "number"),
    [
        ("shop.buy()", ["shop.SoldOut"], 0),
        ("shop.buy()", ["shop.Closed", "shop.ShopError"], 1),
        ("shop.buy()", ["(shop.Closed, shop.SoldOut)"], 0),
        ("shop.buy()", ["(shop.Closed, KeyError)", "(KeyError, shop.ShopError)"], 1),
        ("shop.buy()", ["(shop.Closed, ValueError)"], 0),
        ("shop.buy(shop.Closed)", ["shop.ShopError"], -1),
        ("1 / 0", ["shop.SoldOut"], -1),
        ("raise shop.SoldOut('x')", ["shop.Closed", "shop.SoldOut"], 1),
        ("raise shop.SoldOut", ["shop.SoldOut"], 0),
        ("raise shop.SoldOut('x')", ["ValueError"], 0),
        ("raise ValueError('x')", ["shop.SoldOut"], -1),
        ("raise shop.SoldOut('x') from KeyError(1)", ["shop.SoldOut"], 0),
    ],
)
def test_a_class_of_pythons_is_caught_by_name(context: DanaContext, deed: str, clauses: list[str], number: int) -> None:
    assert caught(context, deed, *clauses) == number


def test_what_a_program_raises_of_pythons_comes_out_as_itself(context: DanaContext) -> None:
    with pytest.raises(errors.DanaError, match=r"^tea$") as failed:
        context.eval_dana("def deep():\n    raise shop.SoldOut('tea') from KeyError(1)\ndeep()")
    cause = failed.value.__cause__
    assert (type(cause).__name__, getattr(cause, "what", None)) == ("SoldOut", "tea")
    assert [place.line for place in failed.value.stack] == [3, 2]
    assert isinstance(failed.value, ValueError)


def test_causes_are_kept(context: DanaContext) -> None:
    text = "try:\n    raise shop.SoldOut('tea') from KeyError(1)\nexcept shop.SoldOut as e:\n    r = e.__cause__\nstr(r)"
    assert context.eval_dana(text) == "1"


@pytest.mark.parametrize(
    ("deed", "clause", "message"),
    [
        ("shop.buy()", "shop.buy", "catching classes that do not inherit from BaseException is not allowed"),
        ("shop.buy()", "(shop.SoldOut, shop.buy)", "catching classes that do not inherit from BaseException"),
        ("shop.buy()", "5", "catching classes that do not inherit from BaseException is not allowed"),
        ("raise shop.buy", "KeyError", "exceptions must derive from Exception"),
        ("raise shop", "KeyError", "exceptions must derive from BaseException"),
    ],
)
def test_what_is_no_class_of_exceptions_is_refused(context: DanaContext, deed: str, clause: str, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        context.eval_dana(f"try:\n    {deed}\nexcept {clause}:\n    pass")


def test_finally_runs_around_it(context: DanaContext) -> None:
    text = "seen = []\nfor x in [1, 2]:\n    try:\n        try:\n            shop.buy()\n"
    text += "        finally:\n            seen.append(x)\n    except shop.SoldOut:\n        continue\nseen"
    assert context.eval_dana(text) == [1, 2]


def test_messages_name_classes_by_their_modules(context: DanaContext) -> None:
    assert context.eval_dana("try:\n    shop.buy()\nexcept shop.SoldOut as e:\n    r = str(e)\nr") == "shop.SoldOut: tea"
