"""A row of a benchmark's table: one case, ours beside the peers, kept round by round; smaller is better."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

OURS = "ours"


@dataclass
class Row:
    """The values of one case by who made them; the n-th values of all were taken in the same round."""

    case: str
    unit: str
    rounds: dict[str, list[float]]
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 2))

    def value(self, name: str) -> float | None:
        values = self.rounds.get(name)
        return median(values) if values else None

    def ratio(self, peer: str, floor: str | None = None) -> float | None:
        """The median over the rounds of ours divided by the peer's, both above a floor where one is named."""
        names = [OURS, peer] + ([floor] if floor else [])
        columns = [self.rounds.get(name) for name in names]
        if not all(columns):
            return None
        ratios = []
        for ours, theirs, *floors in zip(*columns):
            base = floors[0] if floors else 0.0
            if theirs > base:
                ratios.append((ours - base) / (theirs - base))
        return median(ratios) if ratios else None

    def above(self, floor: str) -> float | None:
        """The median over the rounds of ours less the floor."""
        ours, floors = self.rounds.get(OURS), self.rounds.get(floor)
        return median(a - b for a, b in zip(ours, floors)) if ours and floors else None

    def entry(self) -> dict[str, object]:
        peers = {name: rounded(median(values)) for name, values in self.rounds.items() if name != OURS and values}
        ours = self.value(OURS)
        return {
            "case": self.case,
            "unit": self.unit,
            "ours": None if ours is None else rounded(ours),
            "peers": peers,
            "load": self.load,
        }


def rounded(value: float) -> float:
    """Four significant digits, which is more than a benchmark can promise."""
    return float(f"{value:.4g}")


def shown(value: float) -> str:
    return f"{rounded(value):,.12g}"


def write(path: Path, rows: list[Row]) -> None:
    """Writes the rows as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([row.entry() for row in rows], indent=1) + "\n")


def table(rows: list[Row]) -> str:
    """Case, unit and ours in columns, then the peers by name, the fastest first."""
    if not rows:
        return "nothing was measured"
    lines = []
    case_width = max(len(row.case) for row in rows)
    unit_width = max(len(row.unit) for row in rows)
    for row in rows:
        entry = row.entry()
        ours = "-" if entry["ours"] is None else shown(entry["ours"])
        peers = sorted(entry["peers"].items(), key=lambda item: item[1])
        beside = "  ".join(f"{name} {shown(value)}" for name, value in peers)
        lines.append(f"{row.case:<{case_width}}  {row.unit:<{unit_width}}  {ours:>9}  {beside}")
    return f"{'case':<{case_width}}  {'unit':<{unit_width}}  {'ours':>9}  peers\n" + "\n".join(lines)
