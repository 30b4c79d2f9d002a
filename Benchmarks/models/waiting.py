"""A hundred thousand who wait for two resources at once, a tenth of them cancelled: whether any is lost, and whether
they wait longer than in an ideal queue.

Each holds its resource for 100 microseconds on average: a small part of what the fastest model takes for one token, so
that what it costs to hand a resource over still counts, though not as if resources were held for nothing. Waking a task
takes Swift some 8 microseconds in which its resource stands still, whoever wakes it; where services took 20, that alone
was a third of them, and the figure told of the runtime instead of the queue.
"""

from harness.bars import Bar
from harness.rows import OURS, Row
from models.swift_pool import pool_peer

NAMES = {
    "wait_p99_s": "99th percentile of the wait",
    "wait_p50_s": "median wait",
}
LOST = "requests lost, or resources not back in the end"
RATIO = "99th percentile of the wait, beside the ideal queue"
FULL = (100_000, 1_000_000, 100)
QUICK = (10_000, 100_000, 100)


def measure(quick: bool) -> list[Row]:
    waiters, leases, busy = QUICK if quick else FULL
    runs = [pool_peer("queue", waiters, leases, busy) for _ in range(1 if quick else 3)]
    told = f"{waiters:,} wait, {leases:,} leases"
    rows = []
    for key, case in NAMES.items():
        ideal = [run[key.replace("wait", "ideal")] for run in runs]
        rows.append(Row(f"{case} ({told})", "s", {OURS: [run[key] for run in runs], "ideal queue": ideal}))
    lost = [run["lost"] + run["leased_at_end"] + run["waiting_at_end"] for run in runs]
    rows.append(Row(LOST, "", {OURS: lost}))
    rows.append(Row("cancelled while they waited", "", {OURS: [run["cancelled"] for run in runs]}))
    return [*rows, Row(RATIO, "", {OURS: [run["p99_ratio"] for run in runs]})]


def bars(rows: dict[str, Row]) -> list[Bar]:
    lost, ratio = rows.get(LOST), rows.get(RATIO)
    return [Bar(LOST, lost and lost.value(OURS), 0), Bar(RATIO, ratio and ratio.value(OURS), 1.2)]
