"""The examples that people read first: that they run, and show what they say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_demo_shows_the_language_model(engine: None) -> None:
    demo = str(ROOT / "Examples" / "model_demo.py")
    done = subprocess.run([sys.executable, "-W", "error", demo], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for shown in (
        "embedded/smollm2-135m-instruct",
        "tokens/s",
        "Review(sentiment='",
        "Ann: Where is my order 17?",
        " positive, ",
        "now leased 0 of 2",
    ):
        assert shown in done.stdout


def test_the_demo_shows_the_runtime() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "Examples" / "demo.py")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    for shown in (
        "area(3) = 6",
        "pricing.total(items) = 25.2",
        "Item(name='tea', price=4.5, count=2)",
        "in_currency(items, 'USD') = 27.72",
        "list(pricing.counting(5)) = [0, 1, 2, 3, 4]",
        "pricing.na:18: return amount / people",
        "DanaZeroDivisionError: division by zero",
        "CapabilityError: read_text('/etc/passwd') needs the capability 'file_read:/etc', which this context",
        "MemoryLimitExceeded: the limit of memory is used up",
        "gold after 0.3 s",
        "the context goes on: 3",
    ):
        assert shown in done.stdout
    quotes = [line.split()[0] for line in done.stdout.splitlines() if " after 0." in line]
    assert quotes == ["tin", "zinc", "gold"]
