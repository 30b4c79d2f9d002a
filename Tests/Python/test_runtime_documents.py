"""The programs of the design documents, as printed there, with the modules that they name beside them."""

import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas
import pytest

from opendxa.dana import DanaContext, DanaRuntime, TypeConverter, dana, dana_function
from opendxa.dana.errors import DanaError

MODULES = Path(__file__).parent / "dana_modules"


@pytest.fixture(autouse=True)
def program_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the files that the programs name."""
    (tmp_path / "data.csv").write_text("name,value\na,1\nb,2\n", encoding="utf-8")
    for file in MODULES.glob("*.na"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def model() -> Iterator[list[tuple[Any, ...]]]:
    """A function that answers in the place of a language model, and what it was asked."""
    asked: list[tuple[Any, ...]] = []

    @dana.runtime.function("reason", overwrite=True)
    def reason(prompt: str, options: Any = None) -> str:
        asked.append((prompt, options))
        return f"about: {prompt}"

    yield asked
    dana.runtime.remove_function("reason")


def run(program: str, **names: Any) -> dict[str, Any]:
    """What a program leaves in its variables."""
    variables: dict[str, Any] = {"__name__": "__main__", **names}
    exec(compile(textwrap.dedent(program), "<document>", "exec"), variables)
    return variables


def test_calling_a_function_of_a_module() -> None:
    left = run(
        """
        from opendxa.dana import DanaRuntime, DanaContext

        # Initialize Dana runtime
        runtime = DanaRuntime()

        # Create execution context
        with runtime.create_context() as ctx:
            # Load Dana module
            math_utils = ctx.import_module("math_utils")

            # Call Dana function
            result = math_utils.calculate_area(width=10, height=5)

            # Access result
            area = result.as_float()
        """
    )
    assert left["area"] == 50.0
    assert type(left["area"]) is float


def test_the_decorator() -> None:
    left = run(
        """
        # Direct function calling
        from opendxa.dana import dana_function

        @dana_function("analytics.process_data")
        def process_data(data_path: str) -> dict:
            # This decorator handles Dana function invocation
            pass

        result = process_data("/path/to/data.csv")
        """
    )
    assert left["result"] == {"path": "/path/to/data.csv", "rows": 2}
    assert type(left["result"]) is dict


CONTEXT_MANAGEMENT = """
    # Explicit context management
    runtime = DanaRuntime()
    ctx = runtime.create_context(
        allowed_capabilities=["file_read", "network"],
        max_memory="100MB",
        timeout="30s"
    )

    try:
        result = ctx.eval_dana("calculate_metrics(data=load_csv('data.csv'))")
    finally:
        ctx.cleanup()
"""

CONTEXT_MANAGER = """
    # Context manager pattern (preferred)
    with runtime.create_context() as ctx:
        result = ctx.eval_dana("process_pipeline()")
        # Automatic cleanup
"""


def test_managing_contexts() -> None:
    runtime = DanaRuntime()

    @runtime.function
    def calculate_metrics(data: list[dict[str, Any]]) -> int:
        return sum(int(row["value"]) for row in data)

    @runtime.function
    def process_pipeline() -> str:
        return "processed"

    try:
        left = run(CONTEXT_MANAGEMENT, DanaRuntime=DanaRuntime)
        assert left["result"] == 3
        assert left["ctx"].closed
        left = run(CONTEXT_MANAGER, runtime=runtime)
        assert left["result"] == "processed"
        assert left["ctx"].closed
    finally:
        runtime.remove_function("calculate_metrics")
        runtime.remove_function("process_pipeline")


def test_the_interpreter_loads_a_module() -> None:
    left = run(
        """
        # Python code
        from opendxa.dana.sandbox.interpreter import Interpreter
        from opendxa.dana.sandbox.sandbox_context import SandboxContext

        ctx = SandboxContext()
        interpreter = Interpreter(ctx)
        interpreter.load_module('business_rules.na')  # Hypothetical API
        result = interpreter.call_function('is_even', [42])
        """
    )
    assert left["result"] is True


def test_the_interpreter_calls_a_function_with_a_context() -> None:
    left = run(
        """
        from opendxa.dana.sandbox.interpreter import Interpreter
        from opendxa.dana.sandbox.sandbox_context import SandboxContext

        ctx = SandboxContext(private={}, public={"x": 5}, system={}, local={})
        interpreter = Interpreter(ctx)
        prepare(interpreter)
        result = interpreter.call_function("double", [10])
        """,
        prepare=lambda interpreter: interpreter.eval("func double(x):\n    return x * 2"),
    )
    assert left["result"] == 20


def test_reasoning(model: list[tuple[Any, ...]]) -> None:
    left = run(
        """
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

        # Type hints and IDE support work
        from opendxa.dana.types import ReasoningResult

        def process(prompt: str, options: dict | None = None) -> ReasoningResult:
            return dana.reason(prompt, options) if options else dana.reason(prompt)

        processed = process("more")
        """
    )
    assert left["result"] == "about: analyze this text"
    assert left["processed"] == "about: more"
    assert [asked[0] for asked in model] == ["analyze this text"] * 2 + ["analyze batch of examples", "more"]
    assert model[1][1] == {"mode": "detailed", "max_tokens": 100}
    assert model[2][1]["data"] is left["df"]


def test_a_prompt_of_the_wrong_type(capsys: pytest.CaptureFixture[str]) -> None:
    run(
        """
        from opendxa.dana import dana

        # Clear error messages
        try:
            result = dana.reason(123)  # Wrong type
        except TypeError as e:
            print(e)  # "Expected string, got int at argument 'prompt'"
        """
    )
    assert capsys.readouterr().out == "Expected string, got int at argument 'prompt'\n"


def test_calls_and_conversions_that_are_timed(model: list[tuple[Any, ...]]) -> None:
    left = run(
        """
        # Direct function calls: < 1ms overhead
        result = dana.reason("simple call")

        # Type conversion: < 2ms for common types
        result = dana.reason("process list", {"data": [1, 2, 3]})
        """,
        dana=dana,
    )
    assert left["result"] == "about: process list"
    assert model == [("simple call", None), ("process list", {"data": [1, 2, 3]})]


def test_a_handler_for_frames() -> None:
    left = run(
        """
        # Complex type handlers
        class DataFrameHandler:
            '''Example pandas DataFrame conversion.'''
            def to_dana(self, df) -> dict:
                return {
                    "columns": df.columns.tolist(),
                    "data": df.values.tolist(),
                    "index": df.index.tolist()
                }

            def from_dana(self, data: dict) -> "pandas.DataFrame":
                import pandas as pd
                return pd.DataFrame(
                    data["data"],
                    columns=data["columns"],
                    index=data["index"]
                )
        """
    )
    frame = pandas.DataFrame({"text": ["a", "b"], "value": [1, 2]})
    TypeConverter.register(pandas.DataFrame, left["DataFrameHandler"]())
    try:
        with DanaRuntime().create_context() as context:
            context.eval_dana("func first(data): return data['data'][0]\nfunc same(data): return data")

            @dana_function("same", context=context)
            def same(data: pandas.DataFrame) -> pandas.DataFrame: ...  # type: ignore[empty-body]

            assert context.call("first", frame) == ["a", 1]
            pandas.testing.assert_frame_equal(same(frame), frame)
    finally:
        TypeConverter.unregister(pandas.DataFrame)


ADD = "def add(a, b):\n    return a + b\n"
FILES = {
    "my_utils.na": "func double(x):\n    return x * 2\n",
    "my_math.py": ADD,
    "math_utils.py": ADD + "def format(a, b):\n    return f'{a}, {b}'\n",
    "string_utils.py": "def capitalize(text):\n    return text.capitalize()\n\ndef format(text):\n    return text\n",
    "utils.na": "# file: utils.na\nfunc double(x):\n    return x * 2\n\n"
    "func format(text):\n    return '<' + text + '>'\n",
}
DANA_PROGRAMS = [
    (
        "func double(x):\n    return x * 2\nresult = double(5)\n\n"
        "import my_utils.na as util\nresult = util.double(10)\nresult",
        20,
    ),
    ("# file: main.na\nimport utils.na as util\nresult = util.double(10)\nresult", 20),
    ("import my_math.py as math\nresult = math.add(1, 2)\nresult", 3),
    ("# file: main.na\nimport math_utils.py as math\nsum = math.add(3, 4)\nsum", 7),
    (
        '# file: main.na\nfunc greet(name):\n    return "Hello, " + name\n\nresult = greet("Alice")\nresult',
        "Hello, Alice",
    ),
    (
        "import math_utils.py as math\nimport string_utils.py as string\n\n"
        'result = math.add(1, 2)\ntext = string.capitalize("hello")\n(result, text)',
        (3, "Hello"),
    ),
    (
        'import utils.na as util\nimport math_utils.py as math\n\nresult = util.format("foo")\n'
        "sum = math.format(1, 2)  # Both modules can have a 'format' function, no collision\n(result, sum)",
        ("<foo>", "1, 2"),
    ),
    ("sum([1, 2, 3])", 6),
    ('int("42")', 42),
    ("sorted([3, 1, 2])", [1, 2, 3]),
    ('all([true, 1, "yes"])', True),
    ("list(range(1, 4))", [1, 2, 3]),
]


@pytest.fixture
def context(program_folder: Path) -> Iterator[DanaContext]:
    """A context that finds the files that the programs name."""
    for name, text in FILES.items():
        (program_folder / name).write_text(text, encoding="utf-8")
    with DanaRuntime().create_context(
        allowed_capabilities=[f"python_import:{program_folder}"], search_path=[program_folder]
    ) as context:
        yield context


@pytest.mark.parametrize(("program", "expected"), DANA_PROGRAMS)
def test_programs_in_dana(context: DanaContext, program: str, expected: object) -> None:
    assert context.eval_dana(program) == expected


def test_programs_in_files(context: DanaContext, program_folder: Path) -> None:
    (program_folder / "main.na").write_text(DANA_PROGRAMS[1][0], encoding="utf-8")
    assert context.run_file(program_folder / "main.na") == 20


def test_global_imports_that_collide(context: DanaContext) -> None:
    with pytest.raises(DanaError, match="importing 'string_utils.py' would replace 'format' of 'math_utils.py'"):
        context.eval_dana("import math_utils.py\nimport string_utils.py\n")
