"""A bar: a figure that must not be above a limit."""

from dataclasses import dataclass


@dataclass
class Bar:
    """What is held to the limit, and what was measured (nothing, if the case did not run)."""

    name: str
    measured: float | None
    limit: float

    @property
    def met(self) -> bool:
        return self.measured is not None and self.measured <= self.limit

    @property
    def verdict(self) -> str:
        return "not measured" if self.measured is None else "yes" if self.met else "NO"


def report(bars: list[Bar]) -> str:
    """All bars with their verdict, then the missed ones again so that they cannot be overlooked."""
    if not bars:
        return "What was measured has no bars."
    width = max(len(bar.name) for bar in bars)
    lines = [f"{'bar':<{width}}  {'measured':>9}  {'limit':>7}  met"]
    for bar in bars:
        measured = "-" if bar.measured is None else f"{bar.measured:.3f}"
        lines.append(f"{bar.name:<{width}}  {measured:>9}  {bar.limit:>7g}  {bar.verdict}")
    missed = [bar.name for bar in bars if bar.verdict == "NO"]
    unmeasured = [bar.name for bar in bars if bar.measured is None]
    met = len(bars) - len(missed) - len(unmeasured)
    lines.append(f"\n{met} of {len(bars)} bars met.")
    if missed:
        lines.append("MISSED: " + "; ".join(missed))
    if unmeasured:
        lines.append("Not measured: " + "; ".join(unmeasured))
    return "\n".join(lines)
