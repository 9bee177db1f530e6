"""A cohort: Dask beside processes, two workers beside one, growth from 10 to 1,000 runners, and 100,000 on paper.

    python benchmarks/cohort.py                       in some ten minutes, of which half makes the runners
    python benchmarks/cohort.py --runners 24 --grown 100
    python benchmarks/cohort.py --into docs/speed.md  writes the tables into the page, between their marks

Every reading is the command itself in a new process, start and end included, the ways in turn. Never a test.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from support.cohorts import recorded, told
from support.files import made_files, real_files
from support.page import into_page, judged, machine

from loadplan.cohort.cluster import PARTITION_BYTES, PARTITION_RUNNERS

RUNNERS, RUNS, ROUNDS, GROWN = 120, 100, 3, 1_000
MEGABYTE = 1_000_000
KILOBYTES_A_MEGABYTE = 1024
WELL = (0, 3)
"""Exit statuses: all read, or some file of somebody rejected with its reason."""
AS_OF = "2024-12-29"
WAYS = {
    "process": ("--jobs", "1"),
    "processes": ("--jobs", "2"),
    "dask 1": ("--scheduler", "local", "--jobs", "1"),
    "dask 2": ("--scheduler", "local", "--jobs", "2"),
}
TABLES = ("", "-warnings", "-ledger", "-flags", "-summary")
STUDY_RUNNERS, STUDY_RUNS, STUDY_WEEKS, CORES = 100_000, 1_500, 522, 64
"""The estimate: so many runners, of ten years and so many runs each, on so many cores."""
HOUR_S = 3600
Row = tuple[str, str, str, str]


def main() -> None:
    wanted = arguments()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        size = recorded(folder / "recorded", real_files() or made_files(), wanted.runners, wanted.runs)
        costs = in_turn(folder, wanted.rounds)
        same = len({bytes_of(folder / f"{way}.csv") for way in WAYS}) == 1
        once_more = read(folder / "recorded", folder / "process.csv", "--jobs", "1", "--force")
        rows = ways(costs, once_more, same)
        rows += grown(folder, wanted.grown)
        paper = on_paper(folder, costs, wanted.runners * wanted.runs)
    title = (
        f"{machine()}; {wanted.runners} runners with {wanted.runs} recordings each, {size / MEGABYTE:.0f} MB unpacked"
    )
    print(title, *("  ".join(c.ljust(w) for c, w in zip(row, (62, 12, 18, 6), strict=True)) for row in rows), sep="\n")
    print(*("  ".join(c.ljust(w) for c, w in zip(row, (62, 20), strict=True)) for row in paper), sep="\n")
    if wanted.into:
        into_page(wanted.into, "cohort", f"{title}.\n\n{as_table(rows)}")
        into_page(wanted.into, "cohort-on-paper", as_table(paper))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runners", type=int, default=RUNNERS)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--grown", type=int, default=GROWN, help="runners of the largest cohort")
    parser.add_argument("--into", type=Path, metavar="PAGE", help="write the tables into this page")
    return parser.parse_args()


def as_table(rows: list[tuple[str, ...]] | list[Row]) -> str:
    lines = [rows[0], ("---",) * len(rows[0]), *rows[1:]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# ---------------------------------------------------------------- commands
@dataclass(frozen=True)
class Cost:
    """What a command and all of its processes took."""

    clock_s: float
    cpu_s: float
    memory_mb: float
    """Of the process that holds most."""


def read(cohort: Path, out: Path, *line: str) -> Cost:
    begun = time.perf_counter()
    command = [sys.executable, "-m", "loadplan", "cohort", str(cohort), "--out", str(out), "--as-of", AS_OF, *line]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in WELL:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return Cost(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / KILOBYTES_A_MEGABYTE)


def in_turn(folder: Path, rounds: int) -> list[dict[str, Cost]]:
    """The same cohort in every way, round by round; nothing is left of the round before."""
    found = []
    for _ in range(rounds):
        costs = {}
        for way, line in WAYS.items():
            forget(folder / f"{way}.csv")
            costs[way] = read(folder / "recorded", folder / f"{way}.csv", *line)
        found.append(costs)
    return found


def forget(out: Path) -> None:
    for part in out.with_name(f"{out.name}.parts").glob("*"):
        part.unlink()
    for name in TABLES:
        out.with_name(f"{out.stem}{name}.csv").unlink(missing_ok=True)


def bytes_of(out: Path) -> bytes:
    return b"".join(out.with_name(f"{out.stem}{name}.csv").read_bytes() for name in TABLES)


# ---------------------------------------------------------------- tables
def ways(costs: list[dict[str, Cost]], once_more: Cost, same: bool) -> list[Row]:
    def ratio(over: str, under: str) -> float:
        return statistics.median(one[over].clock_s / one[under].clock_s for one in costs)

    def clock(way: str) -> str:
        return f"{statistics.median(one[way].clock_s for one in costs):.1f}"

    two, beside = ratio("dask 1", "dask 2"), ratio("dask 2", "processes")
    effort = statistics.median(one["dask 2"].cpu_s / one["processes"].cpu_s for one in costs)
    memory = max(cost.memory_mb for one in costs for cost in one.values())
    return [
        ("what", "measured", "floor -> aim", ""),
        ("Dask: one worker beside two", f"{two:.2f}x", *judged(two, 1.6, 1.85)),
        ("Dask, two workers, beside two plain processes", f"{beside:.2f}x", *judged(-beside, -1.5, -1.2)),
        ("the same by CPU", f"{effort:.2f}x", "", ""),
        ("one plain process beside two", f"{ratio('process', 'processes'):.2f}x", "", ""),
        ("the same bytes in all four ways", "yes" if same else "NO", "yes", "aim" if same else "BELOW"),
        *((f"{name}, s by the clock", clock(way), "", "") for way, name in NAMES.items()),
        ("the same again, with all parts there, s", f"{once_more.clock_s:.1f}", "", ""),
        ("most memory of a process, MB", f"{memory:.0f}", "", ""),
    ]


NAMES = {
    "process": "one process",
    "processes": "two processes",
    "dask 1": "Dask, one worker",
    "dask 2": "Dask, two workers",
}


def grown(folder: Path, most: int) -> Iterator[Row]:
    """The same kind of runner in ever larger cohorts."""
    sizes = [size for size in (10, 100, 1_000, 10_000) if size <= most]
    empty = start_of(folder)
    for size in sizes:
        told(folder / f"told-{size}", size)
        cost = read(folder / f"told-{size}", folder / f"told-{size}.csv", "--jobs", "2")
        each = 1000 * (cost.cpu_s - empty.cpu_s) / size
        what = f"{size:,} runners of two years: ms of CPU a runner; most memory"
        yield what, f"{each:.0f}; {cost.memory_mb:.0f} MB", "", ""


def start_of(folder: Path) -> Cost:
    """What two processes cost that have next to nothing to do."""
    told(folder / "two", 2)
    return read(folder / "two", folder / "two.csv", "--jobs", "2")


def on_paper(folder: Path, costs: list[dict[str, Cost]], runs: int) -> list[tuple[str, str]]:
    """What this would come to for very many, by what was measured."""
    all_runs, all_weeks = STUDY_RUNNERS * STUDY_RUNS, STUDY_RUNNERS * STUDY_WEEKS
    run_s = statistics.median(one["process"].cpu_s for one in costs) / runs
    packed = sum(path.stat().st_size for path in (folder / "recorded").iterdir()) / runs * all_runs
    sizes = {name: (folder / f"process{name}.csv").stat().st_size for name in TABLES}
    weeks = (folder / "process.csv").read_bytes().count(b"\n") - 1
    ledger = sizes.pop("-ledger") / runs * all_runs
    results = sum(sizes.values()) / weeks * all_weeks + ledger
    parts = sum(part.stat().st_size for part in (folder / "process.csv.parts").glob("*.part")) / weeks * all_weeks
    seconds = all_runs * run_s / CORES
    return [
        (f"{STUDY_RUNNERS:,} runners of ten years, {STUDY_RUNS:,} recordings each", ""),
        ("reading and measuring, h of CPU", f"{all_runs * run_s / HOUR_S:,.0f}"),
        (f"the same on {CORES} cores, h", f"{seconds / HOUR_S:.1f}"),
        ("archives, TB", f"{packed / 1e12:.1f}"),
        (f"what {CORES} cores read from the disk, MB/s", f"{packed / MEGABYTE / seconds:.0f}"),
        ("rows of weeks, millions", f"{all_weeks / 1e6:.0f}"),
        ("results as CSV, GB", f"{results / 1e9:.0f}"),
        ("parts, GB", f"{parts / 1e9:.1f}"),
        ("parts that reach the client, MB/s", f"{parts / MEGABYTE / seconds:.1f}"),
        (f"partitions of up to {PARTITION_RUNNERS} runners or {PARTITION_BYTES / 2**20:.0f} MB, at least",
         f"{max(STUDY_RUNNERS / PARTITION_RUNNERS, packed / PARTITION_BYTES):,.0f}"),
    ]  # fmt: skip


if __name__ == "__main__":
    main()
