"""The programs of the design document that ask a model, as printed there, with nothing set up."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

from opendxa.dana import dana
from opendxa.dana.types import ReasoningResult

EXPERIENCE = """
    # Import Dana modules just like Python modules
    from opendxa.dana import dana

    # Simple function calls - options parameter is optional
    result = dana.reason("analyze this text")  # no options needed

    # Or with options when needed
    result = dana.reason(
        "analyze this text",
        {
            "mode": "detailed",
            "max_tokens": 100
        }
    )

    # Complex Python types just work
    import pandas as pd
    df = pd.DataFrame({
        "text": ["example 1", "example 2"],
        "labels": ["A", "B"]
    })
    results = dana.reason(
        "analyze batch of examples",
        {"data": df}
    )

    # Resource management is Pythonic
    with dana.get_llm() as llm:
        result = llm.generate("some prompt")

    # Async support when needed
    async def process_text():
        async with dana.get_llm_async() as llm:
            result = await llm.reason("analyze this")  # options are optional
            return result

    # Clear error messages
    try:
        result = dana.reason(123)  # Wrong type
    except TypeError as e:
        print(e)  # "Expected string, got int at argument 'prompt'"

    # Type hints and IDE support work
    from opendxa.dana.types import ReasoningResult

    def process(prompt: str, options: dict | None = None) -> ReasoningResult:
        return dana.reason(prompt, options) if options else dana.reason(prompt)
"""

TIMED = """
    # Direct function calls: < 1ms overhead
    result = dana.reason("simple call")

    # Type conversion: < 2ms for common types
    result = dana.reason("process list", {"data": [1, 2, 3]})

    # Resource initialization: < 50ms first time
    llm = dana.get_llm()  # Cached after first call
"""


def run(program: str) -> dict[str, Any]:
    """What a program leaves in its variables."""
    variables: dict[str, Any] = {"__name__": "__main__", "dana": dana}
    exec(compile(textwrap.dedent(program), "<document>", "exec"), variables)
    return variables


@pytest.fixture
def short_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs as they are, but for how long the answers get: the model takes a while for 512 tokens."""
    from opendxa.dana import _question

    whole = _question._options

    def short(options: object, more: Any) -> dict[str, Any]:
        given = whole(options, more)
        return {**given, "max_tokens": min(given.get("max_tokens", 12), 12)}

    monkeypatch.setattr(_question, "_options", short)


@pytest.mark.usefixtures("engine", "short_answers")
def test_the_experience(capsys: pytest.CaptureFixture[str]) -> None:
    import asyncio

    left = run(EXPERIENCE)
    assert capsys.readouterr().out == "Expected string, got int at argument 'prompt'\n"
    for name in ("result", "results"):
        assert isinstance(left[name], ReasoningResult) and left[name].text
    assert isinstance(asyncio.run(left["process_text"]()), ReasoningResult)
    assert left["process"]("more", {"max_tokens": 2}).usage.output == 2
    assert left["process"]("more").text
    assert dana.get_llm().statistics["leased"] == 0


@pytest.mark.slow
@pytest.mark.usefixtures("engine")
def test_the_experience_in_full() -> None:
    assert isinstance(run(EXPERIENCE)["result"], ReasoningResult)


@pytest.mark.usefixtures("engine", "short_answers")
def test_what_is_timed() -> None:
    left = run(TIMED)
    assert isinstance(left["result"], ReasoningResult)
    assert left["llm"].name == "embedded"


def test_a_missing_engine_is_said_with_the_way_out(tmp_path: Path, child_environment: dict[str, str]) -> None:
    """One command installs it, one line names another model."""
    (tmp_path / "xllamacpp.py").write_text("raise ImportError(\"No module named 'xllamacpp'\")\n", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), child_environment["PYTHONPATH"]])
    program = "from opendxa.dana import dana\ntry: dana.reason('why?')\nexcept RuntimeError as error: print(error)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**child_environment, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "the engine is not installed" in done.stdout
    assert "`dana setup` installs it" in done.stdout
    assert "name another model in DANA_MODEL, such as openai/gpt-5-mini" in done.stdout


@pytest.mark.usefixtures("engine")
def test_the_examples_of_the_guide_run() -> None:
    guide = Path(__file__).parents[2].joinpath("DesignNotes/python-models.md").read_text(encoding="utf-8")
    programs = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(programs)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(programs) == 7
    assert "'embedded', 'own'" in done.stdout


def test_the_guide_names_every_error_of_models() -> None:
    from opendxa.dana import errors

    guide = Path(__file__).parents[2].joinpath("DesignNotes/python-models.md").read_text(encoding="utf-8")
    base = errors.LanguageModelError
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, base)]
    for kind in kinds:
        assert kind is base or f"| `{kind.__name__}` |" in guide


def test_help_has_the_options() -> None:
    import inspect
    import pydoc

    from opendxa.dana import types

    text = pydoc.plain(pydoc.render_doc(types.ReasoningOptions))
    for option in types.ReasoningOptions.__annotations__:
        assert f"{option}: " in text
    assert "Seconds for all of it" in text
    assert "gives a `TextStream`" in (inspect.getdoc(types.StreamingOptions) or "")
