"""The load metrics: many runners beside pandas, polars and DuckDB, one runner beside pandas, and the weekly table.

    python benchmarks/load.py                       10,000 runners of 10 years, in some two minutes and 3 GB
    python benchmarks/load.py --runners 500         a first look
    python benchmarks/load.py --into docs/speed.md  writes the table into the page, between its marks

CPU time, one thread everywhere, least or median of several turns. Ours is measured on all runners beside writing as
many numbers, and on a part of them beside the others, who would take minutes for all; every value of that part is held
against pandas. Never a test.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
    os.environ[variable] = "1"  # before NumPy and polars are read

import argparse  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from support.page import into_page, judged, machine  # noqa: E402
from support.windows import NAMES, long_table, ways, with_pandas  # noqa: E402

from loadplan.blocks import LoadMetrics, load_metrics  # noqa: E402
from loadplan.weekly import weekly_load  # noqa: E402

RUNNERS, YEARS, PART, ROUNDS = 10_000, 10, 1_000, 3
AT_ONCE = 100
"""Runners worked out together where the memory is used again."""
DAYS = 365
ONE_YEARS = 15
SAME, MUCH = 1e-9, 1e-4
"""What ours and pandas may differ by; what the others may, whose running sums leave crumbs."""
TIMES = 50
Row = tuple[str, str, str, str]


def main() -> None:
    wanted = arguments()
    metres = some_runners(wanted.runners, YEARS * DAYS)
    rows = [("what", "measured", "floor -> aim", ""), *many(metres), *one_runner()]
    title = f"{machine()}; {wanted.runners:,} runners, {YEARS} years of days"
    print(title, *("  ".join(c.ljust(w) for c, w in zip(row, (52, 24, 18, 6), strict=True)) for row in rows), sep="\n")
    if wanted.into:
        lines = [rows[0], ("---",) * len(rows[0]), *rows[1:]]
        into_page(wanted.into, "load", "\n".join([f"{title}.", "", *(f"| {' | '.join(line)} |" for line in lines)]))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runners", type=int, default=RUNNERS)
    parser.add_argument("--into", type=Path, metavar="PAGE", help="write the table into this page")
    return parser.parse_args()


def some_runners(runners: int, days: int) -> np.ndarray:
    """Every second day or so a run of 3 to 20 km, with breaks."""
    rng = np.random.default_rng(7)
    metres = np.where(rng.random((runners, days)) < 0.5, rng.integers(3_000, 20_000, (runners, days)), 0)
    for k, at in enumerate(rng.integers(0, days - 60, runners)):
        metres[k, at : at + 40] = 0
    return metres


# ---------------------------------------------------------------- many runners
def many(metres: np.ndarray) -> list[Row]:
    """Side by side, in turns, so that a change of the machine's mood meets both; median of the ratios."""
    whole = [(seconds(lambda: load_metrics(metres)), seconds(lambda: write_out(metres.shape))) for _ in range(ROUNDS)]
    writing = statistics.median(ours / wrote for ours, wrote in whole)
    part = metres[:PART]
    held = LoadMetrics(*(np.empty((AT_ONCE, metres.shape[1])) for _ in NAMES))
    table = long_table(part)
    right = {name: values.to_numpy() for name, values in with_pandas(table).items()}
    told = [
        ("ours, s of CPU", f"{statistics.median(ours for ours, _ in whole):.2f}", "", ""),
        ("beside writing the result", f"{writing:.2f}x its time", *judged(-writing, -6, -5.2)),
        ("largest difference from pandas", f"{apart(load_metrics(part)._asdict(), right):.1e}", f"<= {SAME:.0e}", ""),
    ]
    for way in ways():
        given = way.prepare(table)
        assert apart(way.read(way.work(given)), right) < MUCH, way.name
        turns = [
            (seconds(lambda way=way, given=given: way.work(given)), seconds(lambda: in_blocks(part, held)),
             seconds(lambda: load_metrics(part)))
            for _ in range(ROUNDS)
        ]  # fmt: skip
        again, times = (statistics.median(turn[0] / turn[k] for turn in turns) for k in (1, 2))
        limits = ("", "") if way.floor is None else judged(times, way.floor, {12: 14.8, 5: 5.6}[way.floor])
        told.append((f"beside {way.name}", f"{times:.1f}x as fast", *limits))
        told.append(("the same into arrays that are there already", f"{again:.1f}x as fast", "", ""))
    return told


def in_blocks(metres: np.ndarray, held: LoadMetrics) -> None:
    """Some runners at a time, their metrics always in the same memory, which the others cannot do."""
    for at in range(0, len(metres), len(held.ewma)):
        load_metrics(metres[at : at + len(held.ewma)], out=held)


def write_out(shape: tuple[int, int]) -> None:
    value = np.random.default_rng(1).random(shape[1])
    held = [np.empty(shape) for _ in NAMES]
    for one in held:
        one[...] = value


def apart(found: dict[str, np.ndarray], right: dict[str, np.ndarray]) -> float:
    """Largest relative difference where both are known and the running sums of the other have not drifted to crumbs."""
    worst = 0.0
    for name, values in found.items():
        theirs, mine = right[name].reshape(-1), np.asarray(values).reshape(-1)
        both = np.isfinite(theirs) & np.isfinite(mine) & (np.abs(theirs) < 1e6)
        mine, theirs = mine[both], theirs[both]
        worst = max(worst, float((np.abs(mine - theirs) / np.maximum(np.abs(theirs), 1)).max()))
    return worst


# ---------------------------------------------------------------- one runner
def one_runner() -> list[Row]:
    metres = some_runners(1, ONE_YEARS * DAYS)
    table = long_table(metres)
    index = pd.date_range("2010-01-04", periods=ONE_YEARS * DAYS, name="day")
    km = metres[0] / 1000
    daily = pd.DataFrame(
        {
            "distance_km": km,
            "duration_min": km * 6,
            "runs": (km > 0).astype(int),
            "longest_km": km,
            "longest_min": km * 6,
        },
        index=index,
    )
    took = 1e3 * min(seconds(lambda: load_metrics(metres[0])) for _ in range(TIMES))
    right = {name: values.to_numpy() for name, values in with_pandas(table).items()}
    theirs = 1e3 * min(seconds(lambda: with_pandas(table)) for _ in range(ROUNDS))
    weekly = 1e3 * min(seconds(lambda: weekly_load(daily)) for _ in range(ROUNDS))
    return [
        (f"one runner, {ONE_YEARS} years, ms", f"{took:.2f}", *judged(-took, -1, -0.5)),
        (
            "its largest difference from pandas",
            f"{apart(load_metrics(metres[0])._asdict(), right):.1e}",
            "<= 1e-09",
            "",
        ),
        ("the same with pandas, ms", f"{theirs:.1f}", "", ""),
        ("its whole weekly table, reasons and bands, ms", f"{weekly:.0f}", "", ""),
    ]


def seconds(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
